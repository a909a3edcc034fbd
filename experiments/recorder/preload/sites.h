/*
 * Sites: the call stacks of requests, numbered from 1 on; 0 is not known.
 * Rules and sites are kept in tables by what they were found for, so that most
 * stacks cost a few look-ups.
 *
 * Simplified: two stacks with the same 64-bit hash are one site.
 */
#define MAX_SITES (1u << 20)
#define MAX_DEPTH 64
#define FIRST_LOG2 12u /* entries of a new table */
#define MIX 0x9e3779b97f4a7c15u

struct site {
  uint64_t hash; /* 0: empty */
  uint64_t number;
};

_Static_assert(sizeof(struct rule) == 16 && sizeof(struct site) == 16, "entries begin with their key");

/* 2^log2 entries of 16 bytes, linear probing, at most half of them taken. */
struct table {
  uint64_t (*entries)[2]; /* key, 0: empty; value */
  unsigned log2, count;
};

static struct {
  unsigned depth;           /* frames of a site; 0: no sites */
  unsigned count;           /* sites with a number */
  struct table rules, stacks;
  uintptr_t low, high;      /* the stack on which the last request was made */
} sites;

/* Memory that belongs to no heap; shared, so that it is not anonymous memory of the program. */
static void *pages(size_t bytes) {
  void *p = (void *)syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

static void drop_table(struct table *table) {
  if (table->entries) syscall(SYS_munmap, table->entries, 16ul << table->log2);
  *table = (struct table){.log2 = FIRST_LOG2};
}

/* The entry with `key`, or the empty one where it would go. */
static inline uint64_t *entry_of(const struct table *table, uint64_t key) {
  for (uint64_t i = key * MIX >> (64 - table->log2);; i = (i + 1) & ((1ul << table->log2) - 1)) {
    uint64_t *entry = table->entries[i];
    if (entry[0] == key || entry[0] == 0) return entry;
  }
}

/* Makes room for one more entry; 0 if there is no memory. */
static int grow_table(struct table *table) {
  if (table->entries && 2 * ++table->count <= 1u << table->log2) return 1;
  struct table larger = {.log2 = table->log2 + (table->entries != NULL), .count = table->count};
  larger.entries = pages(16ul << larger.log2);
  if (!larger.entries) return 0;
  if (table->entries) {
    for (uint64_t i = 0; i < 1ul << table->log2; i++) {
      const uint64_t *old = table->entries[i];
      if (old[0]) memcpy(entry_of(&larger, old[0]), old, 16);
    }
    drop_table(table);
  }
  *table = larger;
  return 1;
}

/* Forgets all rules and stacks; sites keep their numbers. */
static void forget_code(void) {
  int saved = errno;
  drop_table(&sites.rules);
  drop_table(&sites.stacks);
  ranges.count = 0;
  sites.low = sites.high = 0;
  if (sites.depth && !(grow_table(&sites.rules) && grow_table(&sites.stacks))) sites.depth = 0;
  errno = saved;
}

/* Begins to record sites of `depth` frames; what a parent knew stays with it. */
static void begin_sites(unsigned depth) {
  if (ranges.list) syscall(SYS_munmap, ranges.list, 2 * MAX_RANGES * sizeof *ranges.list);
  ranges.list = depth ? pages(2 * MAX_RANGES * sizeof *ranges.list) : NULL;
  sites.depth = !ranges.list ? 0 : depth < MAX_DEPTH ? depth : MAX_DEPTH;
  sites.count = 0;
  forget_code();
}

static __attribute__((noinline)) const struct rule *learn_rule(uintptr_t pc) {
  int saved = errno;
  struct rule rule = find_rule(pc);
  uint64_t *entry = NULL;
  if (grow_table(&sites.rules)) {
    entry = entry_of(&sites.rules, pc);
    memcpy(entry, &rule, sizeof rule);
  }
  errno = saved;
  return (const struct rule *)entry;
}

static inline const struct rule *rule_of(uintptr_t pc) {
  const uint64_t *entry = entry_of(&sites.rules, pc);
  return entry[0] ? (const struct rule *)entry : learn_rule(pc);
}

static __attribute__((noinline)) int find_stack(uintptr_t sp) {
  int saved = errno;
  const struct range *range = known_range(sp, 0);
  if (!range) {
    read_ranges();
    range = known_range(sp, 0);
  }
  errno = saved;
  if (!range) return 0;
  sites.low = range->start;
  sites.high = range->end;
  return 1;
}

static __attribute__((noinline)) uint32_t new_site(uint64_t hash, const uintptr_t *stack, unsigned frames) {
  int saved = errno;
  if (sites.count == MAX_SITES || !grow_table(&sites.stacks)) return 0;
  struct site site = {hash, ++sites.count};
  memcpy(entry_of(&sites.stacks, hash), &site, sizeof site);
  log_words(SITE, frames, stack, frames, "", 0);
  errno = saved;
  return (uint32_t)site.number;
}

/* The site whose innermost frame returns to `pc` with these registers. */
static inline uint32_t site_at(uintptr_t pc, uintptr_t sp, uintptr_t fp) {
  uintptr_t stack[MAX_DEPTH];
  unsigned frames = 0, most = sites.depth;
  uint64_t hash = 0;
  int walks = sp - sites.low < sites.high - sites.low || find_stack(sp);
  while (pc) {
    stack[frames++] = pc;
    hash = (hash ^ pc) * MIX;
    hash ^= hash >> 32;
    if (!walks || frames == MAX_DEPTH || (frames >= most && frames > 1)) break;
    const struct rule *rule = rule_of(pc);
    if (!rule) break;
    most += rule->runtime; /* operator new says nothing */
    if (frames >= most) break;
    uintptr_t cfa = (uintptr_t)(intptr_t)rule->cfa;
    if (rule->base == FROM_SP) cfa += sp;
    else if (rule->base == FROM_FP) cfa += fp;
    else if (rule->base == AT_FP && fp + cfa - sites.low < sites.high - sites.low - 8) cfa = *(uintptr_t *)(fp + cfa);
    else break;
    if (cfa <= sp || cfa > sites.high) break;
    if (rule->saved != IN_FP) {
      uintptr_t at = (rule->saved == FROM_CFA ? cfa : fp) + (uintptr_t)(intptr_t)rule->fp;
      if (at - sp >= sites.high - sp - 8) break;
      fp = *(uintptr_t *)at;
    }
    pc = ((uintptr_t *)cfa)[-1];
    sp = cfa;
  }
  hash |= hash == 0;
  const uint64_t *entry = entry_of(&sites.stacks, hash);
  return entry[0] ? (uint32_t)entry[1] : new_site(hash, stack, frames);
}
