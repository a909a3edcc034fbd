/*
 * Phase marks for programs that `deno task record` records.
 *
 *     #include "fraglab.h"
 *     FRAGLAB_PHASE("filled");
 *
 * It costs a test of a pointer where nobody records. One line does as well:
 *
 *     extern void fraglab_phase(const char *) __attribute__((weak));
 *
 * and a call where that is not null. Needs position-independent code, which
 * compilers make by default.
 */
#ifndef FRAGLAB_H
#define FRAGLAB_H

#ifdef __cplusplus
extern "C" {
#endif

/* Ends a phase; `name` has at most 200 printable characters. */
extern void fraglab_phase(const char *name) __attribute__((weak));

#ifdef __cplusplus
}
#endif

#define FRAGLAB_PHASE(name) \
  do { \
    if (fraglab_phase) fraglab_phase(name); \
  } while (0)

#endif
