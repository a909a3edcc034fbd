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
 * Requests are malloc, calloc, realloc, memalign and free; others are refused. A
 * realloc that fails keeps the old block.
 *
 * Lines:
 *   A name path        the object that a function of this process lies in
 *   R 0|1              whether addresses are randomised
 *   H state            huge pages of the machine: always, madvise or never
 *   V start end name   a mapping before the first request
 *   D start end        a gap in the pages of a writable segment
 *   P break            where the break is then
 *   X start bytes library             variables of the thread
 *   S op live pages faults failures   live: requested bytes; pages: anonymous,
 *                      of /proc/self/statm
 *   E op anonymous huge               the same exactly, kilobytes of smaps_rollup
 *   F phase            the next figures are those after it
 *   T operations nanoseconds
 *   U size usable
 *   N name version     what the allocator says of itself, at the end: asked, it
 *                      may take memory for the answer
 */
#include "replay.h"
#include <link.h>
#include <sys/prctl.h>

#ifndef M_MMAP_THRESHOLD /* not glibc */
#define M_MMAP_THRESHOLD 0
#endif

enum { WORK = 10000 };

static uint64_t *asked; /* bytes of each block */
static uint64_t live, failures;

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
  case 'm': take(o->id, o->size, memalign(o->extra, o->size)); break;
  case 'f': if (o->id != NOBODY) release(o->id); break;
  default: fail("no request for memory");
  }
}

/* Figures of this process. */

static void report(uint64_t op) {
  put('S');
  column(op);
  column(live);
  column(anonymous_pages());
  column(minor_faults());
  column(failures);
  put('\n');
}

static uint64_t kilobytes(const char *name) {
  const char *found = strstr(content, name);
  return found ? strtoull(found + strlen(name), 0, 10) : 0;
}

static void report_exactly(uint64_t op) {
  static int fd = -1;
  slurp("/proc/self/smaps_rollup", &fd);
  put('E');
  column(op);
  column(kilobytes("\nAnonymous:"));
  column(kilobytes("\nAnonHugePages:"));
  put('\n');
}

static void report_phase(const char *name) {
  text("F ");
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
  slurp_maps();
  for (char *line = content, *next; (next = strchr(line, '\n')); line = next + 1) {
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
  text("N ");
  if (mallctl) {
    const char *version = "?";
    size_t length = sizeof version;
    mallctl("version", &version, &length, 0, 0);
    text("jemalloc ");
    text(version);
  } else if (mi_version) {
    text("mimalloc");
    column((uint64_t)mi_version());
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
  const char *from = fd < 0 ? 0 : strchr(slurp(0, &fd), '[');
  char *to = from ? strchr(from, ']') : 0;
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
  put('R');
  column((uint64_t)is_randomized());
  put('\n');
  report_huge_pages();
}

/* The address space before the first request. */

static void report_range(const char *name, uintptr_t from, uintptr_t to) {
  text(name);
  number(from, 16);
  put(' ');
  number(to, 16);
  put('\n');
}

/* A segment's own bytes are not its gaps, nor are pages that were made read-only. */
static int report_segments(struct dl_phdr_info *object, size_t size, void *data) {
  uintptr_t sealed = 0, unsealed = 0, base = object->dlpi_addr;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[i];
    if (part->p_type != PT_GNU_RELRO) continue;
    sealed = part->p_vaddr & -PAGE_BYTES;
    unsealed = (part->p_vaddr + part->p_memsz) & -PAGE_BYTES;
  }
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[i];
    if (part->p_type == PT_TLS && object->dlpi_tls_data) {
      text("X ");
      number((uintptr_t)object->dlpi_tls_data, 16);
      column(part->p_memsz);
      put(' ');
      text(object->dlpi_name);
      put('\n');
    }
    if (part->p_type != PT_LOAD || (part->p_flags & (PF_R | PF_W)) != (PF_R | PF_W)) continue;
    uintptr_t from = part->p_vaddr, to = from + part->p_memsz;
    uintptr_t gaps[2][2] = {{from & -PAGE_BYTES, from}, {to, (to + PAGE_BYTES - 1) & -PAGE_BYTES}};
    for (int k = 0; k < 2; k++) {
      uintptr_t start = gaps[k][0], stop = gaps[k][1];
      if (start >= sealed && start < unsealed) start = unsealed;
      if (stop >= sealed && stop < unsealed) stop = sealed;
      if (start < stop) report_range("D ", base + start, base + stop);
    }
  }
  return 0;
}

static void report_space(void) {
  report_mappings();
  dl_iterate_phdr(report_segments, 0);
  text("P ");
  number((uintptr_t)sbrk(0), 16);
  put('\n');
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
  report_space();
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

static void measure(long times) {
  uint64_t nanoseconds = 0;
  for (long k = 0; k < times; k++) nanoseconds += replay_nanoseconds(asked, id_count * sizeof *asked);
  put('T');
  column((uint64_t)times * op_count);
  column(nanoseconds);
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
    column(size);
    column(usable);
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
    asked = map((id_count + 1) * sizeof *asked, MAP_PRIVATE);
    if (times > 0) measure(times);
    else replay(every, exactly, seconds);
  }
  report_version();
  flush();
  return 0;
}
