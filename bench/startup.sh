#!/usr/bin/env bash
# How long the programs take to start, as ratios to the same Java printing one line.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

usage() {
  cat <<'TEXT'
Usage: bench/startup.sh [JAVA_HOME...]

Measures the packaged programs with hyperfine, on the Javas given (default: each below
/usr/lib/jvm, and the runtime that the build has made), and prints tables in Markdown.
Medians of 20 runs each, one run of hyperfine for each Java. RUNS=N sets another number.
TEXT
}

die() {
  echo "bench/startup.sh: $1" >&2
  exit 1
}

# await PATTERN FILE: until the file has such a line.
await() {
  for _ in $(seq 300); do
    ! grep -q "$1" "$2" || return 0
    sleep 0.1
  done
  die "'$1' did not come in 30 s: $(tail -n 3 "$2")"
}

case ${1:-} in
  -h | --help)
    usage
    exit
    ;;
esac
for tool in hyperfine ssh ssh-keygen socat nc javac keytool; do
  command -v "$tool" >/dev/null ||
    die "$tool: no such program (Debian: apt-get install hyperfine openssh-client socat netcat-openbsd default-jdk-headless)"
done
for program in relay agent wsproxy tcptows; do
  [ -x "$program/target/$program" ] || die "$program is not built (expected: mvn -B -DskipTests package)"
done

work=$(mktemp -d)
started=()
end() {
  for pid in "${started[@]}"; do
    kill "$pid" 2>/dev/null || true
  done
  wait
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM

# --- Helpers that hyperfine runs ----------------------------------------------------------------

# until LINE COMMAND...: runs the command until it prints the line.
cat >"$work/until" <<'TEXT'
#!/usr/bin/env bash
line=$1
shift
exec 3< <(exec "$@" 2>&1)
pid=$!
while read -r said <&3; do
  case $said in *"$line"*) kill -9 "$pid"; exit 0 ;; esac
done
exit 1
TEXT
# healthy COMMAND...: runs a relay until it answers /healthz.
cat >"$work/healthy" <<'TEXT'
#!/usr/bin/env bash
exec 3< <(exec "$@" 2>/dev/null)
pid=$!
read -r listening <&3
exec 4<>"/dev/tcp/127.0.0.1/${listening##*:}"
printf 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n' >&4
read -r said <&4
kill -9 "$pid"
case $said in *" 200 "*) exit 0 ;; *) exit 1 ;; esac
TEXT
# forwarded COMMAND...: runs the command with one byte as its input, until that byte is there.
cat >"$work/forwarded" <<TEXT
#!/bin/sh
"\$@" <$work/byte >/dev/null 2>&1 &
read -r byte <&6
kill -9 \$!
TEXT
chmod +x "$work/until" "$work/healthy" "$work/forwarded"

# --- The scene ------------------------------------------------------------------------------------

printf 'public class Line { public static void main(String[] a) { System.out.println("x"); } }' >"$work/Line.java"
javac --release 17 -d "$work" "$work/Line.java"
[ -d bench/target/classes ] || die "bench is not built (expected: mvn -B -DskipTests package)"
keytool -genkeypair -keystore "$work/keys" -storepass changeit -alias a -keyalg EC \
  -dname CN=127.0.0.1 -ext san=ip:127.0.0.1 -validity 2 2>/dev/null
keytool -exportcert -rfc -keystore "$work/keys" -storepass changeit -alias a >"$work/ca.pem" 2>/dev/null
exec 6< <(exec java -Djavax.net.ssl.keyStore="$work/keys" -Djavax.net.ssl.keyStorePassword=changeit -cp bench/target/classes dev.converge.bench.FirstByte)
started+=($!)
read -r ws wss <&6

exec 7< <(exec relay/target/relay --bind 127.0.0.1 --port 0 2>/dev/null)
started+=($!)
read -r listening <&7
relay=127.0.0.1:${listening##*:}
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
mkdir "$work/job"
(cd "$work/job" && exec "$root/agent/target/agent" --authorized-keys "$work/key.pub" --linger PT1H "ws://$relay/agent/bench" >"$work/agent.log" 2>&1) &
started+=($!)
exec 8< <(exec tcptows/target/tcptows 0 "ws://$relay/client/bench?wait=60" 2>/dev/null)
started+=($!)
read -r listening <&8
port=${listening##*:}
await '^waiting for clients' "$work/agent.log"
printf x >"$work/byte"

# --- One Java -------------------------------------------------------------------------------------

# Starts each program once, and waits for the archives that this leaves in the cache.
warm() {
  for program in relay agent wsproxy tcptows; do
    "$program/target/$program" --version >/dev/null
  done
  for _ in $(seq 600); do
    [ "$(find "$XDG_CACHE_HOME" -name '*.jsa' -type f | wc -l)" -lt 4 ] || return 0
    sleep 0.1
  done
  die "the archives of classes were not made in 60 s"
}

ssh_true() {
  echo "ssh -F/dev/null -i $work/key -oBatchMode=yes -oLogLevel=ERROR -oStrictHostKeyChecking=no -oUserKnownHostsFile=/dev/null -oProxyCommand='$1' abc@localhost true"
}

# rss PID: megabytes.
rss() {
  awk '/^VmRSS/ { printf "%d", $2 / 1000 }' "/proc/$1/status"
}

# The memory of an agent with an idle shell, and of the wsproxy that leads there.
memory() {
  : >"$work/memory.log"
  (cd "$work/job" && exec "$root/agent/target/agent" --authorized-keys "$work/key.pub" "ws://$relay/agent/memory" >"$work/memory.log" 2>&1) &
  agent=$!
  await '^waiting for clients' "$work/memory.log"
  mkfifo "$work/keys.fifo"
  ssh -tt -F/dev/null -i "$work/key" -oBatchMode=yes -oLogLevel=ERROR -oStrictHostKeyChecking=no \
    -oUserKnownHostsFile=/dev/null \
    -oProxyCommand="$root/wsproxy/target/wsproxy ws://$relay/client/memory" abc@localhost \
    <"$work/keys.fifo" >"$work/screen" 2>&1 &
  exec 5>"$work/keys.fifo"
  # shellcheck disable=SC2016 # the shell in the job is to compute it
  echo 'echo $((6 * 7))nd' >&5
  await 42nd "$work/screen"
  sleep 2
  proxy=$(pgrep -f "^[^ ]*java .*wsproxy ws://$relay/client/memory")
  echo "$(rss "$agent") $(rss "$proxy")"
  exec 5>&-
  kill "$agent"
  wait
  rm "$work/keys.fifo"
}

measure() {
  export JAVA_HOME=$1 XDG_CACHE_HOME=$work/cache
  unset CI
  rm -rf "$XDG_CACHE_HOME"
  mkdir "$XDG_CACHE_HOME"
  warm
  hyperfine -N --style basic --warmup 3 --runs "${RUNS:-20}" --export-csv "$work/csv" \
    -n 'Java that prints one line|' "$JAVA_HOME/bin/java -cp $work Line" \
    -n 'wsproxy --version|2' 'wsproxy/target/wsproxy --version' \
    -n 'wsproxy to its first byte over ws|2.5' "$work/forwarded wsproxy/target/wsproxy ws://127.0.0.1:$ws/client/x" \
    -n 'wsproxy to its first byte over wss|6' "$work/forwarded wsproxy/target/wsproxy --ca-file $work/ca.pem wss://127.0.0.1:$wss/client/x" \
    -n 'agent to its waiting for clients|20' "$work/until waiting agent/target/agent ws://$relay" \
    -n 'relay to /healthz|12' "$work/healthy relay/target/relay --bind 127.0.0.1 --port 0" \
    -n 'ssh ... true by wsproxy|' "$(ssh_true "wsproxy/target/wsproxy ws://$relay/client/bench?wait=60")" \
    -n 'ssh ... true by nc to tcptows|' "$(ssh_true "nc 127.0.0.1 $port")" \
    -n 'ssh ... true by socat to tcptows|' "$(ssh_true "socat - TCP:127.0.0.1:$port")" >&2
  read -r agent_rss wsproxy_rss < <(memory)
  echo
  version=$("$JAVA_HOME/bin/java" -version 2>&1 | sed -n 's/.*Environment.*(build \(.*\))/\1/p')
  if [ "$JAVA_HOME" = "$work/runtime" ]; then
    echo "### The runtime that the relay hands out ($version)"
  else
    echo "### JDK $version"
  fi
  echo
  echo '| start | median | ratio | budget |'
  echo '|---|---:|---:|---:|'
  awk -F, 'NR == 2 { line = $4 }
    NR > 1 { split($1, name, "|"); printf "| %s | %.0f ms | %.1f | %s |\n", name[1], $4 * 1000, $4 / line, name[2] }' "$work/csv"
  echo
  echo "Resident memory: agent with one idle shell $agent_rss MB (budget 120), its wsproxy $wsproxy_rss MB (budget 45)."
}

if [ $# -eq 0 ]; then
  for java in /usr/lib/jvm/*/bin/java; do
    set -- "$@" "$(dirname "$(dirname "$(readlink -f "$java")")")"
  done
  for runtime in runtime/target/runtimes/*.tar.gz; do
    tar -xzf "$runtime" -C "$work"
    set -- "$@" "$work/runtime"
  done
fi
echo "$(date -u +%F), $(uname -sm), $(nproc) cores, $(sed -n 's/^model name.*: //p;T;q' /proc/cpuinfo)"
printf '%s\n' "$@" | sort -u | while read -r home; do
  measure "$home" </dev/null
done
