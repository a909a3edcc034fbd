/* Every function that the recorder knows, once. */
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "start.h"

/* Compilers would leave out what is not used. */
static void *volatile last;

static void *used(void *p) {
  last = p;
  return p;
}

int main(void) {
  start();
  FRAGLAB_PHASE("begin");
  void *volatile none = NULL;
  volatile size_t huge = SIZE_MAX / 2, three = 3, count = 5;
  void *a = used(malloc(100));
  void *b = used(calloc(count, 7));
  void *c = used(realloc(none, 30));
  c = used(realloc(c, 4000));
  c = used(reallocarray(c, 1000, count));
  void *d = used(memalign(64, 65));
  void *e = used(aligned_alloc(32, 64));
  void *f = NULL;
  if (posix_memalign(&f, 4096, 10) != 0) return 1;
  if (posix_memalign(&f, three, 10) != EINVAL) return 2;
  void *g = used(valloc(11));
  void *h = used(pvalloc(12));
  if (used(malloc(huge + 7)) || used(calloc(huge, 8)) || used(realloc(a, huge))) return 3;
  if (used(reallocarray(a, huge, huge))) return 4;
  mallopt(M_TOP_PAD, 65536);
  sbrk(4096);
  malloc_trim(1000);
  free(none);
  free(a);
  if (used(realloc(b, 0))) return 5;
  FRAGLAB_PHASE("two\nlines");
  free(c);
  free(d);
  free(e);
  free(f);
  free(g);
  free(h);
  return 7;
}
