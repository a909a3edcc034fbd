/* A parser that keeps its nodes in arenas, one per document. */
#include <stdlib.h>
#include <string.h>

#include "start.h"

#define ARENA_BYTES 65536

struct arena {
  struct arena *below;
  size_t used;
  char bytes[ARENA_BYTES - 16];
};

struct node {
  struct node *next, *inner;
  char name[48];
};

static struct node *new_node(struct arena **arena) {
  if (!*arena || (*arena)->used + sizeof(struct node) > sizeof (*arena)->bytes) {
    struct arena *above = malloc(sizeof *above);
    memset(above, 0, sizeof *above);
    above->below = *arena;
    *arena = above;
  }
  struct node *node = (struct node *)((*arena)->bytes + (*arena)->used);
  (*arena)->used += sizeof *node;
  return node;
}

/* Reads `(name (inner) ...)`. */
static struct node *parse(const char **text, struct arena **arena) {
  struct node *node = new_node(arena);
  size_t length = strcspn(*text, "()");
  memcpy(node->name, *text, length < 47 ? length : 47);
  *text += length;
  while (**text == '(') {
    ++*text;
    struct node *inner = parse(text, arena);
    inner->next = node->inner;
    node->inner = inner;
    ++*text;
  }
  return node;
}

static char *make_text(int elements) {
  char *text = malloc(16), *longer;
  size_t used = 0, room = 16;
  for (int i = 0; i < elements; i++) {
    if (used + 16 > room) {
      longer = realloc(text, room *= 2);
      if (!longer) abort();
      text = longer;
    }
    used += (size_t)sprintf(text + used, "(item%d)", i);
  }
  return text;
}

static void drop(struct arena *arena) {
  while (arena) {
    struct arena *below = arena->below;
    free(arena);
    arena = below;
  }
}

int main(void) {
  start();
  struct arena *first = NULL, *second = NULL;
  FRAGLAB_PHASE("begin");
  char *text = make_text(30000);
  const char *at = text;
  parse(&at, &first);
  at = text;
  parse(&at, &second);
  free(text);
  FRAGLAB_PHASE("parsed");
  drop(first);
  FRAGLAB_PHASE("one dropped");
  drop(second);
  FRAGLAB_PHASE("dropped");
  return 0;
}
