/**
 * The kernels whose page allocator is modelled, and the rules in which they
 * differ. Everything else is the same in all of them.
 *
 * A stable kernel is not its first release: 6.1 is Debian's 6.1.192, 6.12 its
 * 6.12.117 (whose fallback code came with 6.15 and 6.16), 7.2 its 7.2.13.
 *
 * @module
 */
import { PAGEBLOCK_ORDER } from "./linux_area.ts";

/** Names of the kernels, the usual one first. */
export const LINUX_VERSIONS = ["6.12", "6.1", "7.2"] as const;

/** A kernel. */
export type LinuxVersion = typeof LINUX_VERSIONS[number];

/** What a kernel does its own way; lengths in pages. */
export interface LinuxRules {
  /** An order-10 block is freed as one, not pageblock by pageblock. */
  freesTopWhole: boolean;
  /** Merging pageblocks of two types gives both the type of the freed one. */
  mergeRetypes: boolean;
  /** Fallback in one step, without a difference of claiming and stealing. */
  oneStep: boolean;
  /** A drained block goes to the list of its pageblock's type of now. */
  drainsByTypeNow: boolean;
  /** The length of per-CPU lists is tuned between two bounds. */
  tunesHigh: boolean;
  /**
   * Pages freed of late from which on one more free of order 1 to 3 drains the
   * lists; of kernels that tune.
   */
  highOrderDrain(batch: number, lowest: number): number;
  /** Pageblocks from which on nothing more is reserved in such a zone. */
  reserveLimit(pages: number): number;
  /** The reserve takes every pageblock of a block, not its first alone. */
  reservesWhole: boolean;
  /** Only what is free in the reserve is kept from others, not all of it. */
  keepsFreeOnly: boolean;
  /** A high-order request that cannot wait does not refill per-CPU lists. */
  atomicRefills: boolean;
}

const BLOCK = 1 << PAGEBLOCK_ORDER;

const V6_12: LinuxRules = {
  freesTopWhole: false,
  mergeRetypes: true,
  oneStep: false,
  drainsByTypeNow: true,
  tunesHigh: true,
  highOrderDrain: (batch) => batch,
  reserveLimit(pages) {
    const share = Math.floor(pages / 100);
    return share < BLOCK ? 0 : Math.ceil(share / BLOCK);
  },
  reservesWhole: true,
  keepsFreeOnly: true,
  atomicRefills: true,
};

const V6_1: LinuxRules = {
  ...V6_12,
  freesTopWhole: true,
  mergeRetypes: false,
  oneStep: true,
  drainsByTypeNow: false,
  tunesHigh: false,
  // while fewer pages are reserved than a hundredth of the zone and a block
  reserveLimit: (pages) => Math.ceil(Math.floor(pages / 100) / BLOCK + 1),
  reservesWhole: false,
  keepsFreeOnly: false,
};

const V7_2: LinuxRules = {
  ...V6_12,
  highOrderDrain: (batch, lowest) => batch + (lowest >> 1),
  atomicRefills: false,
};

/** The rules of each kernel. */
export const LINUX_RULES: Readonly<Record<LinuxVersion, LinuxRules>> = {
  "6.12": V6_12,
  "6.1": V6_1,
  "7.2": V7_2,
};
