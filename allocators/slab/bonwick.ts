/**
 * Bonwick's 1/8 rule: the smallest slab whose tail, too short for another
 * object, is at most an eighth of it. After J. Bonwick, The Slab Allocator: An
 * Object-Caching Kernel Memory Allocator (1994), without headers and colours.
 *
 * @module
 */
import { PAGE } from "../pages.ts";

/** Pages of the smallest slab for objects of `size` bytes that wastes <= 1/8. */
export function bonwickPages(size: number): number {
  let pages = Math.ceil(size / PAGE);
  while (!keepsRule(size, pages)) pages++;
  return pages;
}

/** As {@linkcode bonwickPages}, where slabs have 2^order pages: the order. */
export function bonwickOrder(size: number): number {
  let order = 0;
  while (2 ** order * PAGE < size || !keepsRule(size, 2 ** order)) order++;
  return order;
}

/** Share of a slab of `pages` pages that objects of `size` bytes leave over. */
export function tailWaste(size: number, pages: number): number {
  return (pages * PAGE) % size / (pages * PAGE);
}

function keepsRule(size: number, pages: number): boolean {
  return ((pages * PAGE) % size) * 8 <= pages * PAGE;
}
