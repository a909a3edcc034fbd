/* Plays requests for memory against the real kernel and prints, behind each,
 * where it led. One request a line on stdin, sizes in bytes:
 *   k n         sbrk(n)            -> break
 *   m id n      mmap               -> address, 0 if refused
 *   u id at n   munmap of a part   -> -
 *   r id n      mremap             -> address, 0 if refused
 *   d id at n   MADV_DONTNEED      -> -
 *   w id at n   write each page    -> -
 *   g id at n   read each page     -> -
 * id -1 is the heap; requests beyond a mapping, as one is that was refused, are
 * skipped. Output: `V start end name` for each line of
 * /proc/self/maps, then request, result in hex, pages resident and minor
 * faults since the start. With -H every mapping asks for huge pages.
 * The program switches address randomization off. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

enum { REQUESTS = 1 << 15, IDS = 1 << 12 };
static struct { char op; long id, at, n; } request[REQUESTS];
static struct { uintptr_t result; long pages, faults; } outcome[REQUESTS];
static char *mapping[IDS];
static long length[IDS];
static char maps[1 << 16], line[1 << 8];

static long resident(void) {
  int fd = open("/proc/self/statm", O_RDONLY);
  line[read(fd, line, sizeof line - 1)] = 0;
  close(fd);
  char *p = strchr(line, ' ');
  long pages = 0;
  while (*++p >= '0' && *p <= '9') pages = pages * 10 + *p - '0';
  return pages;
}

static long faults(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

static void each_page(volatile char *p, long n, int write) {
  for (long i = 0; i < n; i += 4096 - ((uintptr_t)(p + i) & 4095)) {
    if (write) p[i] = 1;
    else (void)p[i];
  }
}

int main(int argc, char **argv) {
  int huge = argc > 1 && !strcmp(argv[1], "-H");
  int now = personality(0xffffffff);
  if (!(now & ADDR_NO_RANDOMIZE)) {
    personality(now | ADDR_NO_RANDOMIZE);
    execv("/proc/self/exe", argv);
    return 3;
  }
  static char text[1 << 20];
  setvbuf(stdin, text, _IOFBF, sizeof text);
  int count = 0;
  while (count < REQUESTS && fgets(line, sizeof line, stdin)) {
    long a = 0, b = 0, c = 0;
    char op;
    int got = sscanf(line, "%c %ld %ld %ld", &op, &a, &b, &c);
    request[count].op = op;
    request[count].id = op == 'k' ? -1 : a;
    request[count].at = got == 4 ? b : 0;
    request[count++].n = op == 'k' ? a : got == 4 ? c : b;
  }
  int fd = open("/proc/self/maps", O_RDONLY);
  for (long n = 0, got; (got = read(fd, maps + n, sizeof maps - 1 - n)) > 0;) n += got;
  close(fd);
  memset(outcome, 1, sizeof outcome);
  memset(mapping, 0, sizeof mapping);
  memset(length, 0, sizeof length);
  char *heap = sbrk(0);
  mapping[IDS - 1] = heap;
  mmap(0, 0, 0, 0, 0, 0), mremap(0, 0, 0, 0), munmap(0, 0), madvise(0, 0, 0);
  resident(), faults(), each_page(line, 1, 0);
  long pages0 = resident(), faults0 = faults();
  for (int i = 0; i < count; i++) {
    long n = request[i].n, id = request[i].id < 0 ? IDS - 1 : request[i].id;
    char *p = mapping[id] + request[i].at;
    uintptr_t result = 1;
    int within = id == IDS - 1 || request[i].at + n <= length[id];
    switch (within || strchr("mr", request[i].op) ? request[i].op : 0) {
      case 'k': sbrk(n); result = (uintptr_t)sbrk(0); break;
      case 'm':
        p = mmap(0, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (huge && p != MAP_FAILED) madvise(p, n, MADV_HUGEPAGE);
        mapping[id] = p;
        length[id] = p == MAP_FAILED ? 0 : n;
        result = p == MAP_FAILED ? 0 : (uintptr_t)p;
        break;
      case 'r':
        if (!length[id]) break;
        p = mremap(mapping[id], length[id], n, MREMAP_MAYMOVE);
        result = p == MAP_FAILED ? 0 : (uintptr_t)p;
        if (result) mapping[id] = p, length[id] = n;
        break;
      case 'u': munmap(p, n); break;
      case 'd': madvise(p, n, MADV_DONTNEED); break;
      case 'w': each_page(p, n, 1); break;
      case 'g': each_page(p, n, 0); break;
    }
    outcome[i].result = result;
    outcome[i].pages = resident() - pages0;
    outcome[i].faults = faults() - faults0;
  }
  for (char *l = strtok(maps, "\n"); l; l = strtok(0, "\n")) {
    unsigned long start, end;
    char name[128] = "";
    sscanf(l, "%lx-%lx %*s %*s %*s %*s %127s", &start, &end, name);
    printf("V %lx %lx %s\n", start, end, strrchr(name, '/') ? strrchr(name, '/') + 1 : name);
  }
  printf("B %lx\n", (unsigned long)heap);
  for (int i = 0; i < count; i++) {
    printf("%c %ld %ld %ld ", request[i].op, request[i].id, request[i].at, request[i].n);
    if (outcome[i].result == 1) printf("-");
    else printf("%lx", (unsigned long)outcome[i].result);
    printf(" %ld %ld\n", outcome[i].pages, outcome[i].faults);
  }
}
