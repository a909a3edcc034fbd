/**
 * Blocks of pages of several migratetypes come and go.
 *
 * @module
 */
import type { Law } from "../laws/distributions.ts";
import { PageTraceBuilder } from "../traces/page_builder.ts";
import type { Prng } from "../laws/prng.ts";
import type { Trace } from "../traces/trace.ts";

/** How much is churned. */
export interface PageChurn {
  /** Pages of the memory. */
  pages: number;
  /** Share of them that is live while blocks come and go, percent. */
  peak_percent: number;
  /** Share that stays when random blocks have gone for good, percent. */
  fill_percent: number;
  /** Law of the orders. */
  orders: Law;
  /** Share of the requests that are unmovable, percent; the others movable. */
  unmovable_percent: number;
  /** Times that this share grows from 0 and falls again; absent: it stays. */
  tides?: number;
  /** Blocks requested. */
  steps: number;
}

/** Blocks that can be requested: a trace holds a request in 25 bytes. */
const MOST_STEPS = 2 ** 24;

/**
 * Requests blocks while random ones go, then frees down to the fill. Throws
 * `RangeError` for more than 2^24 steps.
 */
export function pageChurn(
  settings: PageChurn,
  draw: Prng,
): Trace {
  const { pages, peak_percent, fill_percent, orders, steps } = settings;
  if (steps > MOST_STEPS) {
    throw new RangeError(`Expected at most ${MOST_STEPS} steps, got ${steps}`);
  }
  const trace = new PageTraceBuilder();
  const victims = draw.fork("victims");
  const types = draw.fork("types");
  const drawOrder = orders.sampler(draw.fork("orders"));
  const most = Math.floor(pages * peak_percent / 100);
  const live: { slot: number; pages: number }[] = [];
  let held = 0;
  const freeOne = () => {
    const i = victims.below(live.length);
    const victim = live[i]!;
    live[i] = live.at(-1)!;
    live.pop();
    trace.free(victim.slot);
    held -= victim.pages;
  };
  for (let step = 0; step < steps; step++) {
    const order = drawOrder();
    const length = 2 ** order;
    while (live.length > 0 && held + length > most) freeOne();
    const type = types() * 100 < unmovable(settings, step) ? 0 : 1;
    live.push({ slot: trace.alloc(order, type), pages: length });
    held += length;
  }
  while (held * 100 > pages * fill_percent) freeOne();
  return trace.build("page_churn");
}

/** Share of the requests at `step` that are unmovable, percent. */
function unmovable(
  { unmovable_percent, tides = 0, steps }: PageChurn,
  step: number,
): number {
  if (tides === 0) return unmovable_percent;
  const phase = step * tides / steps % 1;
  return unmovable_percent * (1 - Math.abs(2 * phase - 1));
}
