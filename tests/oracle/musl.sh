#!/bin/bash
# musl.sh FOLDER
#
# Fetches the real musl 1.2.6 and builds the replayer for it.
#
# Nothing is installed: Debian's packages musl and musl-dev are downloaded by
# apt-get with lists of its own, from where this machine gets its packages, and
# unpacked in FOLDER. FOLDER/place_static and FOLDER/place_dyn are place.c,
# linked with it in either way.
#
# Needs Debian with apt-get, dpkg and gcc. Exit code 1 if they are not there in
# the end.
set -u

RELEASE=1.2.6-2
SUITE=sid

here=$(cd "$(dirname "$0")" && pwd)
. "$here/packages.sh"
target "$@"

root=$folder/root
if [ ! -e "$root/done" ]; then
  lists $SUITE && fetch $SUITE musl $RELEASE "$root" &&
    fetch $SUITE musl-dev $RELEASE "$root" || exit 1
  touch "$root/done"
fi

library=$root/usr/lib/x86_64-linux-musl
specs=$folder/musl-gcc.specs
sed "s:/usr/:$root/usr/:g" "$library/musl-gcc.specs" > "$specs"

# build NAME OPTION...
build() {
  local name=$1
  shift
  [ "$folder/$name" -nt "$here/place.c" ] ||
    gcc -specs "$specs" -O2 -fno-builtin -w "$@" -o "$folder/$name" "$here/place.c"
}

build place_static -static &&
  build place_dyn "-Wl,--dynamic-linker=$library/libc.so"
