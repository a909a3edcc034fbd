/*
 * The log of one process: 64-bit words in a file that is mapped, part by part,
 * so that what is written is in the file whatever ends the process.
 *
 * The file begins with a page, `struct head`. Records follow. The upper byte of
 * a record's first word says what it is, the other 56 bits are its first
 * operand. That word is stored last: a record is there or not. A zero word is
 * the end. log_reader.ts reads this form.
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
/* Bytes of the log that are mapped: few at first, for processes of no account. */
#define FIRST_WINDOW (16 * PAGE)
#define LARGEST_WINDOW (512 * PAGE)
/* Words of the longest record: a module with its path. */
#define LONGEST 640
/* Sizes from here on are a record of their own. */
#define WIDE_SIZE ((1ul << 40) - 1)

#define unlikely(condition) __builtin_expect(!!(condition), 0)

enum record {
  END_OF_LOG,
  MALLOC,      /* address; size << 24 | site */
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
  uint64_t ended;          /* 1: exit or _exit was called */
  uint64_t lost;           /* errno of what stopped the recorder */
  uint64_t parent_bytes;   /* log of the parent when it forked; 0: not forked */
  uint64_t own_malloc;     /* 1: malloc is not that of the C library */
  char parent[64];         /* name of the parent's log */
  char program[256];       /* path of the program */
};

static struct {
  uint64_t *next, *end;    /* in the window; next == end: nothing is recorded */
  char *window;
  uint64_t window_at, window_bytes; /* in the file */
  char path[4096];
  unsigned name_at;        /* where the file's name begins in its path */
  uint64_t started;        /* nanoseconds of the monotonic clock */
} log_;

static int open_log(int flags) {
  return (int)syscall(SYS_openat, AT_FDCWD, log_.path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static uint64_t log_position(void) {
  return log_.window_at + (uint64_t)((char *)log_.next - log_.window);
}

/* Sets a member of the head. */
static void set_head(size_t offset, uint64_t value) {
  int file = open_log(O_WRONLY);
  if (file < 0) return;
  syscall(SYS_pwrite64, file, &value, sizeof value, offset);
  syscall(SYS_close, file);
}

static void unmap_window(void) {
  if (log_.window) syscall(SYS_munmap, log_.window, log_.window_bytes);
  log_.window = NULL;
  log_.next = log_.end = NULL;
}

/*
 * Reserves `bytes` of the file from `at` on: a page of a mapping without room
 * on the disk would kill the program.
 */
static int reserve(int file, uint64_t at, uint64_t bytes) {
  static const char zeros[PAGE];
  if (syscall(SYS_fallocate, file, 0, at, bytes) == 0) return 1;
  if (errno == ENOSPC || errno == EFBIG) return 0;
  for (uint64_t done = 0; done < bytes; done += PAGE) {
    if (syscall(SYS_pwrite64, file, zeros, PAGE, at + done) != (long)PAGE) return 0;
  }
  return 1;
}

/* Maps the window that begins with the page of the next word. */
static void slide(void) {
  int saved = errno;
  uint64_t position = log_position();
  uint64_t at = position & ~(PAGE - 1);
  uint64_t bytes = log_.window_bytes * 2;
  if (bytes > LARGEST_WINDOW) bytes = LARGEST_WINDOW;
  unmap_window();
  int file = open_log(O_RDWR);
  char *window = MAP_FAILED;
  /* The page of the next word is there already. */
  if (file >= 0 && reserve(file, at + PAGE, bytes - PAGE)) {
    window = (char *)syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, at);
  }
  int why = errno;
  if (file >= 0) syscall(SYS_close, file);
  if (window == MAP_FAILED) {
    log_.window_at = position;
    set_head(offsetof(struct head, lost), (uint64_t)why);
  } else {
    log_.window = window;
    log_.window_at = at;
    log_.window_bytes = bytes;
    log_.next = (uint64_t *)(window + (position - at));
    log_.end = (uint64_t *)(window + bytes);
  }
  errno = saved;
}

/* Room for a record of at most LONGEST words; NULL once recording has stopped. */
static inline uint64_t *room(unsigned words) {
  if (unlikely(log_.next + words >= log_.end)) {
    if (!log_.window) return NULL;
    slide();
    if (!log_.window) return NULL;
  }
  return log_.next;
}

static inline void publish(uint64_t *at, enum record record, uint64_t operand, unsigned words) {
  __atomic_store_n(at, (uint64_t)record << 56 | (operand & ((1ul << 56) - 1)), __ATOMIC_RELEASE);
  log_.next = at + words;
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

/*
 * Begins the log of this process in `folder`. After a fork the log of the
 * parent, as far as it went then, comes before it.
 */
static void begin_log(const char *folder, int own_malloc) {
  struct head head = {.magic = "fraglog1", .pid = (uint64_t)getpid(), .own_malloc = (uint64_t)own_malloc};
  if (log_.window) {
    head.parent_bytes = log_position();
    strncpy(head.parent, log_.path + log_.name_at, sizeof head.parent - 1);
    unmap_window();
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
  static char page[PAGE];
  memcpy(page, &head, sizeof head);
  if (syscall(SYS_pwrite64, file, page, PAGE, 0) == (long)PAGE && reserve(file, PAGE, FIRST_WINDOW)) {
    char *window = (char *)syscall(SYS_mmap, NULL, FIRST_WINDOW, PROT_READ | PROT_WRITE, MAP_SHARED, file, PAGE);
    if (window != MAP_FAILED) {
      log_.window = window;
      log_.window_at = PAGE;
      log_.window_bytes = FIRST_WINDOW;
      log_.next = (uint64_t *)window;
      log_.end = (uint64_t *)(window + FIRST_WINDOW);
    }
  }
  syscall(SYS_close, file);
}
