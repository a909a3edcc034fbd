/**
 * How a heap shows the pieces of memory that it cuts into slots: slabs, groups,
 * extents.
 *
 * @module
 */
import type { Address } from "./allocator.ts";

/** What a slot can be, as a sign of {@linkcode Slab.slots}. */
export const Slot = {
  /** In use by the program. */
  LIVE: "x",
  /** Freed, and kept by a cache in front of the slabs. */
  CACHED: "~",
  /** Free. */
  FREE: ".",
  /** Free, but not handed out before those that are available are used up. */
  WAITING: "-",
  /** Holds another such piece. */
  NESTED: "+",
} as const;

/** A piece of memory that is cut into slots of one length, or is one itself. */
export interface Slab {
  /** What it is, in the field's terms: `slab`, `group`, `extent`. */
  kind: string;
  /** The cache or class that it serves, e.g. `kmalloc-64`, `[112]`; "": it is one block, of any length. */
  of: string;
  /** Its first byte. */
  start: Address;
  /** Bytes from there on, those that are no slot included. */
  bytes: number;
  /** Where the allocator keeps it, in words: `full`, `CPU 0`, `dirty`. */
  place: string;
  /** Its slots. */
  count: number;
  /** A sign of {@linkcode Slot} for each slot, in address order. O(slots). */
  slots(): string;
}

/** Receives one slab. */
export type SlabVisitor = (slab: Slab) => void;
