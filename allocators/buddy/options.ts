/**
 * Options that the textbook buddy systems have in common.
 *
 * @module
 */
import { choice, type Option, powerOfTwo, whole } from "../entry.ts";
import { MOST_PAGES } from "./growth.ts";

/** The longest page, in bytes. */
const MOST_PAGE_BYTES = 2 ** 30;

/** How long a page is. */
export const PAGE_OPTION: Option<number> = powerOfTwo(
  4096,
  "bytes of a page, the least block; 16 for a heap",
  1,
  MOST_PAGE_BYTES,
);

/** How many orders a memory of blocks of 2^k pages has. */
export const ORDERS_OPTION: Option<number> = whole(
  11,
  "number of orders; the top one is orders - 1",
  1,
  24,
);

/** How many pages there are. */
export const PAGES_OPTION: Option<number> = whole(
  0,
  "pages in all; 0: grows by top blocks",
  0,
  MOST_PAGES,
);

/** Which block a request gets. */
export const PICK_OPTION: Option<"head" | "lowest"> = choice(
  ["head", "lowest"],
  "which free block of an order is taken",
);
