/**
 * The registry entries of the buddy systems with unequal halves.
 *
 * @module
 */
import { type AllocatorEntry, define, whole } from "../entry.ts";
import { pagedAdvice, PagedHeap, pagedOffers } from "../paged_heap.ts";
import type { PageSource } from "../pages.ts";
import { PAGE_OPTION, PAGES_OPTION, PICK_OPTION } from "./options.ts";
import { SplitBuddy, type SplitOptions } from "./split_buddy.ts";
import {
  fibonacciRules,
  type SplitRules,
  weightedRules,
} from "./split_rules.ts";

function entry(
  name: string,
  summary: string,
  source: string,
  rulesUpTo: (most: number) => SplitRules,
): AllocatorEntry {
  const memory = (o: SplitOptions & { top: number }, source: PageSource) =>
    new SplitBuddy(rulesUpTo(o.top), o, source);
  return define({
    name,
    summary,
    source,
    layer: "buddy",
    options: {
      page: PAGE_OPTION,
      top: whole(
        1024,
        "the longest block has at most so many pages",
        1,
        2 ** 24,
      ),
      pages: PAGES_OPTION,
      pick: PICK_OPTION,
    },
    examples: [`${name}:pages=5000:pick=lowest`],
    advice: ({ page }) => pagedAdvice(page, "page=16:top=131072 makes a heap"),
    offers: ({ pages }) => pagedOffers(pages),
    create: (o, { source }) => new PagedHeap(memory(o, source), source),
    createPages: (o, { source }) => memory(o, source),
  });
}

/** `fibonacci_buddy`: blocks of 1, 2, 3, 5, 8, ... pages. */
export const fibonacciBuddy: AllocatorEntry = entry(
  "fibonacci_buddy",
  "Fibonacci buddy: blocks split into the two lengths below.",
  "Hirschberg, A Class of Dynamic Memory Allocation Algorithms (1973)",
  fibonacciRules,
);

/** `weighted_buddy`: blocks of 2^k and 3 * 2^k pages. */
export const weightedBuddy: AllocatorEntry = entry(
  "weighted_buddy",
  "Weighted buddy: 2^k splits into 3/4 + 1/4, 3 * 2^k into 2/3 + 1/3.",
  "Shen and Peterson, A Weighted Buddy Method (1974)",
  weightedRules,
);
