/**
 * What differs between kernels in SLUB: the rule for orders, what CPUs keep.
 *
 * @module
 */

/** Which rule chooses the order of slabs: that from 6.8 on, or up to 6.6. */
export type SlubRules = "new" | "old";

/** A kernel whose rules are known; of 5.10 only the geometry. */
export type SlubVersion = "5.10" | "6.1" | "6.12" | "7.2";

/** The kernels whose caches are modelled, the usual one first. */
export const CACHE_VERSIONS = ["6.12", "6.1", "7.2"] as const;

/** A number for objects below 256 bytes, below 1 KiB, below 4 KiB, and above. */
export type BySize = readonly [number, number, number, number];

/** The rules of one kernel. */
export interface SlubKernel {
  /** How the order of slabs is chosen. */
  orders: SlubRules;
  /** Objects that the slabs of a CPU's partial list should offer. */
  cpuPartial: BySize;
  /** Objects of a sheaf, before it fills its block; absent: no sheaves. */
  sheaf?: BySize;
}

/** The rules by version. */
export const SLUB_KERNELS: Readonly<Record<SlubVersion, SlubKernel>> = {
  "5.10": { orders: "old", cpuPartial: [30, 13, 6, 2] },
  "6.1": { orders: "old", cpuPartial: [120, 52, 24, 6] },
  "6.12": { orders: "new", cpuPartial: [120, 52, 24, 6] },
  "7.2": { orders: "new", cpuPartial: [0, 0, 0, 0], sheaf: [60, 26, 12, 4] },
};

/** The number for objects of `size` bytes. */
export function bySize(numbers: BySize, size: number): number {
  if (size >= 4096) return numbers[3];
  if (size >= 1024) return numbers[2];
  return numbers[size >= 256 ? 1 : 0];
}
