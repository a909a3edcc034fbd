/**
 * The functions that give and take memory, by the names that recorders print.
 * `_Znw` and `_Zna` are C++'s new, `_Zdl` and `_Zda` its delete, as the Itanium
 * C++ ABI mangles them.
 *
 * @module
 */
import { Op } from "./trace.ts";

/** An allocation whose result is not known yet. */
export interface Call {
  /** An {@linkcode Op}. */
  op: number;
  /** Bytes; Infinity if C cannot count them, NaN if an operand is missing. */
  size: number;
  /** Alignment of MEMALIGN, address of REALLOC. */
  extra: number;
}

const MALLOC =
  /^(malloc|__libc_malloc|__builtin_(vec_)?new|_Zn[aw][jm](RKSt9nothrow_t)?)$/;
const MEMALIGN =
  /^(memalign|posix_memalign|aligned_alloc|_Zn[aw][jm]St11align_val_t\w*)$/;
const FREE =
  /^(c?free|__libc_free|free_(aligned_)?sized|__builtin_(vec_)?delete|_Zd[al]Pv\w*)$/;

/** Bytes of a page, to which valloc aligns. */
const PAGE = 4096;

/** The allocation that `name` with these operands is; undefined if it is none. */
export function allocationOf(
  name: string,
  [first = NaN, second = NaN, third = NaN]: readonly number[],
): Call | undefined {
  if (MALLOC.test(name)) return { op: Op.MALLOC, size: first, extra: 0 };
  if (MEMALIGN.test(name)) {
    return name.startsWith("_Z")
      ? { op: Op.MEMALIGN, size: first, extra: second }
      : name === "posix_memalign" && third >= 0 // where its result goes
      ? { op: Op.MEMALIGN, size: third, extra: second }
      : { op: Op.MEMALIGN, size: second, extra: first };
  }
  switch (name) {
    case "calloc":
      return { op: Op.CALLOC, size: product(first, second), extra: 0 };
    case "realloc":
      return { op: Op.REALLOC, size: second, extra: first };
    case "reallocarray":
      return { op: Op.REALLOC, size: product(second, third), extra: first };
    case "valloc":
      return { op: Op.MEMALIGN, size: first, extra: PAGE };
  }
}

/** Whether `name` frees its first operand. */
export function isFree(name: string): boolean {
  return FREE.test(name);
}

/** Bytes of `count` elements; Infinity if C cannot count them. */
function product(count: number, size: number): number {
  const bytes = count * size;
  return bytes >= 2 ** 64 ? Infinity : bytes;
}
