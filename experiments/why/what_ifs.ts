/**
 * What could be done otherwise, to be replayed: settings of the C library that
 * the environment can make, a call of `malloc_trim`, other allocators.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import { offersOf } from "../../allocators/capability.ts";
import { parseSpec, type Spec, specOf } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { missingFor } from "../replay/needs.ts";
import { Op } from "../traces/trace.ts";
import type { Facts } from "./facts.ts";
import type { Holders } from "./holders.ts";

/** Something to replay. */
export interface WhatIf {
  /** What is otherwise. */
  name: string;
  /** The allocator. */
  spec: Spec;
  /** Whether `malloc_trim(0)` is called at the instant. */
  trim: boolean;
  /** What to paste; "" where there is nothing to. */
  paste: string;
}

/** The allocator whose options the environment sets. */
const GLIBC = "glibc";
/** Its options that no environment sets: what it is, not how it is set. */
const FIXED = ["version", "geometry", "cores", "unsorted"];

/** Settings that are worth a replay, one line of the table each. */
const SETTINGS: readonly (readonly string[])[] = [
  ["tcache_count=0"],
  ["tcache_count=0", "mxfast=0"],
  ["mmap_threshold=32768"],
  ["trim_threshold=131072"], // as it is by default, but it does not grow
  ["top_pad=0"],
  ["tcache_count=0", "mxfast=0", "trim_threshold=0", "top_pad=0"],
];
/** With threads also these. */
const THREADED: readonly (readonly string[])[] = [
  ["arena_max=1"],
  ["arena_max=2"],
];

/** Other allocators to try, and the line that puts one under a program. */
const OTHERS: readonly [name: string, paste: string][] = [
  [GLIBC, ""],
  ["jemalloc", "LD_PRELOAD=libjemalloc.so.2"],
  ["mallocng", ""],
  ["musl", ""],
  ["tlsf", ""],
  ["best_fit", ""],
];
/** So many blocks can be moved apart by whoever writes the program. */
const FEW = 1000;
/** A pool is sensible if at least this share of requests is small. */
const MOSTLY = 0.5;

/** What to try in place of `spec` for a trace with such facts. */
export function whatIfs(spec: Spec, facts: Facts): WhatIf[] {
  const all: WhatIf[] = [];
  const fits = (one: Spec) => {
    const offers = offersOf(one);
    return offers.has("resident") && missingFor(facts.ops, offers).length === 0;
  };
  if (offersOf(spec).has("control")) {
    all.push({
      name: "malloc_trim(0) there",
      spec,
      trim: true,
      paste: "malloc_trim(0); in the program, there",
    });
  }
  if (spec.entry.name === GLIBC) {
    const threaded = facts.ops.has(Op.THREAD) ? THREADED : [];
    for (const settings of [...SETTINGS, ...threaded]) {
      const changed = withSettings(spec, settings);
      if (changed.text === spec.text) continue;
      all.push({
        name: settings.join(" "),
        spec: changed,
        trim: false,
        paste: environmentOf(changed),
      });
    }
  }
  const others = [...OTHERS];
  if (facts.pooled > MOSTLY * facts.requests) others.push(["pool", ""]);
  for (const [name, paste] of others) {
    if (name === spec.entry.name || !ALLOCATORS.some((e) => e.name === name)) {
      continue;
    }
    const other = parseSpec(name, ALLOCATORS);
    if (fits(other)) all.push({ name, spec: other, trim: false, paste });
  }
  return all;
}

/**
 * The blocks of the place that keeps most, allocated elsewhere; and those of
 * all places that are named, if they are few.
 */
export function elsewhere(
  spec: Spec,
  { named }: Holders,
): (WhatIf & { births: readonly number[] })[] {
  const pins = named.filter(({ births }) => births.length > 0);
  const [first, ...rest] = pins;
  if (!first) return [];
  const one = (name: string, births: readonly number[]) => ({
    name,
    spec,
    trim: false,
    paste: "allocate them before the rest, or in a pool or mapping apart",
    births,
  });
  const all = pins.flatMap(({ births }) => births);
  return [
    one(
      `${blocks(first.births.length)} of ${first.name} elsewhere`,
      first.births,
    ),
    ...(rest.length > 0 && all.length <= FEW
      ? [one(`${blocks(all.length)} that keep most elsewhere`, all)]
      : []),
  ];
}

function blocks(count: number): string {
  return plural(count, "block");
}

/** `spec` with `settings`, `key=value` each. */
function withSettings(spec: Spec, settings: readonly string[]): Spec {
  const keys = settings.map((setting) => setting.split("=")[0]!);
  const kept = Object.entries(spec.values)
    .filter(([key]) => !keys.includes(key))
    .map(([key, value]) => `${key}=${value}`);
  return specOf(spec.entry, [...kept, ...settings]);
}

/** What sets the tunables of a glibc as `spec` has them. */
function environmentOf({ values }: Spec): string {
  const set = Object.entries(values)
    .filter(([key, value]) => !FIXED.includes(key) && value !== "unset")
    .map(([key, value]) => `glibc.malloc.${key}=${value}`);
  return `GLIBC_TUNABLES=${set.join(":")}`;
}
