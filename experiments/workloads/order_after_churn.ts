/**
 * Large blocks of pages after churn: how long does a memory stay in one piece?
 *
 * @module
 */
import { whole } from "../../allocators/entry.ts";
import { type Law, parseLaw } from "../laws/distributions.ts";
import type { Prng } from "../laws/prng.ts";
import type { Trace } from "../traces/trace.ts";
import {
  define,
  law,
  lazyTrace,
  MOST_OBJECTS,
  type Workload,
} from "./workload.ts";

/** Bytes of a page. */
const PAGE = 4096;
/** Pages of a mebibyte. */
const PER_MEBIBYTE = 256;

/** How much is churned, and what is asked for afterwards. */
export interface OrderAfterChurn {
  /** Size of the memory. */
  mebibytes: number;
  /** Share of the memory that is live during the churn. */
  peak_percent: number;
  /** Share that is live at the end: random blocks are freed down to it. */
  fill_percent: number;
  /** Law of the orders that are churned. */
  orders: Law;
  /** Blocks replaced. */
  steps: number;
  /** Order of the last requests. */
  order: number;
}

/** Replaces random blocks, frees some for good, then asks for blocks of `order` for all that is free. */
export function orderAfterChurn(
  { mebibytes, peak_percent, fill_percent, orders, steps, order }:
    OrderAfterChurn,
  draw: Prng,
): Trace {
  const pages = mebibytes * PER_MEBIBYTE;
  const peak = Math.floor(pages * peak_percent / 100);
  const fill = Math.floor(pages * fill_percent / 100);
  return lazyTrace("order_after_churn", function* (trace) {
    const victims = draw.fork("victims");
    const drawOrder = orders.sampler(draw.fork("orders"));
    const slots: number[] = [];
    const lengths: number[] = [];
    let live = 0;
    const freeOne = () => {
      const i = victims.below(slots.length);
      trace.free(slots[i]!);
      live -= lengths[i]!;
      slots[i] = slots.at(-1)!;
      lengths[i] = lengths.at(-1)!;
      slots.pop();
      lengths.pop();
    };
    for (let step = 0; step < steps; step++) {
      const length = 2 ** drawOrder();
      while (slots.length > 0 && live + length > peak) freeOne();
      slots.push(trace.malloc(length * PAGE));
      lengths.push(length);
      live += length;
      if (trace.ready) yield;
    }
    trace.phase("churn");
    while (live > fill) freeOne();
    trace.phase("fall");
    const wanted = Math.floor((pages - live) / 2 ** order);
    for (let i = 0; i < wanted; i++) trace.malloc(2 ** order * PAGE);
    trace.phase("request");
  });
}

/** {@linkcode orderAfterChurn} as a workload. */
export const ORDER_AFTER_CHURN: Workload = define({
  name: "order_after_churn",
  summary: "Blocks of random orders come and go, then large ones are wanted.",
  parameters: {
    mebibytes: whole(
      64,
      "size of the memory, MiB",
      4,
      MOST_OBJECTS / PER_MEBIBYTE,
    ),
    peak_percent: whole(95, "live share during the churn, percent", 1, 100),
    fill_percent: whole(50, "live share at the end, percent", 0, 100),
    orders: law("uniform:0:4", "distribution of the orders that are churned"),
    steps: whole(20_000, "blocks requested"),
    order: whole(9, "order of the last requests", 0, 10),
  },
  build: ({ orders, ...rest }, draw) =>
    orderAfterChurn({ ...rest, orders: parseLaw(orders) }, draw),
});
