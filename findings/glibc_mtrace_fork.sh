#!/usr/bin/env bash
# mtrace: a child that only exits writes the parent's log once more.
#
# Expected: a forked child that allocates nothing adds nothing to the log.
# Happens: the log is a buffered stream. The child inherits what the parent
# has not yet written and flushes it when it exits. The log then holds the
# header and the first requests twice, in one file, without process numbers,
# and mtrace(1) reports a block allocated twice in a correct program.
# Matters: a replayed log has more requests than the program made.
# Version: glibc 2.36 (libc6 and libc-devtools 2.36-9+deb12u14); needs gcc.
# Seen: 1 allocation made, 2 in the log, "Alloc 4 duplicate".
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download \
  libc6=2.36-9+deb12u14 libc-devtools=2.36-9+deb12u14
for f in *.deb; do dpkg -x "$f" .; done
lib=$T/lib/x86_64-linux-gnu

cat >forks.c <<'C'
#include <mcheck.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  mtrace();
  void *p = malloc(111);
  if (fork() == 0) exit(0);
  wait(0);
  free(p);
}
C
gcc -O0 -fno-builtin forks.c -o forks -Wl,--dynamic-linker="$lib/ld-linux-x86-64.so.2" -Wl,-rpath,"$lib"

MALLOC_TRACE=$T/log LD_PRELOAD=$lib/libc_malloc_debug.so.0 ./forks
cat log
allocations=$(grep -c ' 0x6f$' log)
headers=$(grep -c '^= Start' log)
perl usr/bin/mtrace ./forks log >report || true
duplicate=$(grep -o 'Alloc [0-9]* duplicate' report || true)
echo "malloc(111) called once, logged $allocations times, under $headers headers; mtrace(1): $duplicate"
[[ "$allocations $headers $duplicate" == "2 2 Alloc 4 duplicate" ]] || {
  echo "changed: the child no longer repeats the parent's log"
  exit 1
}
