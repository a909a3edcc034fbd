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
 *     smblks pages minflt  figures; pages: anonymous, of /proc/self/statm
 *   ! aborted              the library found a contradiction and gave up
 * Offsets and distances are hexadecimal.
 */
#include "replay.h"
#include <signal.h>

static struct {
  long every, repetitions;
  int quiet, fill, pages, fixed, generic;
  const char *file;
} option;

static uintptr_t heap0, anchor;

/* Output. */

static void on_abort(int signal) {
  static const char line[] = "! aborted\n";
  (void)signal;
  flush();
  _exit(write(1, line, sizeof line - 1) < 0);
}

static void distance(int64_t value) {
  if (value < 0) put('-');
  number(value < 0 ? -(uint64_t)value : (uint64_t)value, 16);
}

static void figure(const char *name, uint64_t value, unsigned base) {
  text(name);
  number(value, base);
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

static void report_figures(uint64_t op) {
  struct mallinfo2 m = heap_figures();
  figure("S ", op, 10);
  figure(" ", (uintptr_t)sbrk(0) - heap0, 16);
  const size_t figures[] = {m.arena, m.hblks, m.hblkhd, m.uordblks, m.fordblks,
                            m.keepcost, m.fsmblks, m.ordblks, m.smblks};
  for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) column(figures[i]);
  column(anonymous_pages());
  column(minor_faults());
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
    column(malloc_usable_size(p));
  } else {
    figure(mapped ? " M " : " X ", address % PAGE_BYTES, 16);
    column(malloc_usable_size(p));
    put(' ');
    distance((int64_t)(address - (uint64_t)anchor));
  }
  put('\n');
}

/* The replay. */

static void touch(const struct op *o) {
  char *p = block[o->id];
  if (!p) return;
  if (o->kind == 'w') memset(p + o->extra, 1, o->size);
  else for (uint64_t i = 0; i < o->size; i++) (void)((volatile char *)p)[o->extra + i];
}

static void perform(const struct op *o) {
  void **b = &block[o->id == NOBODY ? id_count : o->id];
  switch (o->kind) {
  case 'a': *b = malloc(o->size); break;
  case 'c': *b = calloc(1, o->size); break;
  case 'm': *b = memalign(o->extra, o->size); break;
  case 'r': *b = realloc(*b, o->size); break;
  case 'f': free(*b); *b = 0; break;
  case 't': malloc_trim(o->size); break;
  case 'o': mallopt((int)o->extra, (int)o->size); break;
  case 'k': sbrk((intptr_t)o->size); break;
  default: touch(o);
  }
}

/* Whether an operation returns a block. */
static int returns_block(const struct op *o) {
  return strchr("acmr", o->kind) != 0;
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
    int returns = returns_block(o);
    perform(o);
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

static int ascending(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* The median of some repetitions. */
static void measure(void) {
  size_t count = (size_t)option.repetitions;
  uint64_t *nanoseconds = map(count * sizeof *nanoseconds, MAP_PRIVATE);
  for (size_t k = 0; k < count; k++) nanoseconds[k] = replay_nanoseconds(0, 0);
  qsort(nanoseconds, count, sizeof *nanoseconds, ascending);
  figure("T ops=", op_count, 10);
  figure(" ps_per_op=", (uint64_t)((double)nanoseconds[count / 2] * 1000 / (double)op_count), 10);
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
  if (option.fixed && is_randomized()) {
    personality((unsigned long)personality(0xffffffff) | ADDR_NO_RANDOMIZE);
    execv("/proc/self/exe", argv);
    fail("cannot start again without randomisation");
  }
  signal(SIGABRT, on_abort);
  read_requests(option.file);
  anchor = (uintptr_t)map(PAGE_BYTES, MAP_PRIVATE);
  size_t arena = option.generic ? 0 : heap_figures().arena;
  heap0 = (uintptr_t)sbrk(0);
  if (option.repetitions > 0) {
    measure();
  } else {
    figure("# bits=", sizeof(void *) * 8, 10);
    figure(" ops=", op_count, 10);
    figure(" ids=", id_count, 10);
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
