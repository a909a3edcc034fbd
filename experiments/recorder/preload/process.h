/*
 * The process that is recorded: its allocator, its threads, its forks, and the
 * marks of times, samples and phases in its log.
 */
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

/* Requests between looks at the clock. */
#define TICK 256
/* Nanoseconds between times, and between samples of resident memory, in the log. */
#define TIME_EVERY 1000000u
#define SAMPLE_EVERY 10000000u
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
  struct {                  /* a thread whose destructors have run */
    uintptr_t thread;       /* 0: none */
    uintptr_t number;
    long tid;
  } ending;
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
  self.thread = self.ending.thread = 0;
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
  } else if (log_.head) {
    stop_log();
  }
  if (log_.head) {
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

/* The address of the thread's own memory, which no other thread has. */
static inline uintptr_t this_thread(void) {
#ifdef __x86_64__ /* GCC knows the builtin from version 11 on */
  uintptr_t thread;
  __asm__("mov %%fs:0, %0" : "=r"(thread));
  return thread;
#else
  return (uintptr_t)__builtin_thread_pointer();
#endif
}

/*
 * Waits, without the lock, until the thread that is ending is no more: it gives
 * back its caches after all that can be seen of it. Not for ever, as it may need
 * what the running thread holds.
 */
static void await_end(long tid) {
  struct timespec pause = {0, 50000};
  for (unsigned k = 0; k < 10000; k++) {
    if (syscall(SYS_tgkill, self.pid, tid, 0) != 0) return;
    if (k < 20) sched_yield();
    else syscall(SYS_nanosleep, &pause, NULL);
  }
}

/* The running thread has changed. */
static __attribute__((noinline)) void switch_thread(uintptr_t thread, int how) {
  int saved = errno;
  uintptr_t value = (uintptr_t)pthread_getspecific(self.key);
  if (self.ending.thread == thread && self.ending.tid == syscall(SYS_gettid)) {
    log1(THREAD, self.ending.number); /* it frees something still */
    errno = saved;
    return;
  }
  while (self.ending.thread) {
    uintptr_t number = self.ending.number;
    long tid = self.ending.tid;
    __atomic_store_n(&self.owner, 0, __ATOMIC_RELAXED);
    if (how == 2) pthread_mutex_unlock(&wiped->lock);
    await_end(tid);
    if (how == 2) pthread_mutex_lock(&wiped->lock);
    __atomic_store_n(&self.owner, thread, __ATOMIC_RELAXED);
    if (self.ending.thread && self.ending.number == number) { /* nobody else did */
      log1(THREAD_END, number);
      self.ending.thread = 0;
    }
  }
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
  uintptr_t thread = this_thread();
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
  if (unlikely(self.thread != thread)) switch_thread(thread, how);
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
  pthread_setspecific(self.key, value);
  int how = enter();
  if (how == 0) return;
  self.thread = 0;
  self.ending.thread = this_thread();
  self.ending.number = (state >> 3) - 1;
  self.ending.tid = syscall(SYS_gettid);
  pthread_setspecific(self.key, NULL);
  leave(how);
}
