/**
 * Means over the last half of a run, when churn has reached its steady state.
 *
 * The terms are those of the fifty-percent rule (D. E. Knuth, TAOCP vol. 1,
 * section 2.5): a hole is a free block; p is the share of requests that do not
 * use up a hole, as they leave a remainder or take new memory; k is the mean
 * hole over the mean live block. Then holes/live is p/2, and 1 - live/top is
 * pk/(pk + 2). Both follow from the two live neighbours of each hole and hold
 * for many live blocks: the wilderness above the top has one such neighbour,
 * which takes 1/live of p; the identity is measured with p less that. All is
 * measured right after a request.
 *
 * @module
 */
import { type Column, ratio, type Sample } from "./columns.ts";
import type { Cell, Outcome } from "./experiment.ts";
import { columnMean, measuresOf } from "./outcome.ts";
import { gain } from "./phases.ts";
import { Session } from "./replay.ts";
import { Op, type Trace } from "./trace.ts";

/** Requests between two looks at the heap. */
const EVERY = 100;
/** Looks per sample that is kept. */
const LOOKS = 20;

/** The measures of {@linkcode steadyCell}. */
export const STEADY_COLUMNS: readonly Column[] = [
  ratio("holes_per_live", "Free blocks over live blocks."),
  ratio("remainder_ratio", "p: share of requests that use up no free block."),
  ratio("hole_per_block", "k: mean free block over mean live block."),
  ratio("live_per_top", "Live bytes over the footprint."),
  ratio("rule_excess", "holes/live - p/2."),
  ratio("identity_excess", "(1 - live/top) - qk/(qk + 2), q = p - 1/live."),
];

/** Replays `trace` on a new heap and averages over its last half. */
export async function steadyCell(cell: Cell, trace: Trace): Promise<Outcome> {
  const { heap, source } = cell.heap();
  const session = new Session(heap, source);
  const looks: Sample[] = [];
  let requests = 0;
  let exact = 0; // requests that used up a free block
  const look = () => looks.push({ ...session.sample(), requests, exact });
  for await (const block of trace.blocks()) {
    for (let i = 0; i < block.length; i++) {
      const { splits } = heap.counters;
      const { footprint } = heap;
      session.run(block, i, i + 1);
      if (block.op[i] !== Op.MALLOC) continue;
      if (heap.counters.splits === splits && heap.footprint === footprint) {
        exact++;
      }
      if (++requests % EVERY === 0) look();
    }
  }
  if (requests % EVERY !== 0) look();
  const measures = steady(looks.slice(looks.length >> 1));
  const samples = looks.toReversed().filter((_, i) => i % LOOKS === 0)
    .toReversed().map(({ requests: _, exact: __, ...sample }) => sample);
  return {
    workload: trace.name,
    samples,
    measures: { ...measuresOf(session, samples), ...measures },
  };
}

function steady(looks: readonly Sample[]): Record<string, number> {
  const [from, to] = [looks[0]!, looks.at(-1)!];
  const p = 1 - gain("exact", from, to) / gain("requests", from, to);
  const holes = columnMean(looks, "free_blocks");
  const live = columnMean(looks, "live_blocks");
  const liveBytes = columnMean(looks, "requested_bytes");
  const hole = holes > 0 ? columnMean(looks, "free_bytes") / holes : 0;
  const k = hole / (liveBytes / live);
  const q = p - 1 / live;
  const used = liveBytes / columnMean(looks, "footprint_bytes");
  return {
    holes_per_live: holes / live,
    remainder_ratio: p,
    hole_per_block: k,
    live_per_top: used,
    rule_excess: holes / live - p / 2,
    identity_excess: 1 - used - q * k / (q * k + 2),
  };
}
