/**
 * The size classes of kmalloc.
 *
 * @module
 */

/** The size classes in bytes. */
export const KMALLOC_SIZES: readonly number[] = [
  ...[8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192],
];

/** Bytes that kmalloc hands out for `size`. */
export function kmallocSize(size: number): number {
  return KMALLOC_SIZES.find((bytes) => size <= bytes) ??
    2 ** Math.ceil(Math.log2(size));
}
