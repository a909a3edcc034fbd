#!/usr/bin/env bash
# ltrace reports glibc's own calls of realloc as calls of calloc.
#
# Expected: a call inside libc.so shows up under its name, or not at all.
# Happens: libc's procedure linkage table holds many slots without a name
# (indirect functions); ltrace seems to count past them wrongly.
# reallocarray() calls realloc through that table; ltrace prints calloc with
# realloc's arguments, an old pointer and a size, as if they were a count and
# a size.
# Matters: a trace of malloc+calloc+realloc+free, turned into requests, has an
# allocation of (pointer x size) bytes and misses the move of a block.
# Version: ltrace 0.7.3-6.4 with libc6 2.36-9+deb12u14; needs gcc.
# Seen: libc.so.6->calloc(0, 3000)
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download \
  ltrace=0.7.3-6.4 libelf1=0.188-2.1 libc6=2.36-9+deb12u14
for f in *.deb; do dpkg -x "$f" .; done
lib=$T/lib/x86_64-linux-gnu

cat >array.c <<'C'
#define _DEFAULT_SOURCE
#include <stdlib.h>
int main(void) {
  free(reallocarray(0, 3, 1000));
}
C
gcc -O0 -fno-builtin array.c -o array -Wl,--dynamic-linker="$lib/ld-linux-x86-64.so.2" -Wl,-rpath,"$lib"

LD_LIBRARY_PATH=$T/usr/lib/x86_64-linux-gnu usr/bin/ltrace -F etc/ltrace.conf \
  -e malloc+calloc+realloc+free -o log ./array
cat log
inner=$(grep -o 'libc.so.6->[a-z]*([0-9, ]*)' log || true)
[[ $inner == "libc.so.6->calloc(0, 3000)" ]] || {
  echo "changed: no call of calloc(0, 3000) inside libc, but '$inner'"
  exit 1
}
