/**
 * Which generation of the classical SLAB allocator explains the slabs in a
 * text. It kept the indexes of free objects on the slab or off it:
 *
 * - up to 3.12: a header (48 bytes on 64 bits, 28 on 32) and 4 bytes per
 *   object;
 * - from 3.13 on: an index of 1, 2 or 4 bytes per object; from 4.6 on in a free
 *   object where it fits, which costs as little as an index off the slab.
 *
 * Simplified: what rounding up to an alignment may cost is left out. Facts from Linux 2.6.32 and 6.1, mm/slab.c.
 *
 * @module
 */
import type { Cache } from "./cache.ts";

/** Where a cache's slabs may keep their management. */
export type Place = "on the slab" | "off the slab" | "either";

/** A generation. */
interface Generation {
  /** What it is called. */
  name: string;
  /** How many objects it places on a slab beside their indexes. */
  formula: string;
  /** Whether that is `n` objects of `size` bytes on a slab of `bytes` bytes. */
  onSlab(n: number, size: number, bytes: number): boolean;
}

/** The generations, oldest first. */
const GENERATIONS: readonly Generation[] = [
  {
    name: "up to 3.12 (64 bits)",
    formula: "(slab - 48) / (size + 4)",
    onSlab: (n, size, bytes) => n === Math.floor((bytes - 48) / (size + 4)),
  },
  {
    name: "up to 3.12 (32 bits)",
    formula: "(slab - 28) / (size + 4)",
    onSlab: (n, size, bytes) => n === Math.floor((bytes - 28) / (size + 4)),
  },
  {
    name: "from 3.13 on",
    formula: "slab / (size + 1, 2 or 4)",
    onSlab: (n, size, bytes) =>
      [1, 2, 4].some((index) => n === Math.floor(bytes / (size + index))),
  },
];

/** How well a generation explains a text. */
export interface SlabFit {
  /** The generation. */
  generation: Generation;
  /** Caches that it explains. */
  hits: number;
}

/** All generations that explain most of `caches`. */
export function fitSlab(
  caches: readonly Cache[],
  pageBytes: number,
): SlabFit[] {
  const fits = GENERATIONS.map((generation) => ({
    generation,
    hits:
      caches.filter((cache) => placeOf(cache, generation, pageBytes)).length,
  }));
  const most = Math.max(...fits.map(({ hits }) => hits));
  return most > 0 ? fits.filter(({ hits }) => hits === most) : [];
}

/** Where `cache` keeps its indexes; undefined if neither rule fits. */
export function placeOf(
  { size, objectsPerSlab, pagesPerSlab }: Cache,
  generation: Generation,
  pageBytes: number,
): Place | undefined {
  const bytes = pagesPerSlab * pageBytes;
  const on = generation.onSlab(objectsPerSlab, size, bytes);
  const off = objectsPerSlab === Math.floor(bytes / size);
  if (on && off) return "either";
  if (on) return "on the slab";
  return off ? "off the slab" : undefined;
}
