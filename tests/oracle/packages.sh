# shellcheck shell=bash
#
# Functions that fetch Debian packages of any suite without installing them;
# to be sourced. $folder is where everything goes.

SOURCES=/etc/apt/sources.list.d/debian.sources

# target ARGUMENT...: makes the only argument $folder; without one, or for
# --help, prints the head of the script
target() {
  if [ $# -ne 1 ] || [ "$1" = --help ]; then
    sed -n '2,/^set/{s/^# \{0,1\}//p}' "$0"
    exit 2
  fi
  mkdir -p "$1" || exit 1
  folder=$(cd "$1" && pwd)
}

say() { echo "${0##*/}: $*" >&2; }

# apt SUITE ARGUMENT...: apt-get with lists of one suite only
apt() {
  local suite=$1
  shift
  apt-get -qq \
    -o Dir::State::Lists="$folder/apt/lists-$suite" \
    -o Dir::Etc::SourceList=/dev/null \
    -o Dir::Etc::SourceParts="$folder/apt/sources-$suite" \
    -o Dir::Cache="$folder/apt/cache" \
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
    -o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)" "$@"
}

# lists SUITE: fetches what the suite has, once
lists() {
  local suite=$1
  [ -e "$folder/apt/ok-$suite" ] && return 0
  [ -r "$SOURCES" ] || { say "no $SOURCES to derive sources from"; return 1; }
  mkdir -p "$folder/apt/lists-$suite/partial" "$folder/apt/sources-$suite" \
    "$folder/apt/cache/archives/partial"
  # The first stanza, for another suite.
  awk -v suite="$suite" '
    BEGIN { RS = ""; FS = "\n" }
    NR == 1 {
      for (i = 1; i <= NF; i++) {
        if ($i ~ /^#/) continue
        if ($i ~ /^Suites:/) print "Suites: " suite
        else if ($i ~ /^Components:/) print "Components: main"
        else print $i
      }
    }' "$SOURCES" > "$folder/apt/sources-$suite/this.sources"
  apt "$suite" update > "$folder/apt/log-$suite" 2>&1
  ls "$folder/apt/lists-$suite"/*Packages* > /dev/null 2>&1 || {
    say "suite $suite is out of reach, see $folder/apt/log-$suite"
    return 1
  }
  touch "$folder/apt/ok-$suite"
}

# fetch SUITE PACKAGE RELEASE TARGET: downloads and unpacks
fetch() {
  mkdir -p "$folder/debs/$1" "$4"
  (cd "$folder/debs/$1" && apt "$1" download "$2=$3" >> "$folder/apt/log-$1" 2>&1) || {
    say "suite $1 has no $2 $3"
    return 1
  }
  dpkg -x "$(ls -t "$folder/debs/$1/$2"_*.deb | head -1)" "$4"
}
