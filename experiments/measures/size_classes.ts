/**
 * Size classes: which lengths an allocator of classes has.
 *
 * @module
 */

import {
  classOf,
  IN_BAND,
  MAPPED_FROM,
  STRIDE,
  UNIT,
} from "../../allocators/musl/classes.ts";
import tables from "./size_tables.json" with { type: "json" };

/** Rounds a request of `size` >= 1 bytes up to its class. */
export type Rounding = (size: number) => number;

/**
 * `perDoubling` classes of equal distance in each power of two, none closer
 * than `quantum`: up to perDoubling x quantum they are its multiples. Both are
 * powers of two. Requests of up to `least` bytes share the first class.
 */
export function spaced(
  perDoubling: number,
  quantum: number,
  least: number = quantum,
): Rounding {
  return (size) => {
    if (size <= least) return least;
    // The power of two below: the class boundary 2^k itself belongs to k - 1.
    const power = 2 ** Math.floor(Math.log2(size - 0.5));
    const step = Math.max(quantum, power / perDoubling);
    return Math.ceil(size / step) * step;
  };
}

/** glibc on 64 bits: chunks every 16 bytes from 32 on, of which 8 are the header. */
export function glibcPayload(size: number): number {
  return Math.max(24, Math.ceil((size + 8) / 16) * 16 - 8);
}

/**
 * The classes of an allocator as runs of equal distance: first, distance, last
 * length in bytes; ascending, without a class twice.
 */
export type ClassRuns = readonly (readonly [number, number, number])[];

/** Bytes of a page, to which allocators round what no table holds. */
const PAGE = 4096;

/** Rounds up to the classes `runs`; to pages above them. */
export function listed(runs: ClassRuns): Rounding {
  return (size) => {
    const run = runs.find(([, , last]) => size <= last);
    if (run === undefined) return Math.ceil(size / PAGE) * PAGE;
    const [first, step] = run;
    return size <= first
      ? first
      : first + Math.ceil((size - first) / step) * step;
  };
}

/** musl's slots less the header; pages less the header of a group and its own. */
export function muslSlot(size: number): number {
  return size < MAPPED_FROM
    ? STRIDE[classOf(size)]! - IN_BAND
    : Math.ceil((size + IN_BAND + UNIT) / PAGE) * PAGE - IN_BAND - UNIT;
}

/**
 * The spacings to compare, by name; those with a version are what the library
 * answered when it was asked for every size up to 4 MiB.
 */
export const SPACINGS: Readonly<Record<string, Rounding>> = {
  pow2: spaced(1, 8),
  jemalloc: spaced(4, 16, 8),
  mimalloc: spaced(8, 8),
  tlsf: spaced(32, 16),
  glibc: glibcPayload,
  "musl 1.2.6": muslSlot,
  ...Object.fromEntries(
    Object.entries(tables).map(([name, runs]) => [
      name,
      listed(runs as unknown as ClassRuns),
    ]),
  ),
};

/** Classes are compared from here on, where all spacings have settled ... */
const FROM = 512;
/** ... up to here. */
const TO = 2 ** 20;

/**
 * The most that a spacing loses: of a block, and over the request. These are
 * least upper bounds: a request just above a class gets the next one.
 */
export function worstOf(
  round: Rounding,
): { worst_ratio: number; worst_per_request: number } {
  let [ofBlock, ofRequest] = [0, 0];
  for (let below = round(FROM); below < TO;) {
    const length = round(below + 1);
    ofBlock = Math.max(ofBlock, 1 - below / length);
    ofRequest = Math.max(ofRequest, length / below - 1);
    below = length;
  }
  return { worst_ratio: ofBlock, worst_per_request: ofRequest };
}
