#!/usr/bin/env bash
# Measures the packaged programs beside others of their kind, in one run on this machine.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

usage() {
  cat <<'TEXT'
Usage: bench/run.sh [--docs] [FIGURE...]

Measures all figures, or those named, in rounds in which Converge and its references take turns, and
prints a table. The table, all samples, a part for docs/performance.md and its plots are left in
bench/target/results (OUT=DIR sets another directory); --docs puts the part and the plots into docs.

  throughput   GB/s and CPU time of the relay: HAProxy, socat, websockify, no relay at all
  tls          the same with TLS on both sides: HAProxy
  latency      the round trip of a byte, idle and beside bulk: HAProxy
  setup        pairs set up a second: nginx
  growth       CPU time for each GB with 1 to 1,000 pairs
  ssh          ssh, sftp and rsync through everything: OpenSSH's sshd
  keystrokes   the echo of a keystroke in a terminal: sshd
  delay        ssh at round trips of 50 and 150 ms: sshd (needs root, for network namespaces)
  memory       of 500 to 8,000 idle pairs, and their CPU time: HAProxy, nginx

ROUNDS=N     rounds that count (default: 5, one more comes before them)
QUICK=1      a tenth of everything, to try the harness; not to be quoted
BENCH_RELAY_JAVA, BENCH_AGENT_JAVA
             more options for the JVM of the relay and the agent, as for a profiler

What is missing is built; on Debian, missing programs are installed. It takes about an hour in all.
TEXT
}

die() {
  echo "bench/run.sh: $1" >&2
  exit 1
}

docs=false
case ${1:-} in
  -h | --help)
    usage
    exit
    ;;
  --docs)
    docs=true
    shift
    ;;
esac

# Package and a program of it.
needs=(
  default-jdk-headless:javac
  haproxy:haproxy
  nginx-light:nginx
  socat:socat
  openssh-server:/usr/sbin/sshd
  openssh-client:sftp
  websockify:websockify
  iproute2:ip
  openssl:openssl
  python3:python3
  rsync:rsync
)

# as_root COMMAND...
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs without starting what the packages would start.
install() {
  local policy=/usr/sbin/policy-rc.d
  echo "installing: $*" >&2
  as_root apt-get update -qq
  if [ -e "$policy" ]; then
    policy=
  else
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    die "could not install $*"
  [ -z "$policy" ] || as_root rm "$policy"
}

PATH=$PATH:/usr/sbin:/sbin
missing=()
for need in "${needs[@]}"; do
  command -v "${need#*:}" >/dev/null || missing+=("${need%%:*}")
done
if [ "${#missing[@]}" -gt 0 ]; then
  command -v apt-get >/dev/null || die "please install: ${missing[*]}"
  install "${missing[@]}"
fi

for made in relay/target/relay agent/target/agent wsproxy/target/wsproxy bench/target/classes; do
  if [ ! -e "$made" ]; then
    command -v mvn >/dev/null || die "no Maven found; install it (Debian: apt-get install maven)"
    mvn -B -q -ntp -DskipTests -pl relay,agent,wsproxy,bench -am package >&2 || die "the build failed, as told above"
    break
  fi
done

ulimit -n "$(ulimit -Hn)"
work=$(mktemp -d)
chmod 755 "$work" # nginx's workers are another user
mkdir "$work/cache"
export XDG_CACHE_HOME=$work/cache LC_ALL=C.UTF-8
unset CI JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS HTTP_PROXY http_proxy ALL_PROXY all_proxy
out=${OUT:-$root/bench/target/results}

java=
end() {
  trap '' INT TERM
  if [ -n "$java" ]; then
    kill "$java" 2>/dev/null || true
    wait "$java" || true
  fi
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

java -Xmx4g -Xss512k -XX:+UseParallelGC -cp bench/target/classes dev.converge.bench.BenchMain \
  "$root" "$work" "$out" "${ROUNDS:-5}" "$([ -n "${QUICK:-}" ] && echo true || echo false)" "$@" &
java=$!
code=0
wait "$java" || code=$?
java=

if "$docs" && [ "$code" -eq 0 ]; then
  page=docs/performance.md
  grep -q '^<!-- bench/run.sh -->$' "$page" || die "$page has no line '<!-- bench/run.sh -->'"
  awk -v part="$out/performance.md" '
    /^<!-- bench\/run.sh -->$/ { print; while ((getline line < part) > 0) print line; inside = 1; next }
    /^<!-- end -->$/ { inside = 0 }
    !inside' "$page" >"$work/page"
  cp "$work/page" "$page"
  mkdir -p docs/performance
  cp "$out"/*.svg docs/performance/
fi
(exit "$code")
