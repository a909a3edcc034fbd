/**
 * Best fit: a request takes the shortest hole that is long enough, the lowest
 * of several.
 *
 * @module
 */
import type { AllocatorEntry } from "../entry.ts";
import { fit } from "./fit_entry.ts";

/** The shortest hole that fits. */
export const bestFit: AllocatorEntry = fit({
  name: "best_fit",
  summary: "The shortest hole that is long enough, the lowest of several.",
  source: "Knuth, The Art of Computer Programming, vol. 1, section 2.5",
  policy: {
    order: "length",
    pick: (holes, bytes) => holes.first(bytes),
  },
});
