/*
 * The log of one process: a file of 64-bit words.
 *
 *     head    a page, `struct head`
 *     window  WINDOW bytes, the end of the log
 *     body    the log before that
 *
 * Head and window are mapped, so that what is written there is in the file
 * whatever ends the process; the window is in use again and again, as memory
 * that is touched once costs more than a copy. A full window goes to the end of
 * the body. The log has `head.total` bytes, `head.body` of them in the body:
 * each is changed by one store, so the log is whole between any two of them.
 *
 * The upper byte of a record's first word says what it is, the other 56 bits
 * are its first operand. log_file.ts reads this form.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096ul
#define WINDOW (16 * PAGE)
/* Words of the longest record: a module with its path. */
#define LONGEST 640
/* Sizes from here on are a record of their own. */
#define WIDE_SIZE ((1ul << 40) - 1)

#define unlikely(condition) __builtin_expect(!!(condition), 0)

enum record {
  MALLOC = 1,  /* address; size << 24 | site */
  CALLOC,      /* the same */
  MEMALIGN,    /* address; size << 24 | site; alignment */
  REALLOC,     /* new address, 0 if there is none; size << 24 | site; old */
  FREE,        /* address */
  WIDE,        /* -; the size of the next request */
  THREAD,      /* number of the thread that runs from here on */
  THREAD_END,  /* number */
  TRIM,        /* pad */
  MALLOPT,     /* parameter << 32 | value, 24 and 32 bits */
  SBRK,        /* increment, 56 bits with sign */
  TIME,        /* microseconds since the start */
  RESIDENT,    /* bytes of anonymous memory */
  PHASE,       /* bytes of the name; the name */
  SITE,        /* number of frames; return addresses, innermost first */
  MODULE,      /* bytes of the path; start, end, load bias; the path */
  CHUNK,       /* size field of the chunk that the last request got */
  BREAK,       /* where the break is now */
  ARENA,       /* start of a heap of another arena; address of that arena */
};

struct head {
  char magic[8];
  uint64_t pid;
  uint64_t started;        /* nanoseconds since 1970 */
  uint64_t heap;           /* the break before the first request */
  uint64_t total, body;    /* bytes of the log; of its body */
  uint64_t window;         /* WINDOW */
  uint64_t ended;          /* 1: exit or _exit was called */
  uint64_t lost;           /* errno of what stopped the recorder */
  uint64_t parent_bytes;   /* log of the parent when it forked; 0: not forked */
  uint64_t own_malloc;     /* 1: malloc is not that of the C library */
  char parent[64];         /* name of the parent's log */
  char program[256];       /* path of the program */
};

static struct {
  struct head *head;       /* NULL: nothing is recorded */
  uint64_t *next, *end;    /* in the window */
  uint64_t before;         /* bytes of the log before the window */
  char path[4096];
  unsigned name_at;        /* where the file's name begins in its path */
  uint64_t started;        /* nanoseconds of the monotonic clock */
} log_;

static int open_log(int flags) {
  return (int)syscall(SYS_openat, AT_FDCWD, log_.path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static char *window(void) {
  return (char *)log_.head + PAGE;
}

/* Bytes of the log. */
static inline uint64_t log_bytes(void) {
  return log_.before + (uint64_t)((char *)log_.next - window());
}

static void stop_log(void) {
  if (log_.head) syscall(SYS_munmap, log_.head, PAGE + WINDOW);
  log_.head = NULL;
  log_.next = log_.end = NULL;
}

/* Appends the window to the body. */
static __attribute__((noinline)) void flush_window(void) {
  int saved = errno;
  long bytes = (char *)log_.next - window();
  int file = open_log(O_WRONLY);
  long done = file < 0 ? -1 : syscall(SYS_pwrite64, file, window(), bytes, PAGE + WINDOW + log_.before);
  int why = done < 0 ? errno : ENOSPC;
  if (file >= 0) syscall(SYS_close, file);
  if (done == bytes) {
    log_.before += (uint64_t)bytes;
    __atomic_store_n(&log_.head->body, log_.before, __ATOMIC_RELEASE);
    log_.next = (uint64_t *)window();
  } else {
    log_.head->lost = (uint64_t)why;
    stop_log();
  }
  errno = saved;
}

/* Room for a record of at most LONGEST words; NULL if nothing is recorded. */
static inline uint64_t *room(unsigned words) {
  if (unlikely(log_.next + words > log_.end)) {
    if (log_.head) flush_window();
    if (!log_.head) return NULL;
  }
  return log_.next;
}

static inline void publish(uint64_t *at, enum record record, uint64_t operand, unsigned words) {
  at[0] = (uint64_t)record << 56 | (operand & ((1ul << 56) - 1));
  log_.next = at + words;
  __atomic_store_n(&log_.head->total, log_bytes(), __ATOMIC_RELEASE);
}

static inline void log1(enum record record, uint64_t operand) {
  uint64_t *at = room(1);
  if (at) publish(at, record, operand, 1);
}

static inline void log2_(enum record record, uint64_t operand, uint64_t second) {
  uint64_t *at = room(2);
  if (!at) return;
  at[1] = second;
  publish(at, record, operand, 2);
}

static inline void log3(enum record record, uint64_t operand, uint64_t second, uint64_t third) {
  uint64_t *at = room(3);
  if (!at) return;
  at[1] = second;
  at[2] = third;
  publish(at, record, operand, 3);
}

/* `count` words and then `bytes` bytes behind the first word. */
static void log_words(enum record record, uint64_t operand, const uint64_t *words, unsigned count, const char *text, unsigned bytes) {
  unsigned tail = (bytes + 7) / 8;
  uint64_t *at = room(1 + count + tail);
  if (!at) return;
  memcpy(at + 1, words, count * sizeof *words);
  memcpy(at + 1 + count, text, bytes);
  publish(at, record, operand, 1 + count + tail);
}

static uint64_t nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* The head and the window of the log that `file` becomes; NULL: errno says why. */
static struct head *map_log(int file) {
  static const char zeros[PAGE + WINDOW];
  /* Written and not left empty: a page without room on the disk would kill. */
  long done = syscall(SYS_pwrite64, file, zeros, sizeof zeros, 0);
  if (done != sizeof zeros) return NULL;
  void *p = (void *)syscall(SYS_mmap, NULL, sizeof zeros, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
  return p == MAP_FAILED ? NULL : p;
}

/*
 * Begins the log of this process in `folder`. After a fork the log of the
 * parent, as far as it went then, comes before it.
 */
static void begin_log(const char *folder, int own_malloc) {
  struct head head = {.magic = "fraglog1", .pid = (uint64_t)getpid(), .window = WINDOW, .own_malloc = (uint64_t)own_malloc};
  if (log_.head) {
    head.parent_bytes = log_bytes();
    strncpy(head.parent, log_.path + log_.name_at, sizeof head.parent - 1);
    stop_log();
  }
  head.started = nanoseconds(CLOCK_REALTIME);
  head.heap = (uint64_t)(uintptr_t)sbrk(0);
  syscall(SYS_readlink, "/proc/self/exe", head.program, sizeof head.program - 1);
  size_t length = strlen(folder);
  if (length > sizeof log_.path - 40) return;
  memcpy(log_.path, folder, length);
  log_.path[length] = '/';
  log_.name_at = (unsigned)length + 1;
  int file = -1;
  for (unsigned k = 0; k < 10000 && file < 0; k++) { /* exec keeps the pid */
    snprintf(log_.path + log_.name_at, 32, "%lu.%u.log", (unsigned long)head.pid, k);
    file = open_log(O_RDWR | O_CREAT | O_EXCL);
    if (file < 0 && errno != EEXIST) return;
  }
  if (file < 0) return;
  log_.head = map_log(file);
  syscall(SYS_close, file);
  if (!log_.head) return;
  *log_.head = head;
  log_.before = 0;
  log_.next = (uint64_t *)window();
  log_.end = (uint64_t *)(window() + WINDOW);
}
