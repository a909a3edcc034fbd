/**
 * Which numbers of CPUs, and which kernels' rules, explain the slabs in a text.
 *
 * SLUB chooses the order of a cache's slabs from the size of its objects and
 * the number of CPUs; the rules changed with Linux 6.8.
 *
 * @module
 */
import { getOrder, slubOrder } from "../../../allocators/slab/slub.ts";
import type { SlubRules } from "../../../allocators/slab/versions.ts";
import { listed, plural, ranges } from "../words.ts";
import type { Cache } from "./cache.ts";

/** Bits in the number of CPUs that are tried: 1 .. 8,191 CPUs, and more. */
export const CPU_BITS = 14;
/** The largest order of the page allocator. */
const MAX_ORDER = 10;
/** Both rules, the older one first. */
const RULES: readonly SlubRules[] = ["old", "new"];

/** How a slab is laid out. */
export interface Layout {
  order: number;
  objects: number;
}

/** One explanation. */
export interface Guess {
  rules: SlubRules;
  /** Bits in the number of CPUs: 3 is 4..7. */
  bits: number;
}

/** The explanations that fit most caches, all equally well. */
export interface SlubFit {
  /** Caches that they explain. */
  hits: number;
  /** The explanations; none if no cache fits. */
  guesses: Guess[];
}

/** What SLUB makes of objects of `size` bytes; undefined if it has no slab. */
export function slubLayout(
  size: number,
  { rules, bits }: Guess,
  pageBytes: number,
): Layout | undefined {
  if (size < 8 || getOrder(size, pageBytes) > MAX_ORDER) return undefined;
  const order = slubOrder(size, bits, rules, pageBytes);
  return { order, objects: Math.floor(pageBytes * 2 ** order / size) };
}

/** Whether `cache` is laid out so. */
export function hasLayout(cache: Cache, layout: Layout | undefined): boolean {
  return layout?.objects === cache.objectsPerSlab &&
    2 ** layout.order === cache.pagesPerSlab;
}

/** What explains most of `caches`. */
export function fitSlub(
  caches: readonly Cache[],
  pageBytes: number,
): SlubFit {
  const shapes = new Map<string, { cache: Cache; count: number }>();
  for (const cache of caches) {
    const { size, objectsPerSlab, pagesPerSlab } = cache;
    const key = `${size} ${objectsPerSlab} ${pagesPerSlab}`;
    const shape = shapes.get(key);
    if (shape) shape.count++;
    else shapes.set(key, { cache, count: 1 });
  }
  let best: SlubFit = { hits: 0, guesses: [] };
  for (const rules of RULES) {
    for (let bits = 1; bits <= CPU_BITS; bits++) {
      const guess = { rules, bits };
      let hits = 0;
      for (const { cache, count } of shapes.values()) {
        const layout = slubLayout(cache.size, guess, pageBytes);
        if (hasLayout(cache, layout)) hits += count;
      }
      if (hits > best.hits) best = { hits, guesses: [] };
      if (hits === best.hits && hits > 0) best.guesses.push(guess);
    }
  }
  return best;
}

/** The explanations in words. */
export function fitText({ hits, guesses }: SlubFit, caches: number): string {
  if (guesses.length === 0) {
    return "No cache is laid out as SLUB would by itself, on any number of " +
      `CPUs: ${OTHERWISE}.`;
  }
  const cpus = RULES.map((rules) =>
    guesses.filter((guess) => guess.rules === rules).map(({ bits }) => bits)
  );
  const [old, recent] = cpus.map(cpuText);
  const head = `${hits} of ${plural(caches, "cache")} ${
    hits === 1 ? "is" : "are"
  } as SLUB lays them out on `;
  const rest = hits < caches ? ` The others differ: ${OTHERWISE}.` : "";
  if (old === recent) {
    return `${head}${old}. The rules up to 6.6 and those from 6.8 on fit ` +
      `equally well, so the kernel's version does not follow.${rest}`;
  }
  const ways = [
    ...(old ? [`${old} by the rules up to 6.6`] : []),
    ...(recent ? [`${recent} by the rules from 6.8 on`] : []),
  ];
  return `${head}${listed(ways, "or on")}.${rest}`;
}

/** Why slabs may be laid out otherwise. */
export const OTHERWISE =
  "slub_min_order, slub_max_order, debugging and a shortage of " +
  "memory change it";

/** `8..15 CPUs`; "" for none. */
export function cpuText(bits: readonly number[]): string {
  if (bits.length === 0) return "";
  if (bits.length === CPU_BITS) return "any number of CPUs";
  const runs = ranges(bits).split(", ").map((run) => {
    const [low, high = low] = run.split("..").map(Number);
    const [first, last] = [2 ** (low! - 1), 2 ** high! - 1];
    if (high === CPU_BITS) return `${first} or more`;
    return first === last ? `${first}` : `${first}..${last}`;
  });
  const text = listed(runs, "or");
  return `${text} ${text === "1" ? "CPU" : "CPUs"}`;
}
