#!/bin/sh
# Converge @name@: this script, followed by a jar. It needs Java 17 or newer, nothing else.

# Succeeds if $1 is a java launcher that is not known to be older than 17.
usable() {
  [ -x "$1" ] || return 1
  real=$(readlink -f "$1" 2>/dev/null) || return 0
  release=${real%/bin/java}/release
  [ -r "$release" ] || return 0
  while IFS='=' read -r key value; do
    if [ "$key" = JAVA_VERSION ]; then
      major=${value#\"}
      major=${major%%[!0-9]*}
      [ "${major:-17}" -ge 17 ]
      return
    fi
  done <"$release"
}

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

for java in "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(command -v java)"; do
  if usable "$java"; then
    exec "$java" @jvm@ -jar "$0" "$@"
  fi
done
echo "@name@: no Java 17 or newer found; install one (Debian: apt-get install openjdk-17-jre-headless) or set JAVA_HOME" >&2
exit 1
