/**
 * The registry entry of a heap whose holes lie in a tree.
 *
 * @module
 */
import { type AllocatorEntry, define } from "../entry.ts";
import { FIT_OPTIONS, FitHeap } from "./fit_heap.ts";
import { HoleTree, type Policy } from "./hole_tree.ts";

/** What tells one sequential fit from another. */
export interface Fit {
  /** Lower case, digits, `_`. */
  name: string;
  /** One sentence. */
  summary: string;
  /** Where the rule comes from. */
  source: string;
  /** Which hole a request gets. */
  policy: Policy;
}

/** The entry of a sequential fit. */
export function fit(
  { name, summary, source, policy }: Fit,
): AllocatorEntry {
  return define({
    name,
    summary,
    source,
    layer: "freelist",
    options: FIT_OPTIONS,
    offers: ["memalign", "resident"],
    examples: [`${name}:header=0:align=1`],
    create: (values, environment) =>
      new FitHeap(
        values,
        environment.source,
        (blocks, counters) => new HoleTree(blocks, counters, policy),
      ),
  });
}
