/**
 * Worst fit: a request takes the longest hole, the lowest of several.
 *
 * @module
 */
import type { AllocatorEntry } from "../entry.ts";
import { END } from "./blocks.ts";
import { fit } from "./fit_entry.ts";

/** The longest hole. */
export const worstFit: AllocatorEntry = fit({
  name: "worst_fit",
  summary: "The longest hole, the lowest of several.",
  source: "Wilson et al., Dynamic Storage Allocation (1995)",
  policy: {
    order: "address",
    pick(holes, bytes) {
      const longest = holes.largest();
      return longest < bytes ? END : holes.first(longest);
    },
  },
});
