/**
 * First fit: a request takes the lowest hole that is long enough.
 *
 * @module
 */
import type { AllocatorEntry } from "../entry.ts";
import { fit } from "./fit_entry.ts";

/** The lowest hole that fits. */
export const firstFit: AllocatorEntry = fit({
  name: "first_fit",
  summary: "The lowest hole that is long enough.",
  source: "Knuth, The Art of Computer Programming, vol. 1, section 2.5",
  policy: {
    order: "address",
    pick: (holes, bytes) => holes.first(bytes),
  },
});
