/**
 * Sizes of pages.
 *
 * @module
 */

/** Sizes of pages that Linux runs with, in bytes. */
export const PAGE_SIZES: readonly number[] = [
  2 ** 12,
  2 ** 13,
  2 ** 14,
  2 ** 15,
  2 ** 16,
  2 ** 18,
];

/** Bytes that `64K`, `65536` or `64KiB` stand for, if pages can be so long. */
export function pageSizeOf(text: string): number | undefined {
  const found = /^(\d{1,7})(?:([kK])(?:i?B)?)?$/.exec(text);
  const bytes = found ? Number(found[1]) * (found[2] ? 1024 : 1) : 0;
  return PAGE_SIZES.find((size) => size === bytes);
}
