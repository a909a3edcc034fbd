/**
 * The size classes of jemalloc: of blocks, and of the extents they lie in.
 *
 * Source: jemalloc 5.3, observed.
 *
 * @module
 */
import { log2 } from "../log2.ts";
import { PAGE, pageUp } from "../pages.ts";

/** Largest request that is served from a slab, in bytes. */
export const SMALL_MAX = 14_336;
/** Least usable size of a block with an extent of its own. */
export const LARGE_MIN = 16_384;
/** Largest usable size that a thread's cache takes. */
export const CACHED_MAX = 32_768;
/** Requests from here on go to an arena of their own. */
export const HUGE_MIN = 8 * 2 ** 20;
/** Requests above this are refused: the largest class. */
export const LARGE_MAX = 7 * 2 ** 60;

/** `n` >= 16 rounded up to four classes per doubling. */
function spaced(n: number): number {
  const step = 2 ** (log2(n - 1) - 2);
  return Math.ceil(n / step) * step;
}

/** Bytes of a block of each small class. */
export const SMALL: readonly number[] = [8, 16, 32, 48, 64];
/** Small classes. */
export const SMALL_CLASSES = 36;
for (let c = 5; c < SMALL_CLASSES; c++) {
  (SMALL as number[]).push(spaced(SMALL[c - 1]! + 1));
}

/** Bytes of a slab of each small class: the fewest pages that the class divides. */
export const SLAB_BYTES: readonly number[] = SMALL.map((size) => {
  let bytes = PAGE;
  while (bytes % size !== 0) bytes += PAGE;
  return bytes;
});
/** Blocks in a slab of each small class. */
export const REGIONS: readonly number[] = SMALL.map((size, c) =>
  SLAB_BYTES[c]! / size
);

/** Usable sizes of the classes that a thread caches: small ones, then large ones. */
export const CACHED: readonly number[] = [
  ...SMALL,
  ...[16_384, 20_480, 24_576, 28_672, CACHED_MAX],
];
/** Most blocks that a thread caches, by class. */
export const CAPACITY: readonly number[] = CACHED.map((_, c) =>
  Math.min(Math.max(2 * (REGIONS[c] ?? 0), 20), 200)
);

// The smallest class of at least 8 u bytes, for u = 0..SMALL_MAX / 8.
const CLASS_OF = new Uint8Array(SMALL_MAX / 8 + 1);
for (let u = 0, c = 0; u < CLASS_OF.length; u++) {
  if (8 * u > SMALL[c]!) c++;
  CLASS_OF[u] = c;
}

/** The class of a request of `size` <= {@linkcode SMALL_MAX} bytes. */
export function smallClass(size: number): number {
  return CLASS_OF[(size + 7) >> 3]!;
}

/** The class, as in {@linkcode CACHED}, of a large block with `usable` bytes. */
export function largeCached(usable: number): number {
  return SMALL_CLASSES + usable / PAGE - LARGE_MIN / PAGE;
}

/** Bytes of a large request that is rounded up to a class. */
export function largeClass(size: number): number {
  return size <= LARGE_MIN ? LARGE_MIN : spaced(size);
}

/** Bytes of a large request that is rounded up to pages. */
export function largePages(size: number): number {
  return Math.max(LARGE_MIN, pageUp(size));
}

/** Classes of extents. */
export const PAGE_CLASSES = 200;
/** Bytes of each class of extents: four per doubling, from a page on. */
export const PAGE_CLASS: readonly number[] = Array.from(
  { length: PAGE_CLASSES },
  (_, i) => {
    const power = 2 ** (Math.floor(i / 4) + 1);
    const pages = i < 4 ? i + 1 : power + (i % 4 + 1) * power / 4;
    return pages * PAGE;
  },
);

/** The first class of extents of at least `bytes` >= 1 bytes. */
export function pageClass(bytes: number): number {
  const pages = Math.ceil(bytes / PAGE);
  if (pages <= 4) return pages - 1;
  const k = log2(pages - 1);
  return 4 * (k - 1) - 1 + Math.ceil((pages - 2 ** k) / 2 ** (k - 2));
}

/** The first bin of which every extent has at least `bytes` bytes, a bin being of a class. */
export function safeBin(bytes: number): number {
  const i = pageClass(bytes);
  const least = i === 0 ? PAGE : PAGE_CLASS[i - 1]! + PAGE;
  return bytes === least ? i : i + 1;
}
