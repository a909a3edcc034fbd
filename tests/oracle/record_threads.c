/*
 * Records what a program with threads asks of malloc, and what it gets. Is
 * loaded before the C library:
 *
 *     LD_PRELOAD=record_threads.so FRAGLAB_LOG=FILE program ...
 *
 * One lock is held during each call and while it is written down, so the log
 * has the calls in the order in which the library saw them. A thread that ends
 * keeps the lock, from the last of its destructors on: its arena is released
 * after that, and the kernel then gives the lock, which is robust, to the next
 * caller, who writes the end down.
 *
 * The first line names the release of the library. Then, a line a call: thread,
 * operation (a malloc, c calloc, m memalign, r realloc, f free, t malloc_trim,
 * o mallopt, E the thread ends), old address, size (value, pad), alignment
 * (parameter), new address, and of it: word before it, arena and number of
 * heaps below its own; of main's blocks, the start of the break and 0.
 * Addresses and that word are hexadecimal, the rest is decimal.
 *
 * Left out: calls after exit began, and those of child processes.
 * x86-64; heaps are 64 MiB.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <gnu/libc-version.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROWS (1 << 24)
#define HEAP ((uintptr_t)64 << 20)
#define MAPPED 2
#define NOT_MAIN 4

void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);
void __libc_free(void *);

typedef struct {
  int thread;
  char op;
  uintptr_t old, new, head, arena;
  size_t size, align;
  int below;
} row;

/* What begins a heap. */
typedef struct heap { uintptr_t arena; struct heap *below; } heap;

static row *rows;
static size_t count;
static int recording = 1, threads;
static uintptr_t first_break;
static pthread_mutex_t lock;
static pthread_key_t ending;
static int (*real_trim)(size_t), (*real_mallopt)(int, int);
static int dying = -1;
static __thread int self __attribute__((tls_model("initial-exec"))) = -1;
static __thread int holding __attribute__((tls_model("initial-exec")));

static void write_down(row r) {
  if (!recording) return;
  if (count == ROWS) recording = 0;
  else rows[count++] = r;
}

/* Takes the lock, and writes the end of its last holder down if that is gone. */
static void take(void) {
  if (pthread_mutex_lock(&lock) == EOWNERDEAD) {
    write_down((row){.thread = dying, .op = 'E'});
    pthread_mutex_consistent(&lock);
  }
  holding = 1;
}

/* Runs in each of the rounds that destructors get, and in the last one holds
   on to the lock. */
static void end_of_thread(void *round) {
  intptr_t n = (intptr_t)round;
  if (n < PTHREAD_DESTRUCTOR_ITERATIONS) {
    pthread_setspecific(ending, (void *)(n + 1));
    return;
  }
  take();
  dying = self;
}

static void only_parent(void) { recording = 0; }

static void begin(void) {
  pthread_mutexattr_t robust;
  pthread_mutexattr_init(&robust);
  pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&lock, &robust);
  pthread_key_create(&ending, end_of_thread);
  rows = mmap(0, ROWS * sizeof(row), PROT_READ | PROT_WRITE,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  first_break = (uintptr_t)sbrk(0);
}

/* 1 if the lock was held already: by a call within a call, or at the end. */
static int enter(void) {
  if (!rows) begin(); /* the program has one thread yet */
  int held = holding;
  if (!held) take();
  if (self < 0) {
    self = threads++;
    if (self > 0) pthread_setspecific(ending, (void *)1);
  }
  return held;
}

static void leave(int held, row r) {
  r.thread = self;
  r.arena = first_break;
  if (r.new) {
    r.head = ((uintptr_t *)r.new)[-1];
    if ((r.head & (MAPPED | NOT_MAIN)) == NOT_MAIN) {
      heap *h = (heap *)(r.new & ~(HEAP - 1));
      r.arena = h->arena;
      while ((h = h->below)) r.below++;
    }
  }
  write_down(r);
  holding = held;
  if (!held) pthread_mutex_unlock(&lock);
}

#define CALL(letter, call, ...) \
  int held = enter(); \
  void *new = call; \
  int error = errno; \
  leave(held, (row){.op = letter, .new = (uintptr_t)new, __VA_ARGS__}); \
  errno = error; \
  return new;

void *malloc(size_t size) {
  CALL('a', __libc_malloc(size), .size = size)
}
void *calloc(size_t n, size_t size) {
  CALL('c', __libc_calloc(n, size), .size = n * size)
}
void *realloc(void *old, size_t size) {
  CALL('r', __libc_realloc(old, size), .old = (uintptr_t)old, .size = size)
}
void *memalign(size_t align, size_t size) {
  CALL('m', __libc_memalign(align, size), .size = size, .align = align)
}
void free(void *old) {
  if (!old) return;
  int error = errno, held = enter();
  __libc_free(old);
  leave(held, (row){.op = 'f', .old = (uintptr_t)old});
  errno = error;
}
void *aligned_alloc(size_t align, size_t size) { return memalign(align, size); }
void *valloc(size_t size) { return memalign(getpagesize(), size); }
int posix_memalign(void **to, size_t align, size_t size) {
  if (align % sizeof(void *) || !align || (align & (align - 1))) return EINVAL;
  void *new = memalign(align, size);
  if (!new) return ENOMEM;
  *to = new;
  return 0;
}
int malloc_trim(size_t pad) {
  int held = enter(), done = real_trim(pad);
  leave(held, (row){.op = 't', .size = pad});
  return done;
}
int mallopt(int parameter, int value) {
  int held = enter(), done = real_mallopt(parameter, value);
  leave(held, (row){.op = 'o', .size = value, .align = parameter});
  return done;
}

__attribute__((constructor)) static void start(void) {
  real_trim = dlsym(RTLD_NEXT, "malloc_trim");
  real_mallopt = dlsym(RTLD_NEXT, "mallopt");
  pthread_atfork(0, 0, only_parent);
  unsetenv("LD_PRELOAD"); /* programs that it starts are not recorded */
}

__attribute__((destructor)) static void finish(void) {
  if (!recording || !rows) return;
  int held = enter();
  recording = 0;
  if (!held) pthread_mutex_unlock(&lock);
  holding = 0;
  const char *name = getenv("FRAGLAB_LOG");
  FILE *log = name ? fopen(name, "w") : 0;
  if (!log) return;
  fprintf(log, "glibc %s\n", gnu_get_libc_version());
  for (row *r = rows; r < rows + count; r++)
    fprintf(log, "%d %c %lx %ld %zu %lx %lx %lx %d\n", r->thread, r->op, r->old,
            (long)r->size, r->align, r->new, r->head, r->arena, r->below);
  fclose(log);
}
