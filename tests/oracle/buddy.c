/* The textbook binary buddy system, plain: the same requests as buddy_bench.ts
 * makes, so that page frames can be compared and time measured.
 *
 * Usage: buddy [repetitions]. Prints a checksum of all answers, then CPU
 * nanoseconds per request of each repetition, on a new memory every time.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAGES = 1 << 20, TOP = 10, REQUESTS = 4000000, SLOTS = 1 << 19 };
enum { INSIDE = 127, NONE = -1 };

static int8_t tag[PAGES]; /* order if free, ~order if live, or INSIDE */
static int32_t next[PAGES], prev[PAGES], head[TOP + 1];
static int32_t slot[REQUESTS], pfn[SLOTS];
static uint8_t order_of[REQUESTS];
static uint64_t splits, merges;

static uint32_t state = 12345;
static uint32_t draw(void) { return state = state * 1664525u + 1013904223u; }

static void push(int32_t p, int k) {
  tag[p] = (int8_t)k;
  next[p] = head[k];
  prev[p] = NONE;
  if (head[k] != NONE) prev[head[k]] = p;
  head[k] = p;
}

static void drop(int32_t p, int k) {
  if (prev[p] == NONE) head[k] = next[p];
  else next[prev[p]] = next[p];
  if (next[p] != NONE) prev[next[p]] = prev[p];
  tag[p] = INSIDE;
}

static int32_t allocate(int k) {
  int from = k;
  while (from <= TOP && head[from] == NONE) from++;
  if (from > TOP) return NONE;
  int32_t p = head[from];
  drop(p, from);
  while (from > k) {
    from--;
    splits++;
    push(p + (1 << from), from);
  }
  tag[p] = (int8_t)~k;
  return p;
}

static void release(int32_t p, int k) {
  tag[p] = INSIDE;
  while (k < TOP && tag[p ^ (1 << k)] == k) {
    drop(p ^ (1 << k), k);
    merges++;
    p &= ~(1 << k);
    k++;
  }
  push(p, k);
}

static void reset(void) {
  memset(tag, INSIDE, sizeof tag);
  for (int k = 0; k <= TOP; k++) head[k] = NONE;
  for (int32_t p = PAGES - (1 << TOP); p >= 0; p -= 1 << TOP) push(p, TOP);
  memset(pfn, 0xff, sizeof pfn);
}

int main(int argc, char **argv) {
  static const uint8_t orders[16] = {0, 0, 0, 0, 0, 0, 0, 0,
                                     0, 0, 0, 0, 1, 1, 2, 3};
  for (int i = 0; i < REQUESTS; i++) {
    slot[i] = (int32_t)(draw() >> 13);
    order_of[i] = orders[draw() >> 28];
  }
  int repetitions = argc > 1 ? atoi(argv[1]) : 1;
  for (int r = 0; r < repetitions; r++) {
    reset();
    static uint8_t held[SLOTS]; /* order of the block in a slot */
    uint32_t sum = 0;
    clock_t begin = clock();
    for (int i = 0; i < REQUESTS; i++) {
      int32_t s = slot[i];
      if (pfn[s] == NONE) {
        held[s] = order_of[i];
        pfn[s] = allocate(held[s]);
        sum = sum * 31 + (uint32_t)pfn[s];
      } else {
        release(pfn[s], held[s]);
        pfn[s] = NONE;
      }
    }
    double ns = (double)(clock() - begin) * 1e9 / CLOCKS_PER_SEC / REQUESTS;
    if (r == 0) printf("%u\n", sum);
    printf("%.2f\n", ns);
  }
  return splits + merges == 0;
}
