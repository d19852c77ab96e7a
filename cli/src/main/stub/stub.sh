#!/bin/sh
# Converge @name@: this script, followed by a jar. It runs on any Java from 17 on: that of JAVA_HOME,
# of PATH, or one of its own, which it fetches from the relay that it is told to connect to.

name=@name@
# Checksum and name of each runtime that a relay has for this program.
runtimes='@runtimes@'

die() {
  echo "$name: $1" >&2
  exit 1
}

# --- The cache --------------------------------------------------------------------------------

# Sets cache to the user's own directory for it, which need not be there yet, or to nothing.
find_cache() {
  cache=
  if [ -n "${XDG_CACHE_HOME:-}" ]; then
    cache=$XDG_CACHE_HOME/converge
  elif [ -d "${HOME:-}" ]; then
    cache=$HOME/.cache/converge
  fi
  if [ -e "$cache" ] && ! mine "$cache"; then
    cache=
  fi
}

# Nobody else can have put a program into it.
mine() {
  # shellcheck disable=SC3067 # dash and busybox know -O too
  [ -d "$1" ] && ! [ -L "$1" ] && [ -O "$1" ] && [ -w "$1" ]
}

# Succeeds if the cache is there now.
make_cache() {
  # shellcheck disable=SC2174 # the directories above it are as the user has them
  [ -n "$cache" ] && mkdir -p -m 700 "$cache" 2>/dev/null && mine "$cache"
}

# The same for a user without a home, as jobs in containers often are.
find_makeshift_cache() {
  cache=${TMPDIR:-/tmp}/converge-$(id -u)
  mkdir -m 700 "$cache" 2>/dev/null
  mine "$cache" || cache=
}

# --- Java -------------------------------------------------------------------------------------

# Sets java to the launcher $1 if it is one that will do, and major to its version if it is known.
choose() {
  [ -x "$1" ] || return 1
  java=$1
  find_archive
  if [ -z "$archive" ]; then
    read_version
    [ "${major:-17}" -ge 17 ]
  fi
}

read_version() {
  major=
  home=$(readlink -f "$java" 2>/dev/null) || return
  home=${home%/bin/java}
  [ -r "$home/release" ] || return
  while IFS='=' read -r key value; do
    if [ "$key" = JAVA_VERSION ]; then
      major=${value#\"}
      major=${major%%[!0-9]*}
      return
    fi
  done <"$home/release"
}

find_java() {
  choose "${JAVA_HOME:+$JAVA_HOME/bin/java}" || choose "$(command -v java)" || own_java "$@"
}

# Sets flags to those for the Java that was found.
find_flags() {
  flags='@jvm@'
  case $major in
    # These are the versions that know the flags.
    24 | 25) flags="$flags @jvm24@" ;;
  esac
}

# --- The archive of classes, for a quick start ------------------------------------------------

# Sets archive to the one of this program and this Java as they are now, or to nothing.
find_archive() {
  archive=
  [ -n "$cache" ] || return
  # What changes with the program and with an update of Java.
  files=$(stat -Lc %d.%i.%s.%Y "$0" "$java" 2>/dev/null ||
    stat -Lf %d.%i.%z.%m "$0" "$java" 2>/dev/null) || return
  files=${files%%[!0-9.]*}-${files##*[!0-9.]}
  for archive in "$cache/classes/$name"-*-"$files.jsa"; do
    if [ -f "$archive" ]; then
      major=${archive##*/"$name"-}
      major=${major%%-*}
      return
    fi
  done
  archive=
}

# Makes it, apart from the program itself, and out of its way.
make_archive() {
  trap '' HUP INT
  make_cache && mkdir -p "$cache/classes" || return
  find "$cache/classes" -mtime +30 -type f -exec rm -f {} +
  archive=$cache/classes/$name-${major:-0}-$files.jsa
  # One at a time; one that was killed is in the way for some minutes.
  find "$archive.lock" -mmin +5 -exec rmdir {} \;
  mkdir "$archive.lock" || return
  # Java trusts that an archive is whole, so it gets its name when it is, and is on the disk.
  # shellcheck disable=SC2086 # flags are words
  nice -n 19 "$java" $flags -Xlog:disable -XX:ArchiveClassesAtExit="$archive.$$" \
    -cp "$0" dev.converge.cli.ClassArchive &&
    { sync "$archive.$$" || :; } && mv -f "$archive.$$" "$archive"
  rm -rf "$archive.$$" "$archive.lock"
}

# --- A runtime from the relay -----------------------------------------------------------------

# This platform, as runtime/build names it.
platform() {
  os=$(uname -s | tr '[:upper:]' '[:lower:]')
  if ls /lib/ld-musl-* >/dev/null 2>&1 && ! ls /lib*/ld-linux* >/dev/null 2>&1; then
    os=$os-musl
  fi
  echo "$os-$(uname -m)"
}

# Sets sum to the checksum of the runtime in the file $1, or to nothing.
find_sum() {
  while read -r sum file; do
    [ "$file" != "$1" ] || return 0
  done <<LIST
$runtimes
LIST
  sum=
}

# Sets relay to the http[s]://HOST[:PORT] that the arguments name, or to nothing.
find_relay() {
  relay=
  cert=${CONVERGE_CERT_FILE:-}
  cert_key=${CONVERGE_KEY_FILE:-}
  option=
  for argument in "$@"; do
    argument=$option$argument
    option=
    case $argument in
      --cert-file | --key-file | --*-url) option=$argument= ;;
      --cert-file=*) cert=${argument#*=} ;;
      --key-file=*) cert_key=${argument#*=} ;;
      [Ww][Ss]://* | [Hh][Tt][Tt][Pp]://*) relay=http://${argument#*://} ;;
      [Ww][Ss][Ss]://* | [Hh][Tt][Tt][Pp][Ss]://*) relay=https://${argument#*://} ;;
    esac
  done
  scheme=${relay%%://*}
  relay=${relay#*://}
  relay=${relay:+$scheme://${relay%%[/?#]*}}
}

# Fetches $1 into the file $2, going on where an earlier try broke off. A certificate is not looked
# at: the checksum tells whether these are the right bytes, whoever sent them.
download() {
  if command -v curl >/dev/null; then
    set -- -fsSLk --connect-timeout 20 -C - -o "$2" "$1"
    [ -z "$cert" ] || set -- --cert "$cert" "$@"
    [ -z "$cert_key" ] || set -- --key "$cert_key" "$@"
    curl "$@"
  elif command -v wget >/dev/null; then
    set -- --no-check-certificate -c -O "$2" "$1"
    [ -z "$cert" ] || set -- --certificate="$cert" "$@"
    [ -z "$cert_key" ] || set -- --private-key="$cert_key" "$@"
    wget "$@"
  else
    echo 'neither curl nor wget is installed'
    return 1
  fi
}

sha256() {
  { sha256sum "$1" || shasum -a 256 "$1" || openssl dgst -sha256 -r "$1"; } 2>/dev/null
}

# Ends the program: there is no Java, for the reason $1.
no_java() {
  die "no Java 17 or newer found, $1; install one (Debian: apt-get install openjdk-17-jre-headless) or set JAVA_HOME"
}

# The same where it was to be fetched; the reason $1 counts unless it is that the disk is full.
no_runtime() {
  head -c 65536 /dev/zero 2>/dev/null >"$new/room" ||
    no_java "and no room for a runtime in $cache (expected: 100 MB)"
  no_java "$1"
}

# Puts the runtime into its place in the cache; two that do so at once do not harm each other.
fetch_runtime() {
  find_relay "$@"
  [ -n "$relay" ] || no_java "and no relay's URL was given to fetch a runtime from"
  [ -n "$cache" ] || no_java "and no directory to keep a runtime in (expected: HOME or XDG_CACHE_HOME, writable)"
  url=$relay/docs/runtime/$package
  echo "$name: no Java 17 or newer found; fetching a runtime from $url" >&2

  find "$cache" -maxdepth 1 -name 'new.*' -mtime +1 -exec rm -rf {} +
  new=$cache/new.$$
  trap 'rm -rf "$new"' EXIT
  trap 'exit 1' HUP INT TERM
  mkdir "$new" || exit 1
  for try in 1 2 3; do
    problem=$(download "$url" "$new/$package" 2>&1) && break
    [ "$try" -lt 3 ] || no_runtime "and $url gave no runtime: $(printf '%s\n' "$problem" | sed '/^ *$/d' | tail -n 1)"
    sleep 1
  done
  actual=$(sha256 "$new/$package")
  actual=${actual%% *}
  [ "$actual" = "$sum" ] || no_java "and what $url gave is not the runtime that this $name was built with (SHA-256 ${actual:-unknown}, expected: $sum): get $name from that relay again"
  problem=$(gzip -dc "$new/$package" | tar -xf - -C "$new" 2>&1) ||
    no_runtime "and the runtime could not be unpacked in $cache: $(printf '%s\n' "$problem" | head -n 1)"
  [ -d "$runtime" ] || mv "$new/runtime" "$runtime"
  rm -rf "${runtime:?}/runtime" "$new"
  trap - EXIT HUP INT TERM
}

# Sets java to a runtime of ours.
own_java() {
  package=$(platform).tar.gz
  find_sum "$package"
  [ -n "$sum" ] || no_java "and no runtime for ${package%.tar.gz} was made with this $name"
  make_cache || find_makeshift_cache
  runtime=$cache/runtime-$(printf %.16s "$sum")
  [ -x "$runtime/bin/java" ] || fetch_runtime "$@"
  choose "$runtime/bin/java"
}

# --- Run --------------------------------------------------------------------------------------

# Java takes the names of files for ASCII unless the locale says UTF-8, which CI jobs often do not
# set. The agent gives its shells the old value back.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]8* | *[Uu][Tt][Ff]-8*) ;;
  *)
    CONVERGE_LC_ALL=${LC_ALL-}
    LC_ALL=C.UTF-8
    export CONVERGE_LC_ALL LC_ALL
    ;;
esac

find_cache
find_java "$@"
find_flags
# shellcheck disable=SC2086 # flags are words
set -- $flags -jar "$0" "$@"
if [ -n "$archive" ]; then
  # One that does not fit is not used; the warning about it would go to standard output.
  exec "$java" -XX:SharedArchiveFile="$archive" -Xlog:disable "$@"
fi
# Not in a CI job, which mostly ends with all that it has cached.
if [ -n "${files:-}" ] && [ -z "${CI:-}" ]; then
  (make_archive &) >/dev/null 2>&1 </dev/null
fi
exec "$java" "$@"
