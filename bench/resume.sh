#!/usr/bin/env bash
# What resumable streams cost: the same ssh with and without them, side by side.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

usage() {
  cat <<'TEXT'
Usage: bench/resume.sh [MEGABYTES]

Compares ssh by wsproxy with ssh by wsproxy --no-resume, through one relay to one agent, and prints a
table in Markdown: bulk throughput both ways (default: 400 MB each; medians of 7 interleaved rounds,
ROUNDS=N sets another number), the echo of a keystroke in a shell, and what an idle session sends.
TEXT
}

die() {
  echo "bench/resume.sh: $1" >&2
  exit 1
}

case ${1:-} in
  -h | --help)
    usage
    exit
    ;;
esac
bytes=$((${1:-400} * 1000000))
for tool in ssh ssh-keygen java ss pgrep; do
  command -v "$tool" >/dev/null ||
    die "$tool: no such program (Debian: apt-get install openssh-client default-jdk-headless iproute2 procps)"
done
[ -d bench/target/classes ] || die "bench is not built (expected: mvn -B -DskipTests package)"
for program in relay agent wsproxy; do
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

exec 7< <(exec relay/target/relay --bind 127.0.0.1 --port 0 2>/dev/null)
started+=($!)
read -r listening <&7
url=ws://127.0.0.1:${listening##*:}
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
mkdir "$work/job"
(cd "$work/job" && exec "$root/agent/target/agent" --authorized-keys "$work/key.pub" --linger PT1H "$url/agent/bench" >"$work/agent.log" 2>&1) &
started+=($!)

# through OPTION...: an ssh whose wsproxy has these options.
through() {
  echo "ssh -F/dev/null -i $work/key -oBatchMode=yes -oLogLevel=ERROR -oStrictHostKeyChecking=no -oUserKnownHostsFile=/dev/null -oProxyCommand='$root/wsproxy/target/wsproxy $* $url/client/bench?wait=60' abc@localhost"
}
plain=$(through --no-resume)
resumable=$(through)

# megabytes COMMAND: how many a second.
megabytes() {
  local start end
  start=$(date +%s%N)
  sh -c "$1" >/dev/null || die "failed: $1"
  end=$(date +%s%N)
  echo $((bytes * 1000 / (end - start)))
}

# row NAME COMMAND: both kinds of SSH in turn; the first round does not count.
row() {
  local a b round
  : >"$work/rounds"
  for round in $(seq 0 "${ROUNDS:-7}"); do
    # Who is first changes: a machine that slows down is to hurt both.
    if [ $((round % 2)) -eq 0 ]; then
      a=$(megabytes "${2//SSH/$plain}")
      b=$(megabytes "${2//SSH/$resumable}")
    else
      b=$(megabytes "${2//SSH/$resumable}")
      a=$(megabytes "${2//SSH/$plain}")
    fi
    [ "$round" -eq 0 ] || echo "$a $b" >>"$work/rounds"
  done
  awk -v name="$1" '{ a[NR] = $1; b[NR] = $2; r[NR] = $2 / $1 }
    function median(list, n,   i, j, t) {
      for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (list[j] < list[i]) { t = list[i]; list[i] = list[j]; list[j] = t }
      return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
    }
    END { printf "| %s | %.0f MB/s | %.0f MB/s | %.2f | >= 0.95 |\n", name, median(a, NR), median(b, NR), median(r, NR) }' "$work/rounds"
}

# segments PID: packets with data that went in and out of its connection.
segments() {
  ss -tinp | grep -A1 "pid=$1," | awk '{ for (i = 1; i <= NF; i++) if (split($i, part, ":") == 2 && part[1] ~ /^data_segs_(in|out)$/) sum += part[2] } END { print sum + 0 }'
}

# idle SSH: packets a minute of a shell in which nothing happens.
idle() {
  mkfifo "$work/keys"
  sh -c "exec $1 -tt" <"$work/keys" >/dev/null 2>&1 &
  local ssh=$! before proxy
  exec 5>"$work/keys"
  sleep 5
  proxy=$(pgrep -P "$ssh" | head -n 1)
  before=$(segments "$proxy")
  sleep 60
  echo $(($(segments "$proxy") - before))
  echo exit >&5
  wait "$ssh" || true
  exec 5>&-
  rm "$work/keys"
}

await_clients() {
  for _ in $(seq 300); do
    ! grep -q '^waiting for clients' "$work/agent.log" || return 0
    sleep 0.1
  done
  die "the agent is not there after 30 s: $(tail -n 3 "$work/agent.log")"
}

await_clients
echo "$(date -u +%F), $(uname -sm), $(nproc) cores, $(sed -n 's/^model name.*: //p;T;q' /proc/cpuinfo), Java $(java -version 2>&1 | sed -n 's/.*Environment.*(build \(.*\))/\1/p')"
echo
echo '| | plain | resumable | ratio or difference | goal |'
echo '|---|---:|---:|---:|---:|'
row 'from the job' "SSH 'head -c $bytes /dev/zero'"
row 'to the job' "head -c $bytes /dev/zero | SSH 'cat >/dev/null'"

echoing="-tt 'stty raw -echo; echo; exec cat'"
java -cp bench/target/classes dev.converge.bench.Keystrokes 3000 "$plain $echoing" "$resumable $echoing" >"$work/keystrokes"
awk '{ p50[NR] = $1; p99[NR] = $2 }
  END {
    printf "| keystroke, p50 | %.2f ms | %.2f ms | %+.2f ms | <= +0.10 ms |\n", p50[1] / 1000, p50[2] / 1000, (p50[2] - p50[1]) / 1000
    printf "| keystroke, p99 | %.2f ms | %.2f ms | %+.2f ms | |\n", p99[1] / 1000, p99[2] / 1000, (p99[2] - p99[1]) / 1000
  }' "$work/keystrokes"
a=$(idle "$plain")
b=$(idle "$resumable")
echo "| idle, packets with data in a minute | $a | $b | $((b - a)) | <= +6 |"
