#!/usr/bin/env bash
# GLIBC_TUNABLES: a size of "128K" means 128 bytes.
#
# Expected: a size with a unit is understood, or the bad value is ignored.
# Happens: the number is read up to the first character that is no digit and
# the rest is dropped without a word. mmap_threshold=128K looks like the
# default written out, but every request of 5,000 bytes now gets a mapping of
# its own (so does the thread cache: 101); "default" means 0.
# Matters: a benchmark that sets thresholds measures another allocator.
# Version: glibc 2.36 (libc6 2.36-9+deb12u14); needs gcc.
# Seen: 131072 -> 0 mappings, 128K -> 101 mappings, listed as 0x80.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download libc6=2.36-9+deb12u14
dpkg -x libc6_*.deb .
lib=$T/lib/x86_64-linux-gnu

cat >many.c <<'C'
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  for (int i = 0; i < 100; i++)
    if (!malloc(5000)) return 1;
  printf("%zu\n", mallinfo2().hblks);
}
C
gcc -O0 -fno-builtin many.c -o many -Wl,--dynamic-linker="$lib/ld-linux-x86-64.so.2" -Wl,-rpath,"$lib"

seen=""
for value in 131072 128K 1M default; do
  seen+="$value:$(GLIBC_TUNABLES=glibc.malloc.mmap_threshold=$value ./many) "
done
listed=$(GLIBC_TUNABLES=glibc.malloc.mmap_threshold=128K "$lib/ld-linux-x86-64.so.2" --list-tunables |
  awk '/mmap_threshold/ { print $2 }')
echo "mappings of 100 requests of 5,000 bytes, by threshold: $seen"
echo "128K as listed by the loader: $listed"
[[ "$seen$listed" == "131072:0 128K:101 1M:101 default:101 0x80" ]] || {
  echo "changed: no longer 131072:0 128K:101 1M:101 default:101 0x80"
  exit 1
}
