#!/bin/bash
# jemalloc.sh FOLDER
#
# Fetches the real jemalloc 5.3.0 and 5.3.1 and builds the replayer for them.
#
# Nothing is installed: Debian's packages libjemalloc2, and for 5.3.1 the C
# library that it needs, are downloaded by apt-get with lists of its own, from
# where this machine gets its packages, and unpacked in FOLDER. FOLDER/place is
# place.c, FOLDER/watch.so is watch.c, and FOLDER/VERSION.sh ARGUMENT... runs
# place with one jemalloc, without address randomization.
#
# Needs Debian with apt-get, dpkg, setarch and gcc. Exit code 1 if they are not
# there in the end.
set -u

here=$(cd "$(dirname "$0")" && pwd)
. "$here/packages.sh"
target "$@"

# have VERSION SUITE PACKAGE=RELEASE...: unpacks packages
have() {
  local root=$folder/$1 suite=$2 package
  shift 2
  [ -e "$root/done" ] && return 0
  lists "$suite" || return 1
  for package in "$@"; do
    fetch "$suite" "${package%=*}" "${package#*=}" "$root" || return 1
  done
  touch "$root/done"
}

# runner VERSION WORD...: a script that runs place with these words around it
runner() {
  local name=$folder/$1.sh
  shift
  printf '#!/bin/bash\nexec %s "$@"\n' "$*" > "$name" && chmod +x "$name"
}

have 5.3.0 bookworm libjemalloc2=5.3.0-1 &&
  have 5.3.1 sid libjemalloc2=5.3.1-2 libc6=2.43-7 || exit 1

gcc -O2 -fno-builtin -w -o "$folder/place" "$here/place.c" &&
  gcc -O2 -fPIC -shared -o "$folder/watch.so" "$here/watch.c" || exit 1

libraries=usr/lib/x86_64-linux-gnu
new=$folder/5.3.1/$libraries
runner 5.3.0 env \
  "LD_PRELOAD='$folder/watch.so $folder/5.3.0/$libraries/libjemalloc.so.2'" \
  setarch -R "'$folder/place'" &&
  runner 5.3.1 setarch -R "'$new/ld-linux-x86-64.so.2'" --library-path "'$new'" \
    --preload "'$folder/watch.so $new/libjemalloc.so.2'" "'$folder/place'"
