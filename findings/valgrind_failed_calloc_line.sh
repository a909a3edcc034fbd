#!/usr/bin/env bash
# valgrind --trace-malloc: after a refused calloc the next request continues
# its line.
#
# Expected: a request a line, a result after each: "malloc(10) = 0x...", and
# "= 0x0" where it fails, as malloc and realloc print it.
# Happens: a calloc whose product overflows prints neither result nor newline.
# The following request is glued to it, without the "--pid--" mark that starts
# every other line.
# Matters: a reader that takes the log line by line loses an allocation and
# later meets a free of an unknown block.
# Version: valgrind 1:3.19.0-1; needs gcc.
# Seen: calloc(1099511627776,1073741824)malloc(77) = 0x...
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download valgrind=1:3.19.0-1
dpkg -x valgrind_*.deb .

cat >refused.c <<'C'
#include <stdlib.h>
int main(void) {
  volatile size_t count = (size_t)1 << 40, size = (size_t)1 << 30;
  if (malloc(count << 6)) return 1;  /* too large: refused */
  if (calloc(count, size)) return 1; /* 2^70 bytes: refused */
  free(malloc(77));
}
C
gcc -O0 -fno-builtin -w refused.c -o refused

# Massif, for it needs no debug symbols of the C library; Memcheck does the same.
VALGRIND_LIB=$T/usr/libexec/valgrind usr/bin/valgrind.bin --tool=massif --massif-out-file=massif.out \
  --trace-malloc=yes --log-file=log ./refused
grep -E 'malloc|calloc' log | tee lines
glued=$(grep -oE 'calloc\([0-9,]*\).*malloc\(77\)' lines || true)
[[ $glued == "calloc(1099511627776,1073741824)malloc(77)" ]] || {
  echo "changed: the refused calloc has a line of its own"
  exit 1
}
