/**
 * Slab caches over time: which of them grow.
 *
 * @module
 */
import type { Cell, Sample } from "../kind.ts";
import { mebibytes, table } from "../words.ts";

/** Caches that are shown: those that changed most. */
const SHOWN = 10;
/** Caches that are few enough to be shown sample by sample. */
const FEW = 3;
/** Samples that are shown; of more, the last. */
const MOMENTS = 20;

/** A cache and what it holds. */
export interface Holding {
  /** Its name. */
  name: string;
  /** Objects in use. */
  activeObjects: number;
  /** Objects that there is room for. */
  objects: number;
  /** Bytes of an object. */
  size: number;
  /** Slabs held. */
  slabs: number;
  /** Bytes of these slabs. */
  heldBytes: number;
}

/** Whether the texts tell of the same caches, one after the other. */
export function isSeries(
  samples: readonly Sample<readonly Holding[]>[],
): boolean {
  return samples.length > 1 && samples.slice(1).every(({ data }, i) => {
    const names = new Set(samples[i]!.data.map(({ name }) => name));
    return data.some(({ name }) => names.has(name));
  });
}

/** What grew and shrank between the first sample and the last. */
export function growthLines(
  samples: readonly Sample<readonly Holding[]>[],
): string[] {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const held = ({ data }: Sample<readonly Holding[]>) =>
    new Map(data.map((cache) => [cache.name, cache]));
  const [before, after] = [held(first), held(last)];
  const bytes = (cache?: Holding) => cache?.heldBytes ?? 0;
  const changes = [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => ({ name, old: before.get(name), now: after.get(name) }))
    .map((one) => ({ ...one, change: bytes(one.now) - bytes(one.old) }))
    .filter(({ change }) => change !== 0)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const rows = changes.slice(0, SHOWN).map(({ name, old, now, change }) => [
    name,
    `${old?.activeObjects ?? 0}`,
    `${now?.activeObjects ?? 0}`,
    mebibytes(bytes(old)),
    mebibytes(bytes(now)),
    `${change < 0 ? "" : "+"}${mebibytes(change)}`,
    "",
  ]);
  const from = first.label || "the first";
  const to = last.label || "the last";
  return [
    `${samples.length} samples: a series.`,
    "",
    ...momentLines(samples),
    `Caches that changed most from ` +
    `${from} to ${to}:`,
    "",
    ...(rows.length === 0
      ? ["No cache holds more or less than before."]
      : table([
        ["cache", "in use", "then", "held", "then", "change", ""],
        ...rows,
      ])),
    "",
    "The last sample:",
    "",
  ];
}

/** A few caches sample by sample; nothing if there are many. */
function momentLines(
  samples: readonly Sample<readonly Holding[]>[],
): string[] {
  if (samples.some(({ data }) => data.length > FEW)) return [];
  const shown = samples.slice(-MOMENTS);
  const first = samples.length - shown.length + 1;
  return [
    ...table([
      ["sample", "in use", "objects", "slabs", "held", "cache"],
      ...shown.flatMap(({ label, data }, i) =>
        data.map((cache) => [
          label || `${first + i}`,
          `${cache.activeObjects}`,
          `${cache.objects}`,
          `${cache.slabs}`,
          mebibytes(cache.heldBytes),
          cache.name,
        ])
      ),
    ]),
    "",
  ];
}

/** A row per cache. */
export const CACHE_COLUMNS: readonly string[] = [
  "cache",
  "active_objects",
  "objects",
  "object_bytes",
  "slabs",
  "held_bytes",
];

/** The row of one cache. */
export function cacheRow(cache: Holding): Cell[] {
  return [
    cache.name,
    cache.activeObjects,
    cache.objects,
    cache.size,
    cache.slabs,
    cache.heldBytes,
  ];
}
