#!/usr/bin/env bash
# wait4() reports the peak memory of a child that never had it.
#
# Expected: ru_maxrss of a child is the child's own peak, after exec that of
# the new program.
# Happens: exec keeps the peak of the address space it leaves. A child of
# posix_spawn leaves its parent's (that of a vfork as well), and the peak is what
# counts: memory freed long ago is in it. /bin/true "needs" 200 MB.
# GNU time is right because it is small: put it between and the figure is true.
# Matters: a harness that keeps results in memory adds itself to each run.
# Version: the kernel it runs on (seen: 6.18); coreutils 9.1-1, time 1.9-0.2; needs
# gcc.
# Seen: spawned 205,664 KiB, through time 1,028 KiB.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download coreutils=9.1-1 time=1.9-0.2
for f in *.deb; do dpkg -x "$f" .; done

cat >spawn.c <<'C'
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
extern char **environ;
int main(int count, char **arguments) {
  size_t bytes = 200 << 20;
  char *p = malloc(bytes);
  memset(p, 1, bytes);
  free(p); /* gone before the child is born */
  pid_t child;
  int status;
  struct rusage usage;
  if (posix_spawn(&child, arguments[1], 0, 0, arguments + 1, environ)) return 1;
  wait4(child, &status, 0, &usage);
  printf("%ld\n", usage.ru_maxrss);
  return status != 0;
}
C
gcc -O0 -fno-builtin spawn.c -o spawn

spawned=$(./spawn bin/true)
./spawn usr/bin/time -f %M -o timed bin/true >/dev/null
timed=$(<timed)
echo "peak of /bin/true: spawned $spawned KiB, by GNU time in between $timed KiB"
((spawned >= 200 * 1024 && timed < 20000)) || {
  echo "changed: the spawned child's peak is no longer the parent's"
  exit 1
}
