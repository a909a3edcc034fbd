/* Prints where its blocks are, so that runs can be compared. */
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BLOCKS 3000

static char *heap;
static char *block[BLOCKS];

static void *ask(void *seed) {
  unsigned state = *(unsigned *)seed;
  for (int i = 0; i < 20000; i++) {
    state = state * 1664525u + 1013904223u;
    unsigned k = (state >> 8) % BLOCKS;
    free(block[k]);
    block[k] = malloc((state >> 20) % 3000);
    if (block[k] > heap && block[k] < (char *)sbrk(0)) printf("%lx\n", (unsigned long)(block[k] - heap));
  }
  return NULL;
}

int main(void) {
  heap = sbrk(0);
  static char buffer[1 << 16];
  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  unsigned seed = 1;
  pthread_t thread;
  ask(&seed);
  pthread_create(&thread, NULL, ask, &seed);
  pthread_join(thread, NULL);
  ask(&seed);
  return 0;
}
