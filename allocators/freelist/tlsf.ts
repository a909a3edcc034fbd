/**
 * Two-level segregated fit: bins of equal range, found with two bitmaps.
 *
 * Lengths up to 2^sli units of `align` have a bin each; above, every power of
 * two is cut into 2^sli bins of equal width. A request is rounded up to the
 * lower end of a bin, so that the first block of the first bin that is not
 * empty from there on fits (good fit) and nothing is searched: the price is
 * less than 1/(2^sli + 1) of a block. Bins are last in, first out. After M.
 * Masmano, I. Ripoll, A. Crespo and J. Real, TLSF: a New Dynamic Memory
 * Allocator for Real-Time Systems (2004).
 *
 * Simplified: the part of the arena that was never reached is in no bin; it
 * serves when no bin can.
 *
 * @module
 */
import { type AllocatorEntry, define, whole } from "../entry.ts";
import { FIT_OPTIONS, FitHeap } from "./fit_heap.ts";
import { TwoLevelIndex } from "./two_level_index.ts";

/** Good fit in constant time. */
export const tlsf: AllocatorEntry = define({
  name: "tlsf",
  summary: "Two-level segregated fit: good fit in constant time.",
  source: "Masmano et al., TLSF (2004)",
  layer: "freelist",
  examples: ["tlsf:sli=1:arena=8M"],
  options: {
    ...FIT_OPTIONS,
    sli: whole(5, "Each power of two is cut into 2^sli bins.", 1, 5),
  },
  offers: ["memalign", "census", "eachBinned", "resident"],
  create: (values, { source }) =>
    new FitHeap(
      values,
      source,
      (blocks, counters) =>
        new TwoLevelIndex(blocks, counters, values.align, values.sli),
    ),
});
