#!/usr/bin/env bash
# heaptrack calls every block freed by realloc(p, 0) a leak.
#
# Expected: with glibc realloc(p, 0) frees the block and returns NULL; a
# profiler made for Linux counts it as a free, as valgrind and mtrace do.
# Happens: heaptrack takes the NULL for a failed realloc and writes nothing.
# The block stays alive in its books. When malloc hands out the same address
# again a second block of that address is counted, so the leak has no bound:
# here one address, used 100 times.
# Matters: leaks and peak of a program that frees by realloc are invented.
# Version: heaptrack and libheaptrack 1.4.0-2; needs gcc.
# Seen: 100 of 100 blocks leaked, 100,000 bytes; in truth none.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download \
  heaptrack=1.4.0-2 libheaptrack=1.4.0-2 libunwind8=1.6.2-3
for f in *.deb; do dpkg -x "$f" .; done

cat >zero.c <<'C'
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  void *first = malloc(1000);
  if (realloc(first, 0)) return 1;
  for (int i = 1; i < 100; i++) {
    void *p = malloc(1000);
    if (p != first || realloc(p, 0)) return 1; /* the same block each time */
  }
  fputs("all 100 blocks lay at one address\n", stderr);
}
C
gcc -O0 -fno-builtin -w zero.c -o zero

export LD_LIBRARY_PATH=$T/usr/lib/x86_64-linux-gnu
LD_PRELOAD=$T/usr/lib/heaptrack/libheaptrack_preload.so DUMP_HEAPTRACK_OUTPUT=$T/raw ./zero
usr/lib/heaptrack/libexec/heaptrack_interpret <raw 2>report >interpreted
cat report
leaked=$(awk '/leaked allocations/ { print $3 }' report)
[[ $leaked == 100 ]] || {
  echo "changed: $leaked blocks leaked, no longer 100"
  exit 1
}
