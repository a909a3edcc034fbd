/**
 * Which kernels' rules, on how many CPUs, explain the caches that sysfs shows:
 * it tells what a cache was created with, so that all of its geometry follows.
 *
 * One thing sysfs does not tell: whether the free pointer of objects that RCU
 * may read lies inside of them. Both are tried.
 *
 * @module
 */
import { SHEAF_WISHES } from "../../../allocators/slab/sheaf_capacity.ts";
import {
  type SlubGeometry,
  slubGeometry,
} from "../../../allocators/slab/slub.ts";
import type { SlubVersion } from "../../../allocators/slab/versions.ts";
import { listed, plural } from "../words.ts";
import { CPU_BITS, cpuText, OTHERWISE } from "./slub_fit.ts";

/** A cache: the numbers of its attributes, those that there are. */
export interface SysfsCache {
  /** Its name. */
  name: string;
  /** Whether it is another name of a cache. */
  alias: boolean;
  /** By name of the attribute. */
  attributes: Readonly<Record<string, number>>;
}

/** A kernel, and the bits in the number of CPUs. */
export interface SysfsGuess {
  version: SlubVersion;
  bits: number;
}

/** A cache as a guess explains it. */
export interface Explained {
  /** How it should be laid out. */
  geometry: SlubGeometry;
  /** Whether its free pointer must lie inside. */
  inside: boolean;
  /** Attributes that are otherwise. */
  differs: string[];
}

const VERSIONS: readonly SlubVersion[] = ["5.10", "6.1", "6.12", "7.2"];
/** Bytes of the largest object. */
const MAX_OBJECT = 4 << 20;
/** Attributes that follow, and what they follow from. */
const FOLLOWING: Readonly<
  Record<string, (geometry: SlubGeometry) => number>
> = {
  slab_size: ({ size }) => size,
  order: ({ order }) => order,
  objs_per_slab: ({ objects }) => objects,
  min_partial: ({ minPartial }) => minPartial,
  cpu_partial: ({ cpuPartial }) => cpuPartial,
  sheaf_capacity: ({ sheafCapacity }) => sheafCapacity,
};

/** A cache as `guess` explains it best; undefined if it is no cache of SLUB. */
export function explainedBy(
  { name, attributes }: SysfsCache,
  { version, bits }: SysfsGuess,
): Explained | undefined {
  const { object_size = 0, align = 0, destroy_by_rcu, ctor } = attributes;
  if (object_size < 1 || object_size > MAX_OBJECT || align > MAX_OBJECT) {
    return undefined;
  }
  let best: Explained | undefined;
  for (const inside of destroy_by_rcu && !ctor ? [false, true] : [false]) {
    const wish = SHEAF_WISHES[name];
    const spec = {
      objectSize: object_size,
      align,
      hwcacheAlign: attributes.hwcache_align === 1,
      rcu: destroy_by_rcu === 1,
      ctor: ctor === 1,
      innerFreePointer: inside,
      ...(wish !== undefined && { sheafCapacity: wish }),
    };
    let geometry;
    try {
      geometry = slubGeometry(spec, 2 ** (bits - 1), version);
    } catch (error) {
      if (error instanceof RangeError) continue;
      throw error;
    }
    const differs = Object.entries(FOLLOWING)
      .filter(([key, value]) =>
        attributes[key] !== undefined && attributes[key] !== value(geometry)
      ).map(([key]) => key);
    if (!best || differs.length < best.differs.length) {
      best = { geometry, inside, differs };
    }
  }
  return best;
}

/** The guesses that explain most of `caches`, and how many. */
export function fitSysfs(
  caches: readonly SysfsCache[],
): { hits: number; guesses: SysfsGuess[] } {
  let best: { hits: number; guesses: SysfsGuess[] } = { hits: 0, guesses: [] };
  for (const version of VERSIONS) {
    for (let bits = 1; bits <= CPU_BITS; bits++) {
      const guess = { version, bits };
      const hits = caches.filter((cache) =>
        explainedBy(cache, guess)?.differs.length === 0
      ).length;
      if (hits > best.hits) {
        best = { hits, guesses: [] };
      }
      if (hits === best.hits && hits > 0) {
        best.guesses.push(guess);
      }
    }
  }
  return best;
}

/** The guesses in words. */
export function sysfsFitText(
  { hits, guesses }: { hits: number; guesses: readonly SysfsGuess[] },
  caches: number,
): string {
  if (guesses.length === 0) {
    return "No cache is as Linux 5.10, 6.1, 6.12 or 7.2 would make it by " +
      `itself, on any number of CPUs: ${OTHERWISE}.`;
  }
  const cpus = new Map<string, SlubVersion[]>();
  for (const version of VERSIONS) {
    const text = cpuText(
      guesses.filter((guess) => guess.version === version)
        .map(({ bits }) => bits),
    );
    if (text !== "") cpus.set(text, [...cpus.get(text) ?? [], version]);
  }
  const ways = [...cpus].map(([text, versions]) =>
    `Linux ${listed(versions, "or")} on ${text}`
  );
  const rest = hits < caches ? ` The others differ: ${OTHERWISE}.` : "";
  const several = [...cpus.values()].flat().length > 1
    ? " These fit equally well."
    : "";
  return `${hits} of ${plural(caches, "cache")} ${
    hits === 1 ? "is" : "are"
  } as under ${listed(ways, "or")}.${several}${rest}`;
}
