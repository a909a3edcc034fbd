#!/usr/bin/env bash
# mallinfo2() knows nothing of the heap under tcmalloc and valgrind.
#
# Expected: replacements of malloc that answer mallinfo() answer mallinfo2()
# too, the same structure without the overflow at 2 GiB; glibc has had it since
# 2.33 and calls the old one deprecated.
# Happens: both replace mallinfo only. mallinfo2 falls through to glibc, whose
# heap is not in use, and says that nothing is allocated. No error, no warning.
# Matters: code that was moved to mallinfo2 as the compiler advises reports 0
# bytes as soon as it runs with tcmalloc or under valgrind.
# Version: tcmalloc 2.10 (libtcmalloc-minimal4 2.10-1), valgrind 1:3.19.0-1,
# glibc 2.36; needs gcc.
# Seen, 10,000,000 bytes in use: tcmalloc 10313752 and 0, valgrind 10000000 and 0.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download \
  libtcmalloc-minimal4=2.10-1 valgrind=1:3.19.0-1
for f in *.deb; do dpkg -x "$f" .; done

cat >both.c <<'C'
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  for (int i = 0; i < 1000; i++)
    if (!malloc(10000)) return 1;
  fprintf(stderr, "%d %zu\n", mallinfo().uordblks, mallinfo2().uordblks);
}
C
gcc -O0 -fno-builtin -w both.c -o both

glibc=$(./both 2>&1)
tcmalloc=$(LD_PRELOAD=$T/usr/lib/x86_64-linux-gnu/libtcmalloc_minimal.so.4 ./both 2>&1)
valgrind=$(VALGRIND_LIB=$T/usr/libexec/valgrind usr/bin/valgrind.bin -q --tool=massif \
  --massif-out-file=massif.out ./both 2>&1)
echo "mallinfo and mallinfo2 in use: glibc $glibc, tcmalloc $tcmalloc, valgrind $valgrind"
for pair in "$tcmalloc" "$valgrind"; do
  read -r old new <<<"$pair"
  ((old >= 10000000 && new < 100000)) || {
    echo "changed: mallinfo says $old bytes, mallinfo2 $new"
    exit 1
  }
done
