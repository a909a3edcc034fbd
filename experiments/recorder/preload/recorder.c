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
 * Simplified: the end of a thread stands in the log where its last destructor
 * runs, a little before it gives back its caches.
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <dlfcn.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "log.h"
#include "ranges.h"
#include "frames.h"
#include "sites.h"
#include "fraglab.h"

#define EXPORT __attribute__((visibility("default")))

/* Requests between looks at the clock. */
#define TICK 256
/* Nanoseconds between times, and between samples of resident memory, in the log. */
#define TIME_EVERY 1000000u
#define SAMPLE_EVERY 10000000u
/* Fields of a chunk of glibc, beside its size. */
#define IS_MMAPPED 2
#define IS_OF_OTHER_ARENA 4
/* Alignment of the heaps of other arenas. */
#define HEAP_MAX (64ul << 20)
#define MAX_PHASE 200

extern void *__libc_malloc(size_t) __attribute__((weak));
extern char __libc_single_threaded __attribute__((weak));

static struct {
  void *(*malloc)(size_t);
  void *(*calloc)(size_t, size_t);
  void *(*realloc)(void *, size_t);
  void *(*memalign)(size_t, size_t);
  int (*posix_memalign)(void **, size_t, size_t);
  void *(*aligned_alloc)(size_t, size_t);
  void *(*valloc)(size_t);
  void *(*pvalloc)(size_t);
  void (*free)(void *);
  int (*malloc_trim)(size_t);
  int (*mallopt)(int, int);
  void *(*sbrk)(intptr_t);
  int (*dlclose)(void *);
  void (*quick_exit)(int);
} real;

/* What a child must not inherit: its page is zero after a fork. */
static struct wiped {
  int begun;
  pthread_mutex_t lock;
} *wiped;

static struct {
  int chunks;               /* whether chunks are recorded */
  int state;                /* 0 no functions yet, 1 resolving them, 2 ready */
  uintptr_t owner;          /* the thread inside the recorder; 0: none */
  uintptr_t thread;         /* the one that made the last request */
  uintptr_t threads;        /* threads so far */
  pthread_key_t key;        /* a thread's number + 1, times 8, + rounds of destructors */
  unsigned tick;            /* requests until the next look at the clock */
  uint64_t time, sample;    /* when the last ones were */
  uintptr_t break_;         /* where it was last seen */
  volatile sig_atomic_t signals; /* SIGUSR1 so far */
  sig_atomic_t marked;      /* those in the log */
  uint64_t pid;
} self;

/* Served while the functions are being looked up, which may allocate. */
static char early[8192] __attribute__((aligned(16)));
static size_t early_used;

static void *early_alloc(size_t bytes) {
  bytes = (bytes + 15) & ~15ul;
  if (bytes > sizeof early - early_used) return NULL;
  void *p = early + early_used;
  early_used += bytes;
  return p;
}

static int is_early(const void *p) {
  return (const char *)p >= early && (const char *)p < early + sizeof early;
}

static void look_up(void) {
  self.state = 1;
  *(void **)&real.malloc = dlsym(RTLD_NEXT, "malloc");
  *(void **)&real.calloc = dlsym(RTLD_NEXT, "calloc");
  *(void **)&real.realloc = dlsym(RTLD_NEXT, "realloc");
  *(void **)&real.memalign = dlsym(RTLD_NEXT, "memalign");
  *(void **)&real.posix_memalign = dlsym(RTLD_NEXT, "posix_memalign");
  *(void **)&real.aligned_alloc = dlsym(RTLD_NEXT, "aligned_alloc");
  *(void **)&real.valloc = dlsym(RTLD_NEXT, "valloc");
  *(void **)&real.pvalloc = dlsym(RTLD_NEXT, "pvalloc");
  *(void **)&real.free = dlsym(RTLD_NEXT, "free");
  *(void **)&real.malloc_trim = dlsym(RTLD_NEXT, "malloc_trim");
  *(void **)&real.mallopt = dlsym(RTLD_NEXT, "mallopt");
  *(void **)&real.sbrk = dlsym(RTLD_NEXT, "sbrk");
  *(void **)&real.dlclose = dlsym(RTLD_NEXT, "dlclose");
  *(void **)&real.quick_exit = dlsym(RTLD_NEXT, "quick_exit");
  self.state = 2;
}

static inline int is_single_threaded(void) {
  return &__libc_single_threaded && __libc_single_threaded;
}

/* Bytes of memory that belong to no file; those of the recorder do. */
static uint64_t resident(void) {
  char text[128];
  int file = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  long got = syscall(SYS_read, file, text, sizeof text - 1);
  syscall(SYS_close, file);
  uint64_t field[3] = {0};
  unsigned k = 0;
  for (long i = 0; i < got && k < 3; i++) {
    if (text[i] == ' ') k++;
    else field[k] = field[k] * 10 + (uint64_t)(text[i] - '0');
  }
  return (field[1] - field[2]) * PAGE;
}

static void log_time(uint64_t now) {
  self.time = now;
  log1(TIME, (now - log_.started) / 1000);
}

static void log_sample(void) {
  int saved = errno;
  self.sample = nanoseconds(CLOCK_MONOTONIC);
  log_time(self.sample);
  log1(RESIDENT, resident());
  errno = saved;
}

static void log_phase(const char *name) {
  size_t bytes = strnlen(name, MAX_PHASE);
  log_sample();
  log_words(PHASE, bytes, NULL, 0, name, (unsigned)bytes);
}

static void log_signals(void) {
  while (self.marked < self.signals) {
    char name[MAX_PHASE];
    snprintf(name, sizeof name, "SIGUSR1 %d", (int)++self.marked);
    log_phase(name);
  }
}

static __attribute__((noinline)) void tick(void) {
  int saved = errno;
  self.tick = TICK;
  uint64_t now = nanoseconds(CLOCK_MONOTONIC);
  if (now - self.sample >= SAMPLE_EVERY) log_sample();
  else if (now - self.time >= TIME_EVERY) log_time(now);
  errno = saved;
}

static void on_signal(int signal) {
  (void)signal;
  self.signals++;
  self.tick = 1;
}

static void end_thread(void *value);

/* Begins the log of this process: at its first request, and after a fork. */
static __attribute__((noinline)) void begin(void) {
  int saved = errno;
  struct sigaction action;
  int is_child = self.pid != 0;
  if (!is_child) pthread_key_create(&self.key, end_thread);
  self.pid = (uint64_t)getpid();
  self.thread = 0;
  self.tick = TICK;
  self.marked = self.signals = 0;
  const char *words = getenv("FRAGLAB_RECORD");
  char *folder = NULL;
  unsigned long depth = words ? strtoul(words, &folder, 10) : 0;
  if (folder && folder[0] == ':' && folder[1] && folder[2] == ':') {
    if (!is_child) log_.started = nanoseconds(CLOCK_MONOTONIC);
    int own = &__libc_malloc && real.malloc != __libc_malloc;
    self.chunks = folder[1] == '1' && !own;
    begin_log(folder + 3, own);
    begin_sites((unsigned)depth);
  } else if (log_.window) {
    unmap_window();
  }
  if (log_.window) {
    self.break_ = (uintptr_t)real.sbrk(0);
    if (sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_handler == SIG_DFL) {
      action = (struct sigaction){.sa_handler = on_signal, .sa_flags = SA_RESTART};
      sigaction(SIGUSR1, &action, NULL);
    }
    log_sample();
  }
  wiped->begun = 1;
  errno = saved;
}

static void map_wiped(void) {
  int saved = errno;
  void *page = (void *)syscall(SYS_mmap, NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page != MAP_FAILED && syscall(SYS_madvise, page, PAGE, MADV_WIPEONFORK) == 0) wiped = page;
  else {
    static struct wiped kept; /* a child goes unrecorded, on an old kernel */
    wiped = &kept;
  }
  errno = saved;
}

/* The running thread has changed. */
static __attribute__((noinline)) void switch_thread(uintptr_t thread) {
  int saved = errno;
  uintptr_t value = (uintptr_t)pthread_getspecific(self.key);
  if (value == 0) {
    value = ++self.threads << 3;
    pthread_setspecific(self.key, (void *)value);
  }
  self.thread = thread;
  log1(THREAD, (value >> 3) - 1);
  errno = saved;
}

/*
 * Takes the lock; 2 if it was needed, 1 if not. 0: nothing is recorded, as the
 * recorder or the allocator below it calls itself.
 */
static inline int enter(void) {
  uintptr_t thread = (uintptr_t)__builtin_thread_pointer();
  int how = 1;
  if (unlikely(self.state != 2)) {
    if (self.state == 1) return 0;
    look_up();
  }
  if (unlikely(!wiped)) map_wiped();
  if (unlikely(__atomic_load_n(&self.owner, __ATOMIC_RELAXED) == thread)) return 0;
  if (!is_single_threaded()) {
    pthread_mutex_lock(&wiped->lock);
    how = 2;
  }
  __atomic_store_n(&self.owner, thread, __ATOMIC_RELAXED);
  if (unlikely(!wiped->begun)) begin();
  if (unlikely(self.thread != thread)) switch_thread(thread);
  if (unlikely(--self.tick == 0)) {
    log_signals();
    tick();
  }
  return how;
}

static inline void leave(int how) {
  __atomic_store_n(&self.owner, 0, __ATOMIC_RELAXED);
  if (how == 2) pthread_mutex_unlock(&wiped->lock);
}

/* Threads end in the last round of destructors: others' may still allocate. */
static void end_thread(void *value) {
  uintptr_t state = (uintptr_t)value + 1;
  if ((state & 7) < PTHREAD_DESTRUCTOR_ITERATIONS) {
    pthread_setspecific(self.key, (void *)state);
    return;
  }
  int how = enter();
  if (how == 0) return;
  log1(THREAD_END, (state >> 3) - 1);
  self.thread = 0;
  pthread_setspecific(self.key, NULL);
  leave(how);
}

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
    real.free(p);
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
  if (unlikely(how == 0)) return real.realloc(old, size);
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
  if (log_.window && self.pid == (uint64_t)getpid()) {
    log_signals();
    log_sample();
    set_head(offsetof(struct head, ended), 1);
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
