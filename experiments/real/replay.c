/*
 * Replays requests against whatever malloc this process has, and tells what
 * they cost.
 *
 *   replay [-s N] [-x N] [-H] [-i SECONDS] requests.rep   memory
 *   replay -t N requests.rep                              time
 *   replay -u BYTES                                       usable sizes
 *     -s N  figures every N operations;  -x N  exact ones, too, every N
 *     -H    no huge pages
 *     -i    frees all at the end, idles, works a little, calls the allocator's
 *           own purge: figures after each
 *     -t N  CPU time of N replays, each in a process of its own, no payload
 *           written
 *     -u    the usable size of every request of 1..BYTES, where it changes
 *
 * Requests: `a id size`, `c id size`, `r id size`, `m id align size`, `f id`,
 * behind a header of four numbers. A realloc that fails keeps the old block.
 *
 * Lines:
 *   A name path        the object that a function of this process lies in
 *   V name version     what the allocator says of itself
 *   R 0|1              whether addresses are randomised
 *   H state            huge pages of the machine: always, madvise or never
 *   S op live pages faults failures   live: requested bytes; pages: anonymous,
 *                      of /proc/self/statm
 *   X op anonymous huge               kilobytes of smaps_rollup
 *   P phase            the next figures are those after it
 *   T operations nanoseconds
 *   U size usable
 *
 * Nothing here allocates: requests, tables and output lie in static or mapped
 * memory that has been touched before the first figures.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef M_MMAP_THRESHOLD /* not glibc */
#define M_MMAP_THRESHOLD 0
#endif

enum { PAGE_BYTES = 4096, NOBODY = 0xffffffff, WORK = 10000 };

struct op {
  char kind;
  uint32_t id;
  uint64_t size, align;
};

static struct op *ops;
static size_t op_count, id_count;
static void **block;
static uint64_t *asked;
static uint64_t live, failures;

/* Output. */

static char out[1 << 16];
static size_t out_length;

static void flush(void) {
  for (size_t done = 0; done < out_length;) {
    ssize_t n = write(1, out + done, out_length - done);
    if (n <= 0) _exit(3);
    done += (size_t)n;
  }
  out_length = 0;
}

static void put(char c) {
  if (out_length == sizeof out) flush();
  out[out_length++] = c;
}

static void text(const char *s) {
  while (*s) put(*s++);
}

static void number(uint64_t value) {
  char digits[24];
  int n = 0;
  do digits[n++] = (char)('0' + value % 10);
  while (value /= 10);
  put(' ');
  while (n) put(digits[--n]);
}

static void fail(const char *reason) {
  ssize_t n = write(2, reason, strlen(reason));
  n = write(2, "\n", 1);
  (void)n;
  _exit(2);
}

static void *map(size_t bytes, int sharing) {
  void *p = mmap(0, bytes, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) fail("cannot map memory");
  memset(p, 0, bytes);
  return p;
}

/* The requests. */

static const char *at, *end;

static int skip_blanks(void) {
  while (at < end && (*at == ' ' || *at == '\n')) at++;
  return at < end;
}

static uint64_t read_number(void) {
  uint64_t value = 0;
  if (skip_blanks() && *at == '-') return at += 2, NOBODY; /* free(NULL) */
  while (at < end && *at >= '0' && *at <= '9') value = value * 10 + (uint64_t)(*at++ - '0');
  return value;
}

static void read_requests(const char *file) {
  int fd = open(file, O_RDONLY);
  off_t length = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
  if (length < 0 || lseek(fd, 0, SEEK_SET) < 0) fail("cannot open the requests");
  size_t bytes = (size_t)length, lines = 1;
  char *content = map(bytes + 1, MAP_PRIVATE);
  for (size_t have = 0; have < bytes;) {
    ssize_t n = read(fd, content + have, bytes - have);
    if (n <= 0) fail("cannot read the requests");
    have += (size_t)n;
  }
  close(fd);
  for (size_t i = 0; i < bytes; i++) lines += content[i] == '\n';
  ops = map(lines * sizeof *ops, MAP_PRIVATE);
  at = content;
  end = content + bytes;
  for (int i = 0; i < 4; i++) read_number();
  while (skip_blanks()) {
    struct op *o = &ops[op_count++];
    o->kind = *at++;
    o->id = (uint32_t)read_number();
    if (o->kind == 'm') o->align = read_number();
    if (o->kind != 'f') o->size = read_number();
    if (o->id != NOBODY && o->id >= id_count) id_count = o->id + (size_t)1;
  }
  munmap(content, bytes + 1);
  block = map((id_count + 1) * sizeof *block, MAP_PRIVATE);
  asked = map((id_count + 1) * sizeof *asked, MAP_PRIVATE);
}

static void take(uint32_t id, uint64_t size, void *p) {
  if (!p && size > 0) {
    failures++;
    return;
  }
  block[id] = p;
  live += (p ? size : 0) - asked[id];
  asked[id] = p ? size : 0;
}

static void release(uint32_t id) {
  free(block[id]);
  live -= asked[id];
  block[id] = 0;
  asked[id] = 0;
}

/* Of a block to no bytes, which frees it: some allocators give another one. */
static void resize(uint32_t id, uint64_t size) {
  if (!block[id] || size > 0) return take(id, size, realloc(block[id], size));
  block[id] = realloc(block[id], 0);
  release(id);
}

static void perform(const struct op *o) {
  switch (o->kind) {
  case 'a': take(o->id, o->size, malloc(o->size)); break;
  case 'c': take(o->id, o->size, calloc(1, o->size)); break;
  case 'r': resize(o->id, o->size); break;
  case 'm': take(o->id, o->size, memalign(o->align, o->size)); break;
  case 'f': if (o->id != NOBODY) release(o->id); break;
  default: fail("unknown request");
  }
}

/* Figures of this process. */

static char content[1 << 13];

/* The file's text, in `content`; a file that is kept open if `*fd` is. */
static const char *slurp(const char *file, int *fd) {
  if (*fd < 0) *fd = open(file, O_RDONLY);
  ssize_t n = *fd < 0 ? -1 : pread(*fd, content, sizeof content - 1, 0);
  if (n < 0) fail("cannot read /proc/self");
  content[n] = 0;
  return content;
}

static uint64_t field(const char *s, int index) {
  while (index--) s = strchr(s, ' ') + 1;
  return strtoull(s, 0, 10);
}

static void report(uint64_t op) {
  static int fd = -1;
  struct rusage usage;
  const char *statm = slurp("/proc/self/statm", &fd);
  getrusage(RUSAGE_SELF, &usage);
  put('S');
  number(op);
  number(live);
  number(field(statm, 1) - field(statm, 2));
  number((uint64_t)usage.ru_minflt);
  number(failures);
  put('\n');
}

static uint64_t kilobytes(const char *name) {
  const char *found = strstr(content, name);
  return found ? strtoull(found + strlen(name), 0, 10) : 0;
}

static void report_exactly(uint64_t op) {
  static int fd = -1;
  slurp("/proc/self/smaps_rollup", &fd);
  put('X');
  number(op);
  number(kilobytes("\nAnonymous:"));
  number(kilobytes("\nAnonHugePages:"));
  put('\n');
}

static void report_phase(const char *name) {
  text("P ");
  text(name);
  put('\n');
  report(op_count);
  report_exactly(op_count);
}

/* Who answers. */

extern int mallctl(const char *, void *, size_t *, void *, size_t) __attribute__((weak));
extern int mi_version(void) __attribute__((weak));
extern void mi_collect(int) __attribute__((weak));
extern const char *tc_version(int *, int *, const char **) __attribute__((weak));
extern void MallocExtension_ReleaseFreeMemory(void) __attribute__((weak));
extern const char *gnu_get_libc_version(void) __attribute__((weak));
extern int malloc_trim(size_t) __attribute__((weak));
extern int mallopt(int, int) __attribute__((weak));

/* Prints the name of the mapping that `function` lies in. */
static void report_object(const char *name, uintptr_t function) {
  static char maps[1 << 16];
  int fd = open("/proc/self/maps", O_RDONLY);
  size_t length = 0;
  for (ssize_t n; (n = read(fd, maps + length, sizeof maps - 1 - length)) > 0;) length += (size_t)n;
  close(fd);
  maps[length] = 0;
  for (char *line = maps, *next; (next = strchr(line, '\n')); line = next + 1) {
    char *dash;
    uintptr_t from = strtoull(line, &dash, 16), to = strtoull(dash + 1, 0, 16);
    if (function < from || function >= to) continue;
    *next = 0;
    char *path = strchr(line, '/');
    text("A ");
    text(name);
    put(' ');
    text(path ? path : "?");
    put('\n');
    return;
  }
}

static void report_version(void) {
  text("V ");
  if (mallctl) {
    const char *version = "?";
    size_t length = sizeof version;
    mallctl("version", &version, &length, 0, 0);
    text("jemalloc ");
    text(version);
  } else if (mi_version) {
    text("mimalloc");
    number((uint64_t)mi_version());
  } else if (tc_version) {
    int major, minor;
    const char *patch;
    text("tcmalloc ");
    text(tc_version(&major, &minor, &patch));
  } else if (gnu_get_libc_version) {
    text("glibc ");
    text(gnu_get_libc_version());
  } else {
    text("? ?");
  }
  put('\n');
}

/* The word in brackets, of a list of all states. */
static void report_huge_pages(void) {
  int fd = open("/sys/kernel/mm/transparent_hugepage/enabled", O_RDONLY);
  ssize_t n = fd < 0 ? -1 : read(fd, content, sizeof content - 1);
  content[n < 0 ? 0 : n] = 0;
  char *from = strchr(content, '['), *to = from ? strchr(from, ']') : 0;
  if (to) *to = 0;
  text("H ");
  text(to ? from + 1 : "never");
  put('\n');
  if (fd >= 0) close(fd);
}

static void report_self(void) {
  report_object("malloc", (uintptr_t)malloc);
  report_object("calloc", (uintptr_t)calloc);
  report_object("realloc", (uintptr_t)realloc);
  report_object("memalign", (uintptr_t)memalign);
  report_object("free", (uintptr_t)free);
  report_version();
  put('R');
  number(!(personality(0xffffffff) & ADDR_NO_RANDOMIZE));
  put('\n');
  report_huge_pages();
}

/* 1 if the allocator has a call that gives free memory back, and did it. */
static int purge(void) {
  if (mallctl) return mallctl("arena.4096.purge", 0, 0, 0, 0) == 0;
  if (mi_collect) return mi_collect(1), 1;
  if (MallocExtension_ReleaseFreeMemory) return MallocExtension_ReleaseFreeMemory(), 1;
  if (tc_version || !malloc_trim) return 0;
  return malloc_trim(0), 1;
}

/* The three uses. */

static void idle(long seconds) {
  for (size_t id = 0; id < id_count; id++) release((uint32_t)id);
  report_phase("freed");
  nanosleep(&(struct timespec){.tv_sec = seconds}, 0);
  report_phase("idle");
  for (int i = 0; i < WORK; i++) {
    block[0] = malloc(16 + (size_t)(i % 64) * 16);
    if (block[0]) memset(block[0], 1, 16);
    free(block[0]);
  }
  block[0] = 0;
  report_phase("work");
  if (purge()) report_phase("purged");
}

/* Bytes that may be live: what the machine has, and some left for others. */
static uint64_t room(void) {
  int fd = -1;
  const char *found = strstr(slurp("/proc/meminfo", &fd), "\nMemAvailable:");
  close(fd);
  return found ? strtoull(found + 14, 0, 10) * 1024 / 4 * 3 : UINT64_MAX;
}

static void replay(long every, long exactly, long seconds) {
  uint64_t most = room();
  report(0); /* opens its files */
  report_exactly(0);
  flush();
  report(0);
  report_exactly(0);
  for (size_t i = 0; i < op_count; i++) {
    const struct op *o = &ops[i];
    perform(o);
    if (live > most) fail("the requests hold more memory than this machine has");
    if (o->kind != 'f' && block[o->id]) memset(block[o->id], (int)(i | 1), asked[o->id]);
    if ((i + 1) % (size_t)every == 0) report(i + 1);
    if ((i + 1) % (size_t)exactly == 0) report_exactly(i + 1);
  }
  if (op_count % (size_t)every) report(op_count);
  if (op_count % (size_t)exactly) report_exactly(op_count);
  if (seconds >= 0) idle(seconds);
}

static uint64_t cpu_nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void touch(void *p, size_t bytes) {
  for (size_t i = 0; i < bytes; i += PAGE_BYTES) ((volatile char *)p)[i] = ((volatile char *)p)[i];
}

static void measure(long times) {
  uint64_t *nanoseconds = map(sizeof *nanoseconds, MAP_SHARED);
  for (long k = 0; k < times; k++) {
    pid_t child = fork();
    if (child == 0) {
      touch(block, id_count * sizeof *block);
      touch(asked, id_count * sizeof *asked);
      touch(ops, op_count * sizeof *ops);
      uint64_t start = cpu_nanoseconds();
      for (size_t i = 0; i < op_count; i++) perform(&ops[i]);
      *nanoseconds += cpu_nanoseconds() - start;
      _exit(0);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) < 0 || status) fail("a replay failed");
  }
  put('T');
  number((uint64_t)times * op_count);
  number(*nanoseconds);
  put('\n');
}

/* glibc's threshold stays where it begins: it rises with what is freed. */
static void sizes(uint64_t most) {
  uint64_t last = 0;
  if (mallopt) mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  for (uint64_t size = 1; size <= most; size++) {
    void *p = malloc(size);
    uint64_t usable = malloc_usable_size(p);
    free(p);
    if (usable == last) continue;
    last = usable;
    put('U');
    number(size);
    number(usable);
    put('\n');
  }
}

int main(int argc, char **argv) {
  long every = 1000, exactly = 100000, times = 0, most = 0, seconds = -1;
  for (int c; (c = getopt(argc, argv, "s:x:t:u:i:H")) != -1;) {
    switch (c) {
    case 's': every = strtol(optarg, 0, 10); break;
    case 'x': exactly = strtol(optarg, 0, 10); break;
    case 't': times = strtol(optarg, 0, 10); break;
    case 'u': most = strtol(optarg, 0, 10); break;
    case 'i': seconds = strtol(optarg, 0, 10); break;
    case 'H': if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0)) fail("cannot disable huge pages"); break;
    default: fail("unknown option");
    }
  }
  report_self();
  if (most > 0) {
    sizes((uint64_t)most);
  } else {
    if (!argv[optind]) fail("usage: replay [options] requests.rep");
    read_requests(argv[optind]);
    if (times > 0) measure(times);
    else replay(every, exactly, seconds);
  }
  flush();
  return 0;
}
