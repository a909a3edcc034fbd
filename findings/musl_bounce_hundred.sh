#!/usr/bin/env bash
# musl's malloc maps and unmaps for the first hundred uses of a block, then
# hardly ever.
#
# Expected: a block that is made and freed again and again costs the same every
# time: always a mapping, or, if the allocator keeps freed memory, never but at
# first.
# Happens: a group of slots whose last block is freed goes back to the kernel at
# once, so each pair of malloc(3000) and free() is an mmap, a munmap and two page
# faults. A counter of such "bounces" per size class ends that after a hundred.
# Matters: short benchmarks of musl measure system calls, long ones measure
# none; what a loop costs depends on how often it has run before.
# Version: musl 1.2.3-1; needs gcc.
# Seen: page faults of pairs 1..50: 102; 51..100: 100; 101..150: 2; 151..400: 10.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download musl=1.2.3-1 musl-dev=1.2.3-1
for f in *.deb; do dpkg -x "$f" .; done
sed "s:/usr/:$T/usr/:g" usr/lib/x86_64-linux-musl/musl-gcc.specs >musl.specs

cat >pairs.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
static long faults(void) {
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return r.ru_minflt;
}
static long pairs(int n) {
  long before = faults();
  while (n--) free(malloc(3000));
  return faults() - before;
}
int main(void) {
  pairs(0);
  long a = pairs(50), b = pairs(50), c = pairs(50), d = pairs(250);
  printf("%ld %ld %ld %ld\n", a, b, c, d);
}
C
gcc -specs musl.specs -static -O1 -fno-builtin pairs.c -o pairs

read -r first second third rest < <(./pairs)
echo "page faults of pairs 1..50: $first; 51..100: $second; 101..150: $third; 151..400: $rest"
((first >= 100 && second >= 90 && third <= 10 && rest <= 20)) || {
  echo "changed: a hundred pairs no longer map each, or later ones do"
  exit 1
}
