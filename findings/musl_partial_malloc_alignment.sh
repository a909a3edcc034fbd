#!/usr/bin/env bash
# musl: a tracer that wraps malloc, realloc and free makes every aligned
# allocation fail.
#
# Expected: a preloaded library that counts these calls and passes them on to
# musl changes nothing; posix_memalign and aligned_alloc, which it does not
# touch, go on to work, as they do with glibc.
# Happens: at start the dynamic linker notes whether malloc and aligned_alloc
# come from musl. If malloc alone does not, musl takes its own aligned_alloc for
# that of another heap and refuses each call with ENOMEM, for 64 bytes too.
# Memory is not short, and nothing tells why. A tracer that wraps aligned_alloc
# as well has no such effect.
# Matters: wrappers written for glibc, and allocators that bring only the four
# functions of C90, break programs on Alpine that work everywhere else.
# Version: musl 1.2.3-1; needs gcc.
# Seen: alone: 0; malloc wrapped: ENOMEM (12); aligned_alloc wrapped too: 0.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download musl=1.2.3-1 musl-dev=1.2.3-1
for f in *.deb; do dpkg -x "$f" .; done
sed "s:/usr/:$T/usr/:g" usr/lib/x86_64-linux-musl/musl-gcc.specs >musl.specs
musl=$T/lib/x86_64-linux-musl

cat >tracer.c <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
static unsigned long calls;
#define NEXT(name) (calls++, dlsym(RTLD_NEXT, name))
void *malloc(size_t n) { return ((void *(*)(size_t))NEXT("malloc"))(n); }
void *realloc(void *p, size_t n) { return ((void *(*)(void *, size_t))NEXT("realloc"))(p, n); }
void free(void *p) { ((void (*)(void *))NEXT("free"))(p); }
#ifdef ALIGNED
void *aligned_alloc(size_t a, size_t n) { return ((void *(*)(size_t, size_t))NEXT("aligned_alloc"))(a, n); }
#endif
C
cat >aligned.c <<'C'
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  void *p = malloc(100), *q;
  if (!p) return 1;
  printf("%d\n", posix_memalign(&q, 64, 64));
}
C
compile() { gcc -specs musl.specs -O1 -fno-builtin "$@" -L"$musl" -Wl,-rpath,"$musl"; }
compile aligned.c -o aligned
compile -shared -fPIC tracer.c -o malloc.so
compile -shared -fPIC -DALIGNED tracer.c -o aligned_alloc.so

alone=$("$musl/libc.so" ./aligned)
wrapped=$("$musl/libc.so" --preload ./malloc.so ./aligned)
both=$("$musl/libc.so" --preload ./aligned_alloc.so ./aligned)
echo "posix_memalign alone: $alone; malloc wrapped: $wrapped; aligned_alloc wrapped too: $both"
[[ "$alone $wrapped $both" == "0 12 0" ]] || {
  echo "changed: no longer 0, 12 (ENOMEM) and 0"
  exit 1
}
