#!/usr/bin/env bash
# mallinfo2() adds up all arenas; its manual says it sees only the main one.
#
# Expected: by mallinfo(3), section BUGS, memory of other arenas is left out,
# so threads that allocate in arenas of their own do not change the figures.
# Happens: arena, uordblks and fordblks are sums over every arena. Only
# keepcost, the free memory at the top, is the main arena's alone.
# Matters: an estimate that adds the "missing" thread arenas counts them
# twice, and keepcost belongs to a smaller heap than the figures beside it.
# Version: glibc 2.36 (libc6 2.36-9+deb12u14), manpages-dev 6.03-2; needs gcc.
# Seen: a thread allocates 600,000 bytes; uordblks grows by 602,704, the main
# arena's keepcost falls by 288 (bookkeeping of the thread).
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download \
  libc6=2.36-9+deb12u14 manpages-dev=6.03-2
for f in *.deb; do dpkg -x "$f" .; done
lib=$T/lib/x86_64-linux-gnu

cat >arenas.c <<'C'
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
static void *ten_blocks(void *unused) {
  for (int i = 0; i < 10; i++)
    if (!malloc(60000)) abort();
  return unused;
}
int main(void) {
  pthread_t thread;
  free(malloc(1)); /* the main arena exists */
  struct mallinfo2 before = mallinfo2();
  pthread_create(&thread, 0, ten_blocks, 0);
  pthread_join(thread, 0);
  struct mallinfo2 after = mallinfo2();
  printf("%zu %zu\n", after.uordblks - before.uordblks, before.keepcost - after.keepcost);
}
C
gcc -O0 -fno-builtin arenas.c -o arenas -Wl,--dynamic-linker="$lib/ld-linux-x86-64.so.2" -Wl,-rpath,"$lib"

read -r used top <<<"$(./arenas)"
claim=$(zcat usr/share/man/man3/mallinfo.3.gz | tr '\n' ' ' | grep -Ec 'only the main [a-z ]*area') || true
echo "in use: +$used bytes; top of the main arena: -$top bytes; the manual says it sees only the main arena: $claim"
((used >= 600000 && top < 4096 && claim == 1)) || {
  echo "changed: the thread's 600,000 bytes are no longer counted, or the manual was corrected"
  exit 1
}
