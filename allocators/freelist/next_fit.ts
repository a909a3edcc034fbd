/**
 * Next fit: a request takes the first hole that is long enough among those
 * that start at or above the end of the block placed last; if there is none,
 * the lowest of all. Also known as first fit with a roving pointer.
 *
 * @module
 */
import type { AllocatorEntry } from "../entry.ts";
import { END } from "./blocks.ts";
import { fit } from "./fit_entry.ts";

/** The next hole that fits. */
export const nextFit: AllocatorEntry = fit({
  name: "next_fit",
  summary: "The next hole that is long enough, from the last placement on.",
  source: "Knuth, The Art of Computer Programming, vol. 1, section 2.5, ex. 6",
  policy: {
    order: "address",
    pick(holes, bytes, rover) {
      const ahead = holes.firstFrom(rover, bytes);
      return ahead !== END ? ahead : holes.first(bytes);
    },
  },
});
