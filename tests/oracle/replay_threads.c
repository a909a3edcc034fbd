/*
 * Replays a .rep trace of several threads against the malloc of this process,
 * strictly one operation at a time, and prints where each block lies.
 *
 *   replay_threads [-s N] [-a] [-q] [-w | -p] [-R] [-T] trace.rep
 *     -s N  a line of figures every N operations
 *     -a    with each, a line per arena
 *     -q    no line per operation
 *     -w    write every byte of each new block;  -p  one byte per page
 *     -R    without address space randomisation
 *     -T    only the CPU time per operation, in picoseconds: of all threads, the
 *           handing over from one to the next included
 *
 * Operations are those of glibc_replay.c, and:
 *   T n   thread n makes the following ones; 0 is the main thread and the first
 *         one, any other is created when it is first named
 *   E n   thread n > 0 ends; if it was running, thread 0 does afterwards
 *
 * Lines are those of glibc_replay.c, and:
 *   <op> A<k> s offset usable   block of arena k = 1.. in order of creation, in
 *                               its heap s = 0.., at an offset in that
 *   h k s distance              that heap was first seen, or lies elsewhere now:
 *                               distance to the anchor
 *   P k system top threads binned bytes fast bytes heaps
 *                               figures of arena k, read from its own record
 *
 * The library's own users of malloc do not disturb the trace: malloc and its
 * like are defined here, over a pool, and the operations call __libc_malloc.
 * All stacks lie in one mapping made before the first operation. The end of a
 * thread is waited for before the next operation.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <gnu/libc-version.h>
#include <malloc.h>
#include <unistd.h>
#include <fcntl.h>
#include <pthread.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/resource.h>
#include <sys/personality.h>
#include <signal.h>
#include <time.h>

void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t),
    *__libc_memalign(size_t, size_t);
void __libc_free(void *);
typedef struct {
  uint8_t op;
  uint32_t id;
  uint64_t a, b;
} Op;
#define W sizeof(void *)
#define HEAP_MAX ((uintptr_t)(W == 8 ? 64 << 20 : 1 << 20))
#define THREADS 4096
#define STACK 65536

static char out[1 << 16];
static size_t on;

static void flush(void) {
  size_t i = 0;
  while (i < on) {
    ssize_t w = write(1, out + i, on - i);
    if (w <= 0) _exit(3);
    i += w;
  }
  on = 0;
}

static void room(void) {
  if (on > sizeof out - 1024) flush();
}

static void put(char c) {
  out[on++] = c;
}

static void text(const char *s) {
  while (*s) put(*s++);
}

static void number10(uint64_t v) {
  char t[24];
  int n = 0;
  do t[n++] = '0' + v % 10;
  while (v /= 10);
  while (n) put(t[--n]);
}

static void figure(uint64_t v) {
  put(' ');
  number10(v);
}

static void hex(uint64_t v) {
  char t[20];
  int n = 0;
  do t[n++] = "0123456789abcdef"[v & 15];
  while (v >>= 4);
  while (n) put(t[--n]);
}

static void distance(int64_t v) {
  if (v < 0) {
    put('-');
    v = -v;
  }
  hex((uint64_t)v);
}

static void fail(const char *s) {
  on = 0;
  text(s);
  put('\n');
  if (write(2, out, on)) {
  }
  _exit(2);
}

static void on_abort(int signal) {
  static const char line[] = "! aborted\n";
  (void)signal;
  flush();
  _exit(write(1, line, sizeof line - 1) < 0);
}

static void *map(size_t n) {
  void *p = mmap(0, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) fail("mmap");
  return p;
}

/* The pool of everybody else: never shrinks, with lists of freed blocks by size. */
static _Alignas(16) char pool[24 << 20];
static size_t used;
static char *freed[1024];
static int poollock;

static void *own(size_t n, size_t al) {
  size_t s = (n + 31) & ~(size_t)15, k = s / 16;
  char *p = 0;
  while (__atomic_exchange_n(&poollock, 1, __ATOMIC_ACQUIRE));
  if (al <= 16 && k < 1024 && freed[k]) {
    p = freed[k];
    freed[k] = *(char **)p;
  } else {
    size_t at = (used + 16 + al - 1) & ~(al - 1);
    if (at + s < sizeof pool) {
      p = pool + at;
      used = at + s - 16;
      *(size_t *)(p - 16) = s;
    }
  }
  __atomic_store_n(&poollock, 0, __ATOMIC_RELEASE);
  if (!p) fail("private pool is full");
  return p;
}

void *malloc(size_t n) {
  return own(n, 16);
}

void free(void *p) {
  if (!p) return;
  size_t k = *(size_t *)((char *)p - 16) / 16;
  if (k >= 1024) return;
  while (__atomic_exchange_n(&poollock, 1, __ATOMIC_ACQUIRE));
  *(char **)p = freed[k];
  freed[k] = p;
  __atomic_store_n(&poollock, 0, __ATOMIC_RELEASE);
}

void *calloc(size_t n, size_t m) {
  void *p = own(n * m, 16);
  return memset(p, 0, n * m);
}

void *realloc(void *p, size_t n) {
  void *q = own(n, 16);
  if (p) {
    size_t o = *(size_t *)((char *)p - 16) - 16;
    memcpy(q, p, o < n ? o : n);
    free(p);
  }
  return q;
}

void *memalign(size_t a, size_t n) {
  return own(n, a < 16 ? 16 : a);
}

void *aligned_alloc(size_t a, size_t n) {
  return memalign(a, n);
}

int posix_memalign(void **r, size_t a, size_t n) {
  *r = memalign(a, n);
  return 0;
}

/* what is read of the library's structures, by offset in words or bytes; heap_info: arena,
 * previous, size */
static const size_t INFO = W == 8 ? 48 : 24, FAST = W == 8 ? 16 : 12;
static size_t NFAST = W == 8 ? 10 : 11, TOP = W == 8 ? 96 : 56, BINS = W == 8 ? 112 : 64,
              NEXT = W == 8 ? 2160 : 1096; /* next, next_free, attached, system_mem */

/* From 2.43 on there are no fast bins. */
static void know_version(void) {
  if (atoi(gnu_get_libc_version() + 2) < 43) return;
  size_t less = W == 8 ? 88 : 48;
  NFAST = 0, TOP -= less, BINS -= less, NEXT -= less;
}

static uintptr_t at(uintptr_t p) {
  return *(uintptr_t *)p;
}
static uintptr_t heap0, anchor, mainarena;
static uintptr_t heaps[THREADS][1024];
static int perarena;

static int is_main(uintptr_t a) {
  return (a & (HEAP_MAX - 1)) != INFO;
}

static int number(uintptr_t a) {
  int k = 0;
  while (!is_main(a)) {
    k++;
    a = at(a + NEXT);
  }
  mainarena = a;
  return k;
}

static int depth(uintptr_t h) {
  int s = 0;
  while ((h = at(h + W))) s++;
  return s;
}

static void report_arena(int k, uintptr_t a) {
  size_t nb = 0, bb = 0, nf = 0, fb = 0;
  for (size_t i = 0; i < NFAST; i++)
    for (uintptr_t c = at(a + FAST + i * W); c;) {
      nf++;
      fb += at(c + W) & ~7;
      uintptr_t slot = c + 2 * W;
      c = at(slot) ^ (slot >> 12);
    }
  for (size_t i = 0; i < 127; i++) {
    uintptr_t head = a + BINS + 2 * i * W - 2 * W;
    for (uintptr_t c = at(head + 2 * W); c != head; c = at(c + 2 * W)) {
      nb++;
      bb += at(c + W) & ~7;
    }
  }
  uintptr_t top = at(a + TOP);
  room();
  text("P");
  figure(k);
  figure(at(a + NEXT + 3 * W));
  figure(at(top + W) & ~7);
  figure(at(a + NEXT + 2 * W));
  figure(nb);
  figure(bb);
  figure(nf);
  figure(fb);
  figure(k ? depth(top & ~(HEAP_MAX - 1)) + 1 : 1);
  put('\n');
}

static void report_figures(uint64_t op) {
  struct mallinfo2 m = mallinfo2();
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  char b[128];
  int fd = open("/proc/self/statm", O_RDONLY);
  int n = read(fd, b, 127);
  close(fd);
  b[n > 0 ? n : 0] = 0;
  char *p = strchr(b, ' ');
  uint64_t r = 0;
  if (p)
    while (*++p >= '0' && *p <= '9') r = r * 10 + (*p - '0');
  room();
  text("S ");
  number10(op);
  put(' ');
  hex((uintptr_t)sbrk(0) - heap0);
  figure(m.arena);
  figure(m.hblks);
  figure(m.hblkhd);
  figure(m.uordblks);
  figure(m.fordblks);
  figure(m.keepcost);
  figure(m.fsmblks);
  figure(m.ordblks);
  figure(m.smblks);
  figure(r);
  figure(u.ru_minflt);
  put('\n');
  if (!perarena || !mainarena) return;
  uintptr_t all[THREADS];
  int c = 0;
  for (uintptr_t a = at(mainarena + NEXT); a != mainarena; a = at(a + NEXT)) all[c++] = a;
  report_arena(0, mainarena);
  for (int k = 1; k <= c; k++) report_arena(k, all[c - k]);
}

static Op *ops;
static size_t n, pos;
static void **ptr;
static int quiet, fill, page, timing;
static long every;
static uintptr_t lastbrk;
typedef struct {
  int go, live;
  pthread_t t;
} Thread; /* go: 1 = your turn, 2 = end */
static Thread thread[THREADS];
static char *stacks;
static int cur, joinme;

static void wake(int k, int v) {
  __atomic_store_n(&thread[k].go, v, __ATOMIC_RELEASE);
  syscall(SYS_futex, &thread[k].go, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

static int wait_for_turn(int k) {
  int v;
  while (!(v = __atomic_load_n(&thread[k].go, __ATOMIC_ACQUIRE)))
    syscall(SYS_futex, &thread[k].go, FUTEX_WAIT_PRIVATE, 0, 0, 0, 0);
  thread[k].go = 0;
  return v;
}
static void run(int self);

static void *body(void *x) {
  int self = (int)(intptr_t)x;
  while (wait_for_turn(self) == 1) {
    run(self);
    if (joinme == self) {
      wake(0, 1);
      break;
    }
  }
  return 0;
}

static void start(int k) {
  pthread_attr_t at;
  pthread_attr_init(&at);
  pthread_attr_setstack(&at, stacks + (size_t)k * STACK, STACK);
  thread[k].go = 0;
  thread[k].live = 1;
  if (pthread_create(&thread[k].t, &at, body, (void *)(intptr_t)k)) fail("pthread_create");
}

static void report(size_t i, void *q, int alloc) {
  if (alloc && q && !mainarena && (at((uintptr_t)q - W) & 6) == 4)
    number(at((uintptr_t)q & ~(HEAP_MAX - 1)));
  if (!quiet) {
    room();
    number10(i);
    if (!alloc)
      text(" -\n");
    else if (!q)
      text(" 0\n");
    else {
      uintptr_t a = (uintptr_t)q, flags = at(a - W);
      size_t us = malloc_usable_size(q);
      if (flags & 2) {
        text(" M ");
        hex(a & 4095);
        figure(us);
        put(' ');
        distance((int64_t)(a - (uint64_t)anchor));
      } else if (!(flags & 4)) {
        text(" H ");
        hex(a - heap0);
        figure(us);
      } else {
        uintptr_t h = a & ~(HEAP_MAX - 1);
        int k = number(at(h)), s = depth(h);
        text(" A");
        number10(k);
        figure(s);
        put(' ');
        hex(a - h);
        figure(us);
        if (k < THREADS && s < 1024 && heaps[k][s] != h) {
          heaps[k][s] = h;
          put('\n');
          text("h");
          figure(k);
          figure(s);
          put(' ');
          distance((int64_t)(h - (uint64_t)anchor));
        }
      }
      put('\n');
    }
    uintptr_t b = (uintptr_t)sbrk(0);
    if (b != lastbrk) {
      text("b ");
      distance((int64_t)(b - (uint64_t)heap0));
      put('\n');
      lastbrk = b;
    }
  }
  if (every && (i + 1) % every == 0) report_figures(i + 1);
}

static void run(int self) { /* operations from pos on, until they are another thread's */
  while (pos < n) {
    size_t i = pos++;
    Op *o = &ops[i];
    void *q = 0;
    int alloc = 1;
    switch (o->op) {
    case 'a': q = ptr[o->id] = __libc_malloc(o->a); break;
    case 'c': q = ptr[o->id] = __libc_calloc(1, o->a); break;
    case 'm': q = ptr[o->id] = __libc_memalign(o->b, o->a); break;
    case 'r':
      q = __libc_realloc(ptr[o->id], o->a);
      if (q || !o->a) ptr[o->id] = q;
      break;
    case 'f':
      alloc = 0;
      if (o->id != 0xffffffffu) {
        __libc_free(ptr[o->id]);
        ptr[o->id] = 0;
      }
      break;
    case 't':
      alloc = 0;
      malloc_trim(o->a);
      break;
    case 'o':
      alloc = 0;
      mallopt((int)o->b, (int)o->a);
      break;
    case 'k':
      alloc = 0;
      sbrk((intptr_t)o->a);
      break;
    case 'T':
      report(i, 0, 0);
      {
        int k = o->id;
        if (k == self) continue;
        if (k && !thread[k].live) start(k);
        cur = k;
        wake(k, 1);
      }
      return;
    case 'E': {
      int k = o->id;
      if (!k || !thread[k].live) fail("E: no such thread");
      if (k == self) {
        pos = i;
        joinme = k;
        cur = 0;
        return;
      }
      wake(k, 2);
      pthread_join(thread[k].t, 0);
      thread[k].live = 0;
      alloc = 0;
    } break;
    }
    if (alloc && q) {
      if (fill)
        memset(q, (int)(i | 1), o->a);
      else if (page)
        for (size_t k = 0; k < o->a; k += 4096) ((volatile char *)q)[k] = 1;
    }
    report(i, q, alloc);
  }
  cur = -1;
  if (self) wake(0, 1);
}

static uint64_t cpu_nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int main(int argc, char **argv) {
  int noaslr = 0;
  const char *file = 0;
  for (int i = 1; i < argc; i++) {
    char *a = argv[i];
    if (a[0] != '-') {
      file = a;
      continue;
    }
    switch (a[1]) {
    case 'q': quiet = 1; break;
    case 'w': fill = 1; break;
    case 'p': page = 1; break;
    case 'R': noaslr = 1; break;
    case 'a': perarena = 1; break;
    case 'T': timing = quiet = 1; break;
    case 's':
      for (const char *d = argv[++i]; d && *d; d++) every = every * 10 + (*d - '0');
      break;
    default: fail("bad option");
    }
  }
  know_version();
  signal(SIGABRT, on_abort);
  if (!file) fail("usage: replay_threads [-s N] [-a] [-q] [-w|-p] [-R] [-T] trace.rep");
  if (noaslr) {
    int p = personality(0xffffffff);
    if (!(p & ADDR_NO_RANDOMIZE)) {
      personality(p | ADDR_NO_RANDOMIZE);
      execv("/proc/self/exe", argv);
      fail("execv");
    }
  }
  int fd = open(file, O_RDONLY);
  struct stat sb;
  if (fd < 0 || fstat(fd, &sb)) fail("open");
  size_t len = sb.st_size;
  char *txt = map(len + 4096);
  for (size_t i = 0; i < len;) {
    ssize_t r = read(fd, txt + i, len - i);
    if (r <= 0) fail("read");
    i += r;
  }
  close(fd);
  size_t lines = 0;
  for (size_t i = 0; i < len; i++) lines += txt[i] == '\n';
  ops = map((lines + 2) * sizeof(Op));
  char *p = txt, *e = txt + len;
  uint32_t maxid = 0;
#define WS                                                                                         \
  while (p < e && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) p++
#define NUM                                                                                        \
  ({                                                                                               \
    WS;                                                                                            \
    int neg = 0;                                                                                   \
    if (p < e && *p == '-') {                                                                      \
      neg = 1;                                                                                     \
      p++;                                                                                         \
    }                                                                                              \
    uint64_t v = 0;                                                                                \
    while (p < e && *p >= '0' && *p <= '9') v = v * 10 + (*p++ - '0');                             \
    neg ? (uint64_t)-(int64_t)v : v;                                                               \
  })
  for (int h = 0; h < 4; h++) (void)NUM;
  for (;;) {
    WS;
    if (p >= e) break;
    char c = *p++;
    Op *o = &ops[n++];
    o->op = c;
    o->id = 0;
    o->a = o->b = 0;
    switch (c) {
    case 'a':
    case 'r':
    case 'c':
      o->id = NUM;
      o->a = NUM;
      break;
    case 'm':
      o->id = NUM;
      o->b = NUM;
      o->a = NUM;
      break;
    case 'f': {
      int64_t v = NUM;
      o->id = v < 0 ? 0xffffffffu : (uint32_t)v;
      break;
    }
    case 't':
    case 'k': o->a = NUM; break;
    case 'o':
      o->b = NUM;
      o->a = NUM;
      break;
    case 'T':
    case 'E':
      o->id = NUM;
      if (o->id >= THREADS) fail("thread number too high");
      continue;
    default: fail("bad op in trace");
    }
    if (o->id != 0xffffffffu && o->id > maxid) maxid = o->id;
  }
  munmap(txt, len + 4096);
  size_t tab = ((size_t)maxid + 2) * sizeof(void *);
  ptr = map(tab);
  for (size_t i = 0; i < tab; i += 4096) ((volatile char *)ptr)[i] = 0;
  stacks = map((size_t)THREADS * STACK);
  memset(out, 0, sizeof out);
  anchor = (uintptr_t)map(4096);
  size_t pre =
      mallinfo2()
          .arena; /* also initialises malloc, so that the main arena belongs to this thread */
  heap0 = lastbrk = (uintptr_t)sbrk(0);
  text("# bits=");
  number10(W * 8);
  text(" ops=");
  number10(n);
  text(" ids=");
  number10(maxid + 1);
  text(" pre_arena=");
  number10(pre);
  text(" heap0=");
  hex(heap0);
  text(" anchor=");
  hex(anchor);
  text(" cores=");
  number10(sysconf(_SC_NPROCESSORS_ONLN));
  put('\n');
  if (!quiet) {
    static char mb[1 << 16];
    int mf = open("/proc/self/maps", O_RDONLY);
    size_t ml = 0;
    ssize_t g;
    while ((g = read(mf, mb + ml, sizeof mb - 1 - ml)) > 0) ml += g;
    close(mf);
    mb[ml] = 0;
    for (char *l = mb; *l;) {
      room();
      put('V');
      put(' ');
      int col = 0;
      while (*l && *l != '\n') {
        if (*l == ' ') {
          col++;
          while (*l == ' ') l++;
          if (col == 5) put(' ');
          continue;
        }
        if (col == 0)
          put(*l == '-' ? ' ' : *l);
        else if (col == 5)
          put(*l);
        l++;
      }
      if (*l) l++;
      put('\n');
    }
  }
  uint64_t start = cpu_nanoseconds();
  if (!timing) report_figures(0);
  for (run(0); cur != -1; run(0)) { /* the main thread's turns */
    wait_for_turn(0);
    if (cur == -1) break;
    if (joinme) {
      int k = joinme;
      joinme = 0;
      pthread_join(thread[k].t, 0);
      thread[k].live = 0;
      report(pos++, 0, 0);
    }
  }
  if (timing) {
    text("T ops=");
    number10(n);
    text(" ps_per_op=");
    number10((cpu_nanoseconds() - start) * 1000 / n);
    put('\n');
  } else if (!every || n % every)
    report_figures(n);
  flush();
  _exit(0);
}
