/*
 * The recorder: a library that is loaded before all others (LD_PRELOAD) and
 * writes down what a program asks of malloc.
 *
 * A request and its record are made under one lock, so the log has the order in
 * which the allocator worked, with any number of threads. The recorder asks the
 * program's malloc for nothing, has no thread-local variables (they would
 * lengthen what pthread_create allocates) and keeps no file open, so the
 * program gets the addresses that it gets without it.
 *
 * What it is told, in the variable FRAGLAB_RECORD: `depth:chunks:folder`, the
 * frames of a site, whether (1) the size field of each chunk is wanted, which
 * only glibc's malloc has, and the folder for logs.
 *
 * A thread's end stands in the log where the next thread asks for something, who
 * waits until the ended one is gone.
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <malloc.h>

#include "log.h"
#include "ranges.h"
#include "frames.h"
#include "sites.h"
#include "process.h"
#include "fraglab.h"

#define EXPORT __attribute__((visibility("default")))

/* Fields of a chunk of glibc, beside its size. */
#define IS_MMAPPED 2
#define IS_OF_OTHER_ARENA 4
/* Alignment of the heaps of other arenas. */
#define HEAP_MAX (64ul << 20)

/* What glibc says of the block at `p`, which the last record is about. */
static __attribute__((noinline)) void log_chunk(const void *p) {
  static uintptr_t heap;
  uint64_t size = ((const uint64_t *)p)[-1];
  log1(CHUNK, size);
  if ((size & IS_OF_OTHER_ARENA) && ((uintptr_t)p & -HEAP_MAX) != heap) {
    heap = (uintptr_t)p & -HEAP_MAX;
    log2_(ARENA, heap, *(const uint64_t *)heap);
  }
}

static void log_break(void) {
  uintptr_t now = (uintptr_t)real.sbrk(0);
  if (now != self.break_) log1(BREAK, now);
  self.break_ = now;
}

/* `caller` is the frame address of the function that the program called. */
static inline __attribute__((always_inline)) uint32_t site(const uintptr_t *caller) {
#ifdef __x86_64__
  return sites.depth ? site_at(caller[1], (uintptr_t)(caller + 2), caller[0]) : 0;
#else
  (void)caller;
  return 0;
#endif
}

#define SITE_HERE() site(__builtin_frame_address(0))

static inline uint64_t sized(size_t size, uint32_t where) {
  if (unlikely(size >= WIDE_SIZE)) {
    log2_(WIDE, 0, size);
    size = WIDE_SIZE;
  }
  return (uint64_t)size << 24 | where;
}

static inline void after(const void *p) {
  if (unlikely(self.chunks)) {
    if (p) log_chunk(p);
    log_break();
  }
}

EXPORT void *malloc(size_t size) {
  int how = enter();
  if (unlikely(how == 0)) return self.state == 2 ? real.malloc(size) : early_alloc(size);
  void *p = real.malloc(size);
  log2_(MALLOC, (uintptr_t)p, sized(size, SITE_HERE()));
  after(p);
  leave(how);
  return p;
}

EXPORT void free(void *p) {
  if (unlikely(is_early(p))) return;
  int how = enter();
  if (unlikely(how == 0)) {
    if (real.free) real.free(p);
    return;
  }
  real.free(p);
  log1(FREE, (uintptr_t)p);
  after(NULL);
  leave(how);
}

EXPORT void *calloc(size_t count, size_t size) {
  int how = enter();
  if (unlikely(how == 0)) return self.state == 2 ? real.calloc(count, size) : early_alloc(count * size);
  void *p = real.calloc(count, size);
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) bytes = SIZE_MAX;
  log2_(CALLOC, (uintptr_t)p, sized(bytes, SITE_HERE()));
  after(p);
  leave(how);
  return p;
}

static inline __attribute__((always_inline)) void *reallocate(void *old, size_t size, const uintptr_t *caller) {
  if (unlikely(is_early(old))) {
    void *fresh = malloc(size);
    size_t held = (size_t)(early + sizeof early - (char *)old);
    if (fresh) memcpy(fresh, old, size < held ? size : held);
    return fresh;
  }
  int how = enter();
  if (unlikely(how == 0)) return real.realloc ? real.realloc(old, size) : early_alloc(size);
  void *p = real.realloc(old, size);
  log3(REALLOC, (uintptr_t)p, sized(size, site(caller)), (uintptr_t)old);
  after(p);
  leave(how);
  return p;
}

EXPORT void *realloc(void *old, size_t size) {
  return reallocate(old, size, __builtin_frame_address(0));
}

EXPORT void *reallocarray(void *old, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return NULL;
  }
  return reallocate(old, bytes, __builtin_frame_address(0));
}

/* `call` gives a block of `size` bytes at a multiple of `alignment`. */
#define ALIGNED(alignment, size, call) \
  int how = enter(); \
  if (unlikely(how == 0)) return call; \
  void *p = call; \
  log3(MEMALIGN, (uintptr_t)p, sized(size, SITE_HERE()), alignment); \
  after(p); \
  leave(how); \
  return p

EXPORT void *memalign(size_t alignment, size_t size) {
  ALIGNED(alignment, size, real.memalign(alignment, size));
}

EXPORT void *aligned_alloc(size_t alignment, size_t size) {
  ALIGNED(alignment, size, real.aligned_alloc(alignment, size));
}

EXPORT void *valloc(size_t size) {
  ALIGNED(PAGE, size, real.valloc(size));
}

EXPORT void *pvalloc(size_t size) {
  ALIGNED(PAGE, (size + PAGE - 1) & -PAGE, real.pvalloc(size));
}

EXPORT int posix_memalign(void **to, size_t alignment, size_t size) {
  int how = enter();
  if (unlikely(how == 0)) return real.posix_memalign(to, alignment, size);
  int error = real.posix_memalign(to, alignment, size);
  void *p = error == 0 ? *to : NULL;
  if (error != EINVAL) log3(MEMALIGN, (uintptr_t)p, sized(size, SITE_HERE()), alignment);
  after(p);
  leave(how);
  return error;
}

EXPORT int malloc_trim(size_t pad) {
  int how = enter();
  if (how == 0) return real.malloc_trim(pad);
  int result = real.malloc_trim(pad);
  log1(TRIM, pad);
  after(NULL);
  leave(how);
  return result;
}

EXPORT int mallopt(int parameter, int value) {
  int how = enter();
  if (how == 0) return real.mallopt(parameter, value);
  int result = real.mallopt(parameter, value);
  log1(MALLOPT, (uint64_t)(uint32_t)parameter << 32 | (uint32_t)value);
  after(NULL);
  leave(how);
  return result;
}

/* malloc itself does not come this way. */
EXPORT void *sbrk(intptr_t increment) {
  int how = enter();
  if (how == 0) return real.sbrk(increment);
  void *result = real.sbrk(increment);
  if (increment != 0 && result != (void *)-1) {
    log1(SBRK, (uint64_t)increment);
    after(NULL);
  }
  leave(how);
  return result;
}

/* Other code may come to lie at the same addresses. */
EXPORT int dlclose(void *handle) {
  int how = enter();
  if (how != 0) leave(how);
  int result = real.dlclose(handle);
  how = enter();
  if (how != 0) {
    forget_code();
    leave(how);
  }
  return result;
}

EXPORT void fraglab_phase(const char *name) {
  int how = enter();
  if (how == 0) return;
  log_phase(name);
  leave(how);
}

/* The log is whole so far; what follows is recorded nevertheless. */
static void finish(void) {
  int how = enter();
  if (how == 0) return;
  if (log_.head && self.pid == (uint64_t)getpid()) {
    log_signals();
    log_sample();
    log_.head->ended = 1;
  }
  leave(how);
}

__attribute__((constructor)) static void on_load(void) {
  int how = enter();
  if (how != 0) leave(how);
}

__attribute__((destructor)) static void on_exit_(void) {
  finish();
}

EXPORT void _exit(int code) {
  finish();
  for (;;) syscall(SYS_exit_group, code);
}

EXPORT void _Exit(int code) {
  _exit(code);
}

EXPORT void quick_exit(int code) {
  finish();
  real.quick_exit(code);
  for (;;) ;
}
