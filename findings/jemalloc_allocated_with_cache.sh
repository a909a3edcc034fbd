#!/usr/bin/env bash
# jemalloc: stats.allocated is not what the program has allocated.
#
# Expected: after a new epoch it is exact: the manual calls it the bytes
# allocated by the application. malloc(1000) adds its size class, 1,024; free
# takes it away again.
# Happens: small regions that wait in the thread's cache count as allocated.
# The first malloc fills the cache with ten regions and adds all of them; the
# free changes nothing; only thread.tcache.flush brings the figure down.
# Matters: allocated - requested is taken for internal fragmentation; with many
# threads and size classes a good part of it is free memory.
# Version: jemalloc 5.3.0 (libjemalloc2, libjemalloc-dev 5.3.0-1); needs gcc.
# Seen: malloc +10240, free +0, flush -10240.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download \
  libjemalloc2=5.3.0-1 libjemalloc-dev=5.3.0-1
for f in *.deb; do dpkg -x "$f" .; done

cat >cached.c <<'C'
#include <jemalloc/jemalloc.h>
#include <stdint.h>
#include <stdio.h>
static long change(void) {
  static size_t last;
  uint64_t epoch = 1;
  size_t now, length = sizeof now;
  mallctl("epoch", 0, 0, &epoch, sizeof epoch);
  mallctl("stats.allocated", &now, &length, 0, 0);
  long difference = (long)(now - last);
  last = now;
  return difference;
}
int main(void) {
  static char buffer[4096];
  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  change();
  void *p = malloc(1000);
  printf("malloc %+ld, ", change());
  free(p);
  printf("free %+ld, ", change());
  mallctl("thread.tcache.flush", 0, 0, 0, 0);
  printf("flush %+ld\n", change());
}
C
gcc -O0 -fno-builtin cached.c -o cached -Iusr/include -l:libjemalloc.so.2 \
  -Lusr/lib/x86_64-linux-gnu -Wl,-rpath,"$T/usr/lib/x86_64-linux-gnu"

seen=$(./cached)
echo "stats.allocated: $seen"
[[ $seen == "malloc +10240, free +0, flush -10240" ]] || {
  echo "changed: no longer malloc +10240, free +0, flush -10240"
  exit 1
}
