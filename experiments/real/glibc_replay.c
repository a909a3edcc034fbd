/*
 * Replays a .rep trace against the malloc of this process and prints, per
 * operation, where the block lies.
 *
 *   replay [-s N] [-q] [-w | -p] [-R] [-g] [-T N] trace.rep
 *     -s N  a line of figures every N operations
 *     -q    no line per operation
 *     -w    write every byte of each new block;  -p  one byte per page
 *     -R    without address space randomisation
 *     -g    do not read chunk headers: for other allocators than glibc's
 *     -T N  print CPU nanoseconds per operation, median of N fresh processes
 *
 * Lines:
 *   # bits=.. ops=.. ids=.. pre_arena=.. heap0=.. anchor=..
 *   V start end name       a mapping before the first operation
 *   <op> H offset usable   block below the break, offset from the first break
 *   <op> M page usable d   mapped block: offset in its page; distance to anchor
 *   <op> X page usable d   neither of both
 *   <op> 0                 refused;  <op> -  no block is returned
 *   b offset               the break moved
 *   S op break arena hblks hblkhd uordblks fordblks keepcost fsmblks ordblks
 *     smblks rss minflt    figures; rss in pages
 *   ! aborted              the library found a contradiction and gave up
 * Offsets and distances are hexadecimal.
 *
 * Nothing here allocates: the trace, the tables and the output lie in static
 * or mapped memory, so that the heap is untouched before the first operation.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOBODY = 0xffffffff, PAGE_BYTES = 4096 };

struct op {
  char kind;
  uint32_t id;
  uint64_t size;  /* bytes, or the main number */
  uint64_t extra; /* alignment, parameter or offset */
};

static struct {
  long every, repetitions;
  int quiet, fill, pages, fixed, generic;
  const char *file;
} option;

static struct op *ops;
static size_t op_count;
static uint32_t highest_id;
static void **block;
static uintptr_t heap0, anchor;

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

static void on_abort(int signal) {
  static const char line[] = "! aborted\n";
  (void)signal;
  flush();
  _exit(write(1, line, sizeof line - 1) < 0);
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

static void distance(int64_t value) {
  if (value < 0) put('-');
  number(value < 0 ? -(uint64_t)value : (uint64_t)value, 16);
}

static void figure(const char *name, uint64_t value, unsigned base) {
  text(name);
  number(value, base);
}

static void fail(const char *reason) {
  ssize_t n = write(2, reason, strlen(reason));
  n = write(2, "\n", 1);
  (void)n;
  _exit(2);
}

static void *map(size_t bytes) {
  void *p = mmap(0, bytes, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) fail("cannot map memory");
  return p;
}

/* The trace. */

static const char *at, *end;

static int skip_blanks(void) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) at++;
  return at < end;
}

static void skip_line(void) {
  while (at < end && *at != '\n') at++;
}

static uint64_t read_number(void) {
  uint64_t value = 0;
  int negative = 0;
  if (skip_blanks() && *at == '-') negative = 1, at++;
  while (at < end && *at >= '0' && *at <= '9') value = value * 10 + (uint64_t)(*at++ - '0');
  return negative ? -value : value;
}

static void read_op(void) {
  char kind = *at++;
  struct op *o = &ops[op_count];
  switch (kind) {
  case 'a': case 'c': case 'r':
    o->id = (uint32_t)read_number();
    o->size = read_number();
    break;
  case 'f':
    o->id = (uint32_t)read_number();
    break;
  case 'm': case 'w': case 'g':
    o->id = (uint32_t)read_number();
    o->extra = read_number();
    o->size = read_number();
    break;
  case 't': case 'k':
    o->id = NOBODY;
    o->size = read_number();
    break;
  case 'o':
    o->id = NOBODY;
    o->extra = read_number();
    o->size = read_number();
    break;
  case 'p': case '@':
    o->id = NOBODY;
    skip_line();
    break;
  default:
    fail("unknown operation in trace");
  }
  o->kind = kind;
  if (o->id != NOBODY && o->id > highest_id) highest_id = o->id;
  op_count++;
}

static void read_trace(void) {
  int fd = open(option.file, O_RDONLY);
  off_t length = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
  if (length < 0 || lseek(fd, 0, SEEK_SET) < 0) fail("cannot open the trace");
  size_t bytes = (size_t)length, have = 0, lines = 2;
  char *content = map(bytes + 1);
  while (have < bytes) {
    ssize_t n = read(fd, content + have, bytes - have);
    if (n <= 0) fail("cannot read the trace");
    have += (size_t)n;
  }
  close(fd);
  for (size_t i = 0; i < bytes; i++) lines += content[i] == '\n';
  ops = map(lines * sizeof *ops);
  at = content;
  end = content + bytes;
  for (int i = 0; i < 4; i++) read_number(); /* the header */
  while (skip_blanks()) read_op();
  munmap(content, bytes + 1);
  size_t table = (highest_id + (size_t)2) * sizeof *block;
  block = map(table);
  for (size_t i = 0; i < table; i += PAGE_BYTES) ((volatile char *)block)[i] = 0;
}

/* Reports. */

/* Releases before 2.33 have mallinfo only, whose fields are short. */
extern struct mallinfo2 mallinfo2(void) __attribute__((weak));

static struct mallinfo2 heap_figures(void) {
  if (mallinfo2) return mallinfo2();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  struct mallinfo m = mallinfo();
#pragma GCC diagnostic pop
  return (struct mallinfo2){
      .arena = (unsigned)m.arena, .hblks = (unsigned)m.hblks, .hblkhd = (unsigned)m.hblkhd,
      .uordblks = (unsigned)m.uordblks, .fordblks = (unsigned)m.fordblks,
      .keepcost = (unsigned)m.keepcost, .fsmblks = (unsigned)m.fsmblks,
      .ordblks = (unsigned)m.ordblks, .smblks = (unsigned)m.smblks};
}

static long resident_pages(void) {
  char content[128];
  int fd = open("/proc/self/statm", O_RDONLY);
  ssize_t n = read(fd, content, sizeof content - 1);
  close(fd);
  if (n <= 0) return 0;
  content[n] = 0;
  char *second = strchr(content, ' ');
  return second ? strtol(second, 0, 10) : 0;
}

static void report_figures(uint64_t op) {
  struct mallinfo2 m = heap_figures();
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  long resident = resident_pages();
  figure("S ", op, 10);
  figure(" ", (uintptr_t)sbrk(0) - heap0, 16);
  const size_t figures[] = {m.arena, m.hblks, m.hblkhd, m.uordblks, m.fordblks,
                            m.keepcost, m.fsmblks, m.ordblks, m.smblks};
  for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) figure(" ", figures[i], 10);
  figure(" ", (uint64_t)resident, 10);
  figure(" ", (uint64_t)usage.ru_minflt, 10);
  put('\n');
}

static void report_block(void *p) {
  if (!p) {
    text(" 0\n");
    return;
  }
  uintptr_t address = (uintptr_t)p;
  int mapped = !option.generic && (((size_t *)p)[-1] & 2);
  if (!mapped && address >= heap0 && address < (uintptr_t)sbrk(0)) {
    figure(" H ", address - heap0, 16);
    figure(" ", malloc_usable_size(p), 10);
  } else {
    figure(mapped ? " M " : " X ", address % PAGE_BYTES, 16);
    figure(" ", malloc_usable_size(p), 10);
    put(' ');
    distance((int64_t)(address - (uint64_t)anchor));
  }
  put('\n');
}

/* Prints start, end and name of each line of /proc/self/maps. */
static void report_mappings(void) {
  static char content[1 << 16];
  int fd = open("/proc/self/maps", O_RDONLY);
  size_t length = 0;
  for (ssize_t n; (n = read(fd, content + length, sizeof content - 1 - length)) > 0;) length += (size_t)n;
  close(fd);
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

/* The replay. */

static void touch(const struct op *o) {
  char *p = block[o->id];
  if (!p) return;
  if (o->kind == 'w') memset(p + o->extra, 1, o->size);
  else for (uint64_t i = 0; i < o->size; i++) (void)((volatile char *)p)[o->extra + i];
}

/* Performs an operation; whether it returns a block. */
static int perform(const struct op *o) {
  void **b = &block[o->id == NOBODY ? highest_id + 1 : o->id];
  switch (o->kind) {
  case 'a': *b = malloc(o->size); return 1;
  case 'c': *b = calloc(1, o->size); return 1;
  case 'm': *b = memalign(o->extra, o->size); return 1;
  case 'r': *b = realloc(*b, o->size); return 1;
  case 'f': free(*b); *b = 0; return 0;
  case 't': malloc_trim(o->size); return 0;
  case 'o': mallopt((int)o->extra, (int)o->size); return 0;
  case 'k': sbrk((intptr_t)o->size); return 0;
  case 'w': case 'g': touch(o); return 0;
  default: return 0;
  }
}

static void write_payload(char *p, size_t bytes, size_t op) {
  if (option.fill) memset(p, (int)(op | 1), bytes);
  else if (option.pages) for (size_t i = 0; i < bytes; i += PAGE_BYTES) ((volatile char *)p)[i] = 1;
}

static void replay(void) {
  uintptr_t last_break = heap0;
  report_figures(0);
  for (size_t i = 0; i < op_count; i++) {
    const struct op *o = &ops[i];
    int returns = perform(o);
    if (returns && block[o->id]) write_payload(block[o->id], o->size, i);
    if (!option.quiet) {
      number(i, 10);
      if (returns) report_block(block[o->id]);
      else text(" -\n");
      uintptr_t now = (uintptr_t)sbrk(0);
      if (now != last_break) {
        text("b ");
        distance((int64_t)(now - (uint64_t)heap0));
        put('\n');
        last_break = now;
      }
    }
    if (option.every && (i + 1) % (size_t)option.every == 0) report_figures(i + 1);
  }
  if (!option.every || op_count % (size_t)option.every) report_figures(op_count);
}

/* Timing. */

static uint64_t cpu_nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Each repetition is a child, so that its heap is fresh. */
static void measure(void) {
  double *nanoseconds = map((size_t)option.repetitions * sizeof *nanoseconds);
  double *shared = mmap(0, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  for (long k = 0; k < option.repetitions; k++) {
    pid_t child = fork();
    if (child == 0) {
      uint64_t start = cpu_nanoseconds();
      for (size_t i = 0; i < op_count; i++) perform(&ops[i]);
      *shared = (double)(cpu_nanoseconds() - start) / (double)op_count;
      _exit(0);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) < 0 || status) fail("a repetition failed");
    nanoseconds[k] = *shared;
  }
  qsort(nanoseconds, (size_t)option.repetitions, sizeof *nanoseconds, ascending);
  figure("T ops=", op_count, 10);
  figure(" ps_per_op=", (uint64_t)(nanoseconds[option.repetitions / 2] * 1000), 10);
  put('\n');
}

static void read_options(int argc, char **argv) {
  for (int c; (c = getopt(argc, argv, "s:T:qwpRg")) != -1;) {
    switch (c) {
    case 's': option.every = strtol(optarg, 0, 10); break;
    case 'T': option.repetitions = strtol(optarg, 0, 10); break;
    case 'q': option.quiet = 1; break;
    case 'w': option.fill = 1; break;
    case 'p': option.pages = 1; break;
    case 'R': option.fixed = 1; break;
    case 'g': option.generic = 1; break;
    default: fail("unknown option");
    }
  }
  option.file = argv[optind];
  if (!option.file) fail("usage: replay [-s N] [-q] [-w | -p] [-R] [-g] [-T N] trace.rep");
}

int main(int argc, char **argv) {
  read_options(argc, argv);
  int persona = personality(0xffffffff);
  if (option.fixed && !(persona & ADDR_NO_RANDOMIZE)) {
    personality((unsigned long)persona | ADDR_NO_RANDOMIZE);
    execv("/proc/self/exe", argv);
    fail("cannot start again without randomisation");
  }
  signal(SIGABRT, on_abort);
  read_trace();
  anchor = (uintptr_t)map(PAGE_BYTES);
  size_t arena = option.generic ? 0 : heap_figures().arena;
  heap0 = (uintptr_t)sbrk(0);
  if (option.repetitions > 0) {
    measure();
  } else {
    figure("# bits=", sizeof(void *) * 8, 10);
    figure(" ops=", op_count, 10);
    figure(" ids=", (uint64_t)highest_id + 1, 10);
    figure(" pre_arena=", arena, 10);
    figure(" heap0=", heap0, 16);
    figure(" anchor=", anchor, 16);
    put('\n');
    if (!option.quiet) report_mappings();
    replay();
  }
  flush();
  return 0;
}
