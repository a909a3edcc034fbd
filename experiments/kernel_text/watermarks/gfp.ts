/**
 * What a request for pages may do, from the `mode` of an allocation failure:
 * names since Linux 4.6, numbers before. Of numbers those bits are read that
 * mean the same from 2.6.24 to 4.3, and those of 4.4 and 4.5.
 *
 * @module
 */
import type { RequestType } from "../pages/mobility.ts";

/** A request for pages, as far as it decides who serves it. */
export interface Gfp {
  /** May wait: reclaim and compact memory itself. */
  waits: boolean;
  /** May use half of the reserve below the min watermark (`__GFP_HIGH`). */
  high: boolean;
  /** May use a quarter of the rest as well: it is atomic. */
  harder: boolean;
  /** Which lists it takes from. */
  type: RequestType;
  /** The highest zone it may use. */
  zone: ZoneName;
}

/** Zones from the bottom up; no machine has all of them. */
export const ZONES = [
  "DMA",
  "DMA32",
  "Normal",
  "HighMem",
  "Movable",
  "Device",
] as const;
/** A zone. */
export type ZoneName = typeof ZONES[number];

/** A request that may wait and has no privileges: GFP_KERNEL. */
export const ORDINARY: Gfp = {
  waits: true,
  high: false,
  harder: false,
  type: "Unmovable",
  zone: "Normal",
};

/** GFP_ATOMIC. */
export const ATOMIC: Gfp = {
  ...ORDINARY,
  waits: false,
  high: true,
  harder: true,
};

/** GFP_HIGHUSER_MOVABLE: memory of a program. */
export const MOVABLE: Gfp = { ...ORDINARY, type: "Movable", zone: "Movable" };

const DMA = 0x01;
const HIGHMEM = 0x02;
const DMA32 = 0x04;
const MOVABLE_BIT = 0x08;
const HIGH = 0x20;
/** Up to 4.3: may wait; reclaimable. */
const WAIT = 0x10;
const RECLAIMABLE = 0x80000;
const NO_KSWAPD = 0x400000;
const NOMEMALLOC = 0x10000;
/** 4.4 and 4.5: reclaimable; atomic; direct reclaim; wakes kswapd. */
const NEW_RECLAIMABLE = 0x10;
const NEW_ATOMIC = 0x80000;
const NEW_DIRECT = 0x400000;
const NEW_KSWAPD = 0x2000000;

/** Names that allow waiting; the others stand for single flags. */
const WAITING =
  /^(?:GFP_(?:KERNEL|KERNEL_ACCOUNT|NOIO|NOFS|USER|HIGHUSER|HIGHUSER_MOVABLE|TEMPORARY|TRANSHUGE)|__GFP_(?:RECLAIM|DIRECT_RECLAIM|WAIT))$/;
const PLACES: readonly (readonly [RegExp, ZoneName])[] = [
  [/^(?:__)?GFP_DMA$/, "DMA"],
  [/^(?:__)?GFP_DMA32$/, "DMA32"],
  [/^GFP_(?:HIGHUSER_MOVABLE|TRANSHUGE|TRANSHUGE_LIGHT)$/, "Movable"],
  [/^(?:GFP_HIGHUSER|__GFP_HIGHMEM)$/, "HighMem"],
];

/**
 * The request that `mode` describes: `0x4020`, or
 * `0xcc0(GFP_KERNEL|__GFP_COMP)`. Undefined if it is neither.
 */
export function gfpOf(mode: string): Gfp | undefined {
  const found = /^(0x[0-9a-f]{1,8})(?:\(([A-Za-z0-9_|]*)\)?)?/i.exec(mode);
  if (!found) return undefined;
  const names = found[2] ? found[2].split("|") : [];
  const named = names.some((name) => name.includes("GFP_"));
  return named ? byName(names) : byNumber(Number(found[1]));
}

function byName(names: readonly string[]): Gfp {
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  const movable = has(/_MOVABLE$|^GFP_TRANSHUGE/);
  const place = PLACES.find(([pattern]) => has(pattern))?.[1] ?? "Normal";
  const atomic = has(/^(?:GFP_ATOMIC|__GFP_ATOMIC)$/);
  const waits = has(WAITING);
  const high = has(/^(?:GFP_ATOMIC|__GFP_HIGH)$/);
  return {
    waits,
    high,
    harder: (atomic || high && !waits) && !has(/^__GFP_NOMEMALLOC$/),
    type: movable
      ? "Movable"
      : has(/^(?:__GFP_RECLAIMABLE|GFP_TEMPORARY)$/)
      ? "Reclaimable"
      : "Unmovable",
    zone: movable && place === "HighMem" ? "Movable" : place,
  };
}

function byNumber(bits: number): Gfp {
  const has = (flag: number) => (bits & flag) !== 0;
  const recent = has(NEW_KSWAPD) || has(NEW_DIRECT) && !has(WAIT);
  const waits = recent ? has(NEW_DIRECT) : has(WAIT);
  const high = has(HIGH);
  const reclaimable = recent ? has(NEW_RECLAIMABLE) : has(RECLAIMABLE);
  return {
    waits,
    high,
    harder: recent
      ? has(NEW_ATOMIC)
      : !waits && !has(NO_KSWAPD) && !has(NOMEMALLOC),
    type: has(MOVABLE_BIT)
      ? "Movable"
      : reclaimable
      ? "Reclaimable"
      : "Unmovable",
    zone: has(DMA)
      ? "DMA"
      : has(DMA32)
      ? "DMA32"
      : !has(HIGHMEM)
      ? "Normal"
      : has(MOVABLE_BIT)
      ? "Movable"
      : "HighMem",
  };
}

/** What `gfp` may do, in words. */
export function gfpText(gfp: Gfp): string {
  const reserve = gfp.harder
    ? "may use part of the reserve below the min watermark"
    : gfp.high
    ? "may use half of the reserve below the min watermark"
    : "may not go below the min watermark";
  const wait = gfp.waits
    ? "may wait for reclaim and compaction"
    : "may not wait, so memory can be neither reclaimed nor compacted for it";
  return `${gfp.type.toLowerCase()}, for zone ${gfp.zone} and below; it ${wait}, ` +
    `and ${reserve}`;
}
