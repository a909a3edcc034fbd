#!/usr/bin/env bash
# malloc_stats() starts again at 0 every 4 GiB, on 64-bit systems too.
#
# Expected: only mallinfo() has fields of 32 bits, which its ABI forbids to
# widen. malloc_stats prints text, and its right figures are those of mallinfo2().
# Happens: the figures of each arena and the totals go through unsigned int. The
# last line of the same output, the peak of mapped bytes, does not.
# Matters: it is the quick look at a large process: of 5 GiB it shows 1, and a
# leak as a saw-tooth.
# Version: glibc 2.36 (libc6 2.36-9+deb12u14); needs gcc. The blocks are never
# touched: no 5 GiB of memory are used.
# Seen, five blocks of 1 GiB: mapped: 1,073,762,960 bytes in use and at most
# 5,368,729,600 mapped; in the main arena: 1,073,742,560 in use; both 4 GiB less
# than mallinfo2 says.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download libc6=2.36-9+deb12u14
dpkg -x libc6_*.deb .
lib=$T/lib/x86_64-linux-gnu

cat >five.c <<'C'
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
  if (argc > 1) mallopt(M_MMAP_MAX, 0); /* from the main arena instead of mapped */
  for (int i = 0; i < 5; i++)
    if (!malloc((size_t)1 << 30)) return 1;
  struct mallinfo2 m = mallinfo2();
  malloc_stats();
  fprintf(stderr, "mallinfo2 = %zu\n", m.uordblks + m.hblkhd);
}
C
gcc -O0 -fno-builtin five.c -o five -Wl,--dynamic-linker="$lib/ld-linux-x86-64.so.2" -Wl,-rpath,"$lib"

for where in "" arena; do
  ./five $where 2>stats
  sed -n '/^Total/,$p' stats
  used=$(awk '/^in use/ { n = $NF } END { print n }' stats) # of the totals, which come last
  right=$(awk '/^mallinfo2/ { print $NF }' stats)
  ((right > 5 << 30 && used == right - (1 << 32))) || {
    echo "changed: the total in use is no longer mallinfo2's less 4 GiB"
    exit 1
  }
done
