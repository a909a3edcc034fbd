#!/bin/bash
# glibc_versions.sh FOLDER [VERSION...]
#
# Fetches real libraries of other versions and builds the replayer for them.
# Versions: 2.31 2.36 2.41 2.43 2.44; all by default.
#
# Nothing is installed: Debian's packages libc6 and libc6-i386 are downloaded
# by apt-get with lists of its own, from where this machine gets its packages,
# and unpacked in FOLDER/VERSION. FOLDER/replay_x86_64 is glibc_replay.c, linked with
# the oldest version so that it runs with all of them; FOLDER/replay_i386 the
# same for 32 bits, where gcc-multilib is installed.
#
# Needs Debian with apt-get, dpkg and gcc. Exit code 1 if a version or the
# replayer is not there in the end.
set -u

declare -A SUITE=(
  [2.31]=bullseye [2.36]=bookworm [2.41]=trixie [2.43]=forky [2.44]=experimental
)
declare -A RELEASE=(
  [2.31]=2.31-13+deb11u11 [2.36]=2.36-9+deb12u14 [2.41]=2.41-12+deb13u5
  [2.43]=2.43-7 [2.44]=2.44-3
)
OLDEST=2.31

if [ $# -lt 1 ] || [ "$1" = --help ]; then
  sed -n '2,/^set/{s/^# \{0,1\}//p}' "$0"
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
source=$here/../../experiments/real/glibc_replay.c
header=$here/../../experiments/real/replay.h
. "$here/packages.sh"
mkdir -p "$1" || exit 1
folder=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- 2.31 2.36 2.41 2.43 2.44

# have VERSION: makes sure that it is there
have() {
  local version=$1 suite=${SUITE[$1]:-} target=$folder/$1
  [ -n "$suite" ] || { say "unknown version $version; known: ${!SUITE[*]}"; return 1; }
  [ -e "$target/done" ] && return 0
  lists "$suite" && fetch "$suite" libc6 "${RELEASE[$version]}" "$target" &&
    fetch "$suite" libc6-i386 "${RELEASE[$version]}" "$target" &&
    echo "${RELEASE[$version]}" > "$target/done"
}

# build NAME LIBRARY OPTION...: the replayer, linked with LIBRARY
build() {
  local name=$1 library=$2
  shift 2
  [ "$folder/$name" -nt "$source" ] && [ "$folder/$name" -nt "$header" ] ||
    gcc -O2 -fno-builtin -fno-stack-protector -U_FORTIFY_SOURCE "$@" \
      -Wno-array-bounds -o "$folder/$name" "$source" \
      -nodefaultlibs "$library" -lgcc
}

bad=0
for version in "$@"; do
  have "$version" || bad=1
done
if have $OLDEST; then
  build replay_x86_64 "$folder/$OLDEST/lib/x86_64-linux-gnu/libc.so.6" || bad=1
  build replay_i386 "$folder/$OLDEST/lib32/libc.so.6" \
    -m32 -idirafter /usr/include/x86_64-linux-gnu 2> /dev/null ||
    say "no replayer for 32 bits: that needs gcc-multilib"
else
  bad=1
fi
exit $bad
