/* A peak is freed, but one long-lived block lies above it. */
#include <stdlib.h>
#include <string.h>

#include "start.h"

#define ENTRIES 20000

static char *keep;

static char *remember(size_t bytes) {
  char *entry = malloc(bytes);
  memset(entry, 1, bytes);
  return entry;
}

int main(void) {
  start();
  static char *entry[ENTRIES];
  memset(entry, 0, sizeof entry);
  FRAGLAB_PHASE("begin");
  for (int i = 0; i < ENTRIES; i++) entry[i] = remember(500 + i % 1500);
  keep = remember(3000); /* the block that pins the heap */
  FRAGLAB_PHASE("peak");
  for (int i = 0; i < ENTRIES; i++) free(entry[i]);
  FRAGLAB_PHASE("freed");
  free(keep);
  return 0;
}
