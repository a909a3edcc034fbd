/*
 * How to get from a frame to its caller's: what the unwind tables of a module
 * (.eh_frame, DWARF 5 section 6.4, as the Linux Standard Base stores it) say at
 * one address, boiled down to a rule of a few bytes. Only the stack pointer,
 * the frame pointer and the return address are followed, which is enough for
 * what compilers make on x86-64; elsewhere a walk ends.
 */

enum base { STOP, FROM_SP, FROM_FP, AT_FP /* the word at fp + cfa */ };
enum saved { IN_FP /* not saved */, FROM_CFA, FROM_OLD_FP };

struct rule {
  uintptr_t pc;   /* 0: empty */
  int32_t cfa;    /* offset of the caller's stack pointer from its base */
  int16_t fp;     /* offset of the saved frame pointer */
  uint8_t base, saved : 4, runtime : 4;
};

#define REGISTER_FP 6
#define REGISTER_SP 7
#define REGISTER_RA 16

static uint64_t read_leb(const uint8_t **at, int is_signed) {
  uint64_t value = 0;
  unsigned shift = 0;
  uint8_t byte;
  do {
    byte = *(*at)++;
    if (shift < 64) value |= (uint64_t)(byte & 0x7f) << shift;
    shift += 7;
  } while (byte & 0x80);
  if (is_signed && shift < 64 && (byte & 0x40)) value |= ~0ull << shift;
  return value;
}

#define unsigned_leb(at) read_leb(at, 0)
#define signed_leb(at) ((int64_t)read_leb(at, 1))

static uint32_t word32(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

/* The pointer at `*at` in `encoding` (DW_EH_PE); `*known` = 0 for rare ones. */
static uintptr_t read_pointer(const uint8_t **at, uint8_t encoding, int *known) {
  const uint8_t *start = *at;
  uintptr_t value = 0;
  int16_t half;
  switch (encoding & 0x0f) {
    case 0x0: case 0x4: case 0xc: memcpy(&value, start, 8); *at += 8; break;
    case 0x1: value = unsigned_leb(at); break;
    case 0x9: value = (uintptr_t)signed_leb(at); break;
    case 0x2: case 0xa: memcpy(&half, start, 2); value = (encoding & 8) ? (uintptr_t)half : (uint16_t)half; *at += 2; break;
    case 0x3: value = word32(start); *at += 4; break;
    case 0xb: value = (uintptr_t)(int32_t)word32(start); *at += 4; break;
    default: *known = 0;
  }
  if ((encoding & 0x70) == 0x10) value += (uintptr_t)start;
  else if ((encoding & 0x70) != 0) *known = 0;
  return value;
}

/* The FDE that may cover `pc`, by the sorted table of .eh_frame_hdr; or NULL. */
static const uint8_t *find_fde(const uint8_t *header, uintptr_t pc) {
  /* Version 1; a pointer of 4 bytes, a count of 4, pairs of 4 from here on. */
  if (header[0] != 1 || (header[1] & 0x0f) != 0x0b || header[2] != 0x03 || header[3] != 0x3b) return NULL;
  uint32_t low = 0, high = word32(header + 8);
  const uint8_t *table = header + 12;
  intptr_t wanted = (intptr_t)(pc - (uintptr_t)header);
  while (low < high) { /* the last entry at or below */
    uint32_t middle = low + (high - low) / 2;
    if ((int32_t)word32(table + 8ul * middle) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low == 0 ? NULL : header + (int32_t)word32(table + 8ul * (low - 1) + 4);
}

/* What one row of the unwind table says. */
struct row {
  int64_t cfa, fp;
  uint8_t base, saved, ends; /* ends: the return address is undefined */
};

struct program {
  uint64_t code_align;
  int64_t data_align;
  uint8_t encoding; /* of DW_CFA_set_loc */
  struct row initial;
};

/* `breg6 offset` with or without `deref`: 1 or 2; else 0. */
static int fp_expression(const uint8_t *at, uint64_t length, int64_t *offset) {
  const uint8_t *end = at + length;
  if (length < 2 || *at++ != 0x70 + REGISTER_FP) return 0;
  *offset = signed_leb(&at);
  if (at == end) return 1;
  return at + 1 == end && *at == 0x06 ? 2 : 0;
}

static void set_register(struct row *row, uint64_t number, uint8_t saved, int64_t offset) {
  if (number == REGISTER_FP) {
    row->saved = saved;
    row->fp = offset;
  } else if (number == REGISTER_RA && (saved != FROM_CFA || offset != -8)) {
    row->ends = 1;
  }
}

static void set_base(struct row *row, uint64_t number) {
  row->base = number == REGISTER_SP ? FROM_SP : number == REGISTER_FP ? FROM_FP : STOP;
}

/* Runs instructions until the row of `pc`; returns 0 if it meets unknown ones. */
static int run_cfa(const uint8_t *at, const uint8_t *end, uintptr_t location, uintptr_t pc, const struct program *p, struct row *row) {
  struct row stack[8];
  unsigned depth = 0;
  while (at < end) {
    uint8_t op = *at++, low = op & 0x3f;
    uint64_t number, length;
    int64_t offset;
    int known = 1;
    switch (op & 0xc0) {
      case 0x40: location += low * p->code_align; if (location > pc) return 1; continue;
      case 0x80: set_register(row, low, FROM_CFA, (int64_t)unsigned_leb(&at) * p->data_align); continue;
      case 0xc0: if (low == REGISTER_FP) { row->saved = p->initial.saved; row->fp = p->initial.fp; } continue;
    }
    switch (op) {
      case 0x00: break;                                            /* nop */
      case 0x01: location = read_pointer(&at, p->encoding, &known); if (!known) return 0; if (location > pc) return 1; break;
      case 0x02: location += *at * p->code_align; at += 1; if (location > pc) return 1; break;
      case 0x03: location += (uint64_t)(at[0] | at[1] << 8) * p->code_align; at += 2; if (location > pc) return 1; break;
      case 0x04: location += word32(at) * p->code_align; at += 4; if (location > pc) return 1; break;
      case 0x05: number = unsigned_leb(&at); set_register(row, number, FROM_CFA, (int64_t)unsigned_leb(&at) * p->data_align); break;
      case 0x11: number = unsigned_leb(&at); set_register(row, number, FROM_CFA, signed_leb(&at) * p->data_align); break;
      case 0x06: if (unsigned_leb(&at) == REGISTER_FP) { row->saved = p->initial.saved; row->fp = p->initial.fp; } break;
      case 0x07: if (unsigned_leb(&at) == REGISTER_RA) row->ends = 1; break;  /* undefined */
      case 0x08: if (unsigned_leb(&at) == REGISTER_FP) row->saved = IN_FP; break; /* same value */
      case 0x09: number = unsigned_leb(&at); unsigned_leb(&at); if (number == REGISTER_FP || number == REGISTER_RA) return 0; break;
      case 0x0a: if (depth == 8) return 0; stack[depth++] = *row; break;
      case 0x0b: if (depth == 0) return 0; *row = stack[--depth]; break;
      case 0x0c: set_base(row, unsigned_leb(&at)); row->cfa = (int64_t)unsigned_leb(&at); break;
      case 0x12: set_base(row, unsigned_leb(&at)); row->cfa = signed_leb(&at) * p->data_align; break;
      case 0x0d: set_base(row, unsigned_leb(&at)); break;
      case 0x0e: row->cfa = (int64_t)unsigned_leb(&at); break;
      case 0x13: row->cfa = signed_leb(&at) * p->data_align; break;
      case 0x0f:                                                   /* CFA by an expression */
        length = unsigned_leb(&at);
        row->base = fp_expression(at, length, &row->cfa) == 2 ? AT_FP : STOP;
        at += length;
        break;
      case 0x10:                                                   /* register at an expression */
        number = unsigned_leb(&at);
        length = unsigned_leb(&at);
        if (number == REGISTER_FP) {
          if (fp_expression(at, length, &offset) != 1) return 0;
          row->saved = FROM_OLD_FP;
          row->fp = offset;
        } else if (number == REGISTER_RA) return 0;
        at += length;
        break;
      case 0x14: case 0x15:                                        /* value, not place */
        number = unsigned_leb(&at); unsigned_leb(&at);
        if (number == REGISTER_FP || number == REGISTER_RA) return 0;
        break;
      case 0x16:
        number = unsigned_leb(&at); length = unsigned_leb(&at); at += length;
        if (number == REGISTER_FP || number == REGISTER_RA) return 0;
        break;
      case 0x2e: unsigned_leb(&at); break;                         /* GNU_args_size */
      default: return 0;
    }
  }
  return 1;
}

/* The row of the unwind table for `pc`, in the module with that .eh_frame_hdr. */
static int find_row(const uint8_t *header, uintptr_t pc, struct row *row) {
  const uint8_t *fde = find_fde(header, pc);
  if (!fde) return 0;
  uint32_t length = word32(fde), back = word32(fde + 4);
  if (length == 0 || length == 0xffffffff || back == 0) return 0;
  const uint8_t *cie = fde + 4 - back;
  uint32_t cie_length = word32(cie);
  const uint8_t *at = cie + 8;
  uint8_t version = *at++;
  const char *augmentation = (const char *)at;
  at += strlen(augmentation) + 1;
  struct program p = {.encoding = 0};
  p.code_align = unsigned_leb(&at);
  p.data_align = signed_leb(&at);
  uint64_t return_register = version == 1 ? *at++ : unsigned_leb(&at);
  if ((version != 1 && version != 3) || return_register != REGISTER_RA) return 0;
  int known = 1;
  if (*augmentation == 'z') {
    uint64_t bytes = unsigned_leb(&at);
    const uint8_t *data = at;
    at += bytes;
    for (const char *letter = augmentation + 1; *letter; letter++) {
      if (*letter == 'R') p.encoding = *data++;
      else if (*letter == 'L') data++;
      else if (*letter == 'P') { uint8_t encoding = *data++; read_pointer(&data, encoding & 0x0f, &known); }
      else return 0; /* S: a signal frame */
    }
  } else if (*augmentation) return 0;
  const uint8_t *from = fde + 8;
  uintptr_t start = read_pointer(&from, p.encoding, &known);
  uintptr_t bytes = read_pointer(&from, p.encoding & 0x0f, &known);
  if (!known || pc < start || pc - start >= bytes) return 0;
  if (*augmentation == 'z') {
    uint64_t skip = unsigned_leb(&from);
    from += skip;
  }
  memset(row, 0, sizeof *row);
  if (!run_cfa(at, cie + 4 + cie_length, start, UINTPTR_MAX, &p, row)) return 0;
  p.initial = *row;
  return run_cfa(from, fde + 4 + length, start, pc, &p, row);
}

/* The rule for a frame that returns to `pc`. */
static struct rule find_rule(uintptr_t pc) {
  struct rule rule = {.pc = pc};
  struct row row;
  const struct range *range = known_range(pc - 1, 1);
  if (!range) {
    read_ranges();
    range = known_range(pc - 1, 1);
  }
  if (!range || !range->frames || !find_row(range->frames, pc - 1, &row)) return rule;
  rule.runtime = range->runtime;
  if (row.ends || row.cfa != (int32_t)row.cfa || row.fp != (int16_t)row.fp) return rule;
  rule.base = row.base;
  rule.cfa = (int32_t)row.cfa;
  rule.fp = (int16_t)row.fp;
  rule.saved = row.saved & 15;
  return rule;
}
