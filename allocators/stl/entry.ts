/**
 * How the pool introduces itself: as one heap with the heap below it.
 *
 * The spec below is written with `+` where specs have `:`, for example
 * `pool:below=glibc+tcache_count=0+mxfast=0`.
 *
 * @module
 */
import type {
  Allocator,
  BlockVisitor,
  CensusRow,
  ListVisitor,
  Usage,
} from "../allocator.ts";
import { offersOf } from "../capability.ts";
import {
  type AllocatorEntry,
  define,
  type Option,
  parseSpec,
} from "../entry.ts";
import { Pool } from "./pool.ts";

/**
 * The pool and the heap below it as one: all that a process holds. Blocks
 * that others have of the heap below are live.
 */
export class PoolHeap extends Pool {
  /** The pool without the heap below it. */
  get alone(): Pick<Allocator, "usage" | "counters" | "walk"> {
    return {
      usage: () => super.usage(),
      counters: this.counters,
      walk: (visit) => super.walk(visit),
    };
  }

  /** Objects of the pool in place of its chunks; all else as it is below. */
  override walk(visit: BlockVisitor): void {
    this.walkBelow(visit, visit);
  }

  /** Checks both. */
  override check(): void {
    this.below.check();
    super.check();
  }

  /** What both hold, each byte once. */
  override usage(): Usage {
    const below = this.below.usage();
    const pool = super.usage();
    return {
      allocated: below.allocated - pool.footprint + pool.allocated,
      metadata: below.metadata + pool.metadata,
      cached: below.cached + pool.cached,
      free: below.free + pool.free,
      footprint: below.footprint,
      largestFree: Math.max(below.largestFree, pool.largestFree),
      freeBlocks: below.freeBlocks + pool.freeBlocks,
      unavailable4k: below.unavailable4k + pool.unavailable4k,
      unavailable64k: below.unavailable64k + pool.unavailable64k,
      unavailable2m: below.unavailable2m + pool.unavailable2m,
      largestServeable: below.largestServeable,
      side: below.side,
    };
  }

  /** The lists of both; mappings, which are live, may be chunks of the pool. */
  override census(): CensusRow[] {
    const below = this.below.census?.() ?? [];
    return [...super.census(), ...below.filter(({ list }) => list !== "mmap")];
  }

  /** Objects on lists of the pool, then what the heap below caches. */
  override eachCached(visit: ListVisitor): void {
    super.eachCached(visit);
    this.below.eachCached?.(visit);
  }

  /** Free blocks of the heap below. */
  eachBinned(visit: ListVisitor): void {
    this.below.eachBinned?.(visit);
  }

  /** What the heap below holds. */
  override get footprint(): number {
    return this.below.footprint;
  }
}

/** The entry of `pool` over one of `heaps`, by default the first. */
export function poolOver(heaps: readonly AllocatorEntry[]): AllocatorEntry {
  const parse = (text: string) => parseSpec(text.replaceAll("+", ":"), heaps);
  const below: Option<string> = {
    summary: "spec of the heap below, with + for :",
    fallback: heaps[0]!.name,
    expects: "a spec such as glibc+tcache_count=0",
    parse: (text) => parse(text).text.replaceAll(":", "+"),
  };
  return define({
    name: "pool",
    summary: "SGI's and libstdc++'s pool of small objects over a heap",
    source: "libstdc++ of GCC 12, observed; SGI STL Programmer's Guide",
    layer: "stl",
    examples: heaps.slice(1, 2).map(({ name }) => `pool:below=${name}`),
    options: { below },
    offers(values) {
      const passed = ["control", "threading", "mallinfo", "resident"] as const;
      const offers = offersOf(parse(values.below));
      return [
        "census",
        "eachCached",
        "eachBinned",
        "isMapped",
        "explain",
        ...passed.filter((name) => offers.has(name)),
      ];
    },
    process(values, found) {
      const spec = parse(values.below);
      return spec.entry.process?.(spec.values, found);
    },
    create(values, environment) {
      const spec = parse(values.below);
      const heap = spec.entry.create(spec.values, environment);
      return new PoolHeap(heap, environment.source);
    },
  });
}
