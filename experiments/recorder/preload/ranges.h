/*
 * What the memory of the process is: the lines of /proc/self/maps that hold
 * code or can be written (stacks are among them), read anew when an address is
 * in none of them. Nothing here takes a lock of the C library.
 */
#include <elf.h>
#include <link.h>

#define MAX_RANGES 65536u
/* The kernel keeps that much free below a stack, which grows. */
#define STACK_GAP (256 * PAGE)

struct range {
  uintptr_t start, end;
  const uint8_t *frames; /* .eh_frame_hdr of code; NULL: none */
  uint8_t code;          /* whether it can be executed */
  uint8_t runtime;       /* whether it is the C++ runtime, whose frames say little */
};

static struct {
  struct range *list; /* by address */
  unsigned count;
} ranges;

/* The range with `address`; NULL if none is known. */
static const struct range *known_range(uintptr_t address, int code) {
  unsigned low = 0, high = ranges.count;
  while (low < high) {
    unsigned middle = (low + high) / 2;
    if (ranges.list[middle].end <= address) low = middle + 1;
    else high = middle;
  }
  const struct range *found = ranges.list + low;
  return low < ranges.count && found->start <= address && found->code == code ? found : NULL;
}

/* Parts of a line of maps. */
struct line {
  uintptr_t start, end, offset;
  const char *rights, *path;
};

static const char *hexadecimal(const char *text, uintptr_t *value) {
  *value = 0;
  for (;; text++) {
    int digit = *text >= '0' && *text <= '9' ? *text - '0' : *text >= 'a' && *text <= 'f' ? *text - 'a' + 10 : -1;
    if (digit < 0) return text;
    *value = *value * 16 + (uintptr_t)digit;
  }
}

static int parse_line(const char *text, struct line *line) {
  text = hexadecimal(text, &line->start);
  if (*text != '-') return 0;
  text = hexadecimal(text + 1, &line->end);
  if (*text != ' ') return 0;
  line->rights = text + 1;
  text = hexadecimal(text + 6, &line->offset);
  for (unsigned blanks = 0; *text && blanks < 3;) { /* device, inode, path */
    if (*text++ == ' ') blanks++;
  }
  while (*text == ' ') text++;
  line->path = text;
  return 1;
}

/* Finds the load bias and .eh_frame_hdr of the object whose file begins at `base`. */
static uintptr_t read_object(uintptr_t base, struct range *range) {
  const ElfW(Ehdr) *head = (const void *)base;
  if (memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_phoff + head->e_phnum * sizeof(ElfW(Phdr)) > PAGE) return base;
  const ElfW(Phdr) *segments = (const void *)(base + head->e_phoff);
  uintptr_t bias = base;
  for (unsigned i = head->e_phnum; i-- > 0;) {
    if (segments[i].p_type == PT_LOAD) bias = base - (segments[i].p_vaddr - segments[i].p_offset);
  }
  for (unsigned i = 0; i < head->e_phnum; i++) {
    if (segments[i].p_type == PT_GNU_EH_FRAME) range->frames = (const uint8_t *)(bias + segments[i].p_vaddr);
  }
  return bias;
}

/* The range of a line of maps; `base` is where its file begins in memory, or 0. */
static struct range range_of(const struct line *line, uintptr_t base) {
  struct range range = {.start = line->start, .end = line->end, .code = line->rights[2] == 'x'};
  if (range.code && base) {
    const struct range *old = known_range(line->start, 1);
    const char *name = strrchr(line->path, '/');
    uintptr_t bias = read_object(base, &range);
    range.runtime = name && (strncmp(name, "/libstdc++.so", 13) == 0 || strncmp(name, "/libc++", 7) == 0);
    if (!old || old->start != range.start || old->frames != range.frames) {
      uint64_t words[3] = {range.start, range.end, bias};
      unsigned length = (unsigned)strlen(line->path);
      log_words(MODULE, length, words, 3, line->path, length);
    }
  } else if (strcmp(line->path, "[stack]") == 0) {
    range.start -= STACK_GAP;
  }
  return range;
}

/* Reads /proc/self/maps anew. */
static void read_ranges(void) {
  static char text[2 * PAGE], path[PAGE];
  struct range *fresh = ranges.list + MAX_RANGES;
  uintptr_t base = 0; /* where the file `path` begins in memory */
  unsigned filled = 0, count = 0;
  int file = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  for (long got; (got = syscall(SYS_read, file, text + filled, sizeof text - 1 - filled)) > 0;) {
    filled += (unsigned)got;
    text[filled] = '\0';
    char *at = text;
    for (char *end; (end = strchr(at, '\n')); at = end + 1) {
      struct line line;
      *end = '\0';
      if (!parse_line(at, &line) || strlen(line.path) >= sizeof path) continue;
      if (strcmp(line.path, path) != 0) {
        strcpy(path, line.path);
        base = 0;
      }
      int object = path[0] == '/' || strcmp(path, "[vdso]") == 0;
      if (object && line.offset == 0 && line.rights[0] == 'r') base = line.start;
      if (line.rights[1] != 'w' && line.rights[2] != 'x') continue;
      if (count < MAX_RANGES) fresh[count++] = range_of(&line, base);
    }
    filled -= (unsigned)(at - text);
    memmove(text, at, filled);
  }
  syscall(SYS_close, file);
  memcpy(ranges.list, fresh, count * sizeof *fresh);
  ranges.count = count;
}
