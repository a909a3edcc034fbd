/*
 * What the programs share that replay requests against the malloc of their
 * process: output, requests, figures of the process, the clock.
 *
 * Nothing here allocates: requests, tables and output lie in static or mapped
 * memory. All of it that is written later has been touched once `read_requests`
 * returns, so that pages of its own are never among those of the heap.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE_BYTES = 4096, NOBODY = 0xffffffff };

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

static void number(uint64_t value, unsigned base) {
  char digits[24];
  int n = 0;
  do digits[n++] = "0123456789abcdef"[value % base];
  while (value /= base);
  while (n) put(digits[--n]);
}

/* The next column: a blank and the decimal digits. */
static void column(uint64_t value) {
  put(' ');
  number(value, 10);
}

static void fail(const char *reason) {
  ssize_t n = write(2, reason, strlen(reason));
  n = write(2, "\n", 1);
  (void)n;
  _exit(2);
}

static void touch_pages(void *p, size_t bytes) {
  for (size_t i = 0; i < bytes; i += PAGE_BYTES) ((volatile char *)p)[i] = ((volatile char *)p)[i];
}

/* New pages, all of them touched. */
static void *map(size_t bytes, int sharing) {
  void *p = mmap(0, bytes, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) fail("cannot map memory");
  touch_pages(p, bytes);
  return p;
}

/*
 * Requests: `a id size`, `c id size`, `r id size`, `m id align size`, `f id`,
 * `w id offset bytes`, `g id offset bytes`, `t pad`, `k bytes`, `o parameter
 * value`, behind a header of four numbers. Id -1 is nobody's: free(NULL). Lines
 * that begin with p or @ do nothing.
 */

struct op {
  char kind;
  uint32_t id;
  uint64_t size;  /* bytes, or the main number */
  uint64_t extra; /* alignment, parameter or offset */
};

static struct op *ops;
static size_t op_count, id_count;
static void **block; /* by id, and one place for nobody's */

static const char *at, *end;

static int skip_blanks(void) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) at++;
  return at < end;
}

static uint64_t read_number(void) {
  uint64_t value = 0;
  int negative = 0;
  if (skip_blanks() && *at == '-') negative = 1, at++;
  while (at < end && *at >= '0' && *at <= '9') value = value * 10 + (uint64_t)(*at++ - '0');
  return negative ? -value : value;
}

static void read_op(void) {
  struct op *o = &ops[op_count];
  o->kind = *at++;
  o->id = NOBODY;
  if (o->kind == 'p' || o->kind == '@') {
    while (at < end && *at != '\n') at++;
    return;
  }
  if (!strchr("acrfmwgtko", o->kind)) fail("unknown request");
  if (!strchr("tko", o->kind)) o->id = (uint32_t)read_number();
  if (strchr("mwgo", o->kind)) o->extra = read_number();
  if (o->kind != 'f') o->size = read_number();
  if (o->id != NOBODY && o->id >= id_count) id_count = o->id + (size_t)1;
  op_count++;
}

/* Text of /proc and /sys. */
static char content[1 << 16];

static void read_requests(const char *file) {
  int fd = open(file, O_RDONLY);
  off_t length = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
  if (length < 0 || lseek(fd, 0, SEEK_SET) < 0) fail("cannot open the requests");
  size_t bytes = (size_t)length, lines = 1;
  char *requests = map(bytes + 1, MAP_PRIVATE);
  for (size_t have = 0; have < bytes;) {
    ssize_t n = read(fd, requests + have, bytes - have);
    if (n <= 0) fail("cannot read the requests");
    have += (size_t)n;
  }
  close(fd);
  for (size_t i = 0; i < bytes; i++) lines += requests[i] == '\n';
  ops = map(lines * sizeof *ops, MAP_PRIVATE);
  at = requests;
  end = requests + bytes;
  for (int i = 0; i < 4; i++) read_number();
  while (skip_blanks()) read_op();
  munmap(requests, bytes + 1);
  block = map((id_count + 1) * sizeof *block, MAP_PRIVATE);
  touch_pages(out, sizeof out);
  touch_pages(content, sizeof content);
}

/* Figures of this process. */

/* The start of the file, in `content`; the file is kept open in `*fd`. */
static const char *slurp(const char *file, int *fd) {
  if (*fd < 0) *fd = open(file, O_RDONLY);
  ssize_t n = *fd < 0 ? -1 : pread(*fd, content, sizeof content - 1, 0);
  if (n < 0) fail("cannot read what the kernel says of this process");
  content[n] = 0;
  return content;
}

/* The text of /proc/self/maps, in `content`, which the kernel hands out a page at a time. */
static size_t slurp_maps(void) {
  int fd = open("/proc/self/maps", O_RDONLY);
  size_t length = 0;
  for (ssize_t n; (n = read(fd, content + length, sizeof content - 1 - length)) > 0;) length += (size_t)n;
  close(fd);
  content[length] = 0;
  return length;
}

/* Prints `V start end name` for each mapping. */
static void report_mappings(void) {
  size_t length = slurp_maps();
  for (char *c = content; c < content + length; c++) {
    text("V ");
    int column = 0;
    for (; *c != '\n'; c++) {
      if (*c == ' ') {
        column++;
        while (c[1] == ' ') c++;
        if (column == 5) put(' ');
      } else if (column == 0) {
        put(*c == '-' ? ' ' : *c);
      } else if (column == 5) {
        put(*c);
      }
    }
    put('\n');
  }
}

/*
 * Anonymous pages of this process. Both numbers come from one reading: parsing
 * the first may bring pages of the C library's code.
 */
static uint64_t anonymous_pages(void) {
  static int fd = -1;
  char *rest;
  strtoull(slurp("/proc/self/statm", &fd), &rest, 10);
  uint64_t resident = strtoull(rest, &rest, 10);
  return resident - strtoull(rest, &rest, 10);
}

static uint64_t minor_faults(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (uint64_t)usage.ru_minflt;
}

static int is_randomized(void) {
  return !(personality(0xffffffff) & ADDR_NO_RANDOMIZE);
}

static uint64_t cpu_nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void perform(const struct op *o);

/*
 * CPU nanoseconds of all operations, in a new process: its heap is fresh. Beside
 * blocks and requests they use a `table` of so many bytes.
 */
static uint64_t replay_nanoseconds(void *table, size_t bytes) {
  static uint64_t *nanoseconds;
  if (!nanoseconds) nanoseconds = map(sizeof *nanoseconds, MAP_SHARED);
  pid_t child = fork();
  if (child == 0) {
    touch_pages(block, (id_count + 1) * sizeof *block);
    touch_pages(ops, op_count * sizeof *ops);
    touch_pages(table, bytes);
    uint64_t start = cpu_nanoseconds();
    for (size_t i = 0; i < op_count; i++) perform(&ops[i]);
    *nanoseconds = cpu_nanoseconds() - start;
    _exit(0);
  }
  int status;
  if (child < 0 || waitpid(child, &status, 0) < 0 || status) fail("a replay failed");
  return *nanoseconds;
}
