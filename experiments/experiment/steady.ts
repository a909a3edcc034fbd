/**
 * Means over the steady state of churn: what comes before is left out, as much
 * of it as the cell says.
 *
 * The terms are those of the fifty-percent rule (D. E. Knuth, TAOCP vol. 1,
 * section 2.5): a hole is a free block; p is the share of requests that do not
 * use up a hole, as they leave a remainder or take new memory; k is the mean
 * hole over the mean live block. Then holes/live is p/2, and 1 - live/top is
 * pk/(pk + 2), if a block is all that it takes, header and padding too. Both
 * follow from the two live neighbours of each hole and hold for many live
 * blocks: the wilderness above the top has one such neighbour, which takes
 * 1/live of p; the identity is measured with p less that. All is
 * measured right after a request.
 *
 * @module
 */
import { NULL } from "../../allocators/allocator.ts";
import { FlatSource } from "../../allocators/pages.ts";
import { type Column, count, ratio, type Sample } from "../measures/columns.ts";
import type { Cell, Outcome, Parameter } from "./experiment.ts";
import { columnMean, measuresOf, SampleSums } from "./outcome.ts";
import { gain } from "../measures/phases.ts";
import { Session } from "../replay/replay.ts";
import { type Builder, workloadTrace } from "./workload_trace.ts";
import { Op, type Trace } from "../traces/trace.ts";

/** Requests between two looks at the heap. */
const EVERY = 100;
/** Looks per sample that is kept. */
const LOOKS = 20;

/** A sample, with the requests so far and those that used up a free block. */
type Look = Sample & { requests: number; exact: number };

/** The measures of {@linkcode steadyCell}. */
export const STEADY_COLUMNS: readonly Column[] = [
  ratio("holes_per_live", "Free blocks over live blocks."),
  ratio(
    "remainder_ratio",
    "p: share of the requests that leave a remainder or take new memory.",
  ),
  ratio(
    "hole_per_block",
    "k: mean length of a free block over that of a live block.",
  ),
  ratio("live_per_top", "Live bytes as requested over the footprint."),
  ratio(
    "live_per_memory",
    "Live bytes as requested over the size of the memory, if it is fixed.",
  ),
  ratio(
    "rule_excess",
    "Deviation from the fifty-percent rule: holes/live - p/2.",
  ),
  ratio(
    "identity_excess",
    "Deviation of the free share of the heap from qk/(qk + 2), q = p - 1/live.",
  ),
  ratio("refused_ratio", "Share of the requests that are refused."),
  count(
    "warm_up_requests",
    "request",
    "Requests at the beginning that the means leave out.",
  ),
];

/** The parameter that says what the means leave out. */
export const WARM_UP: Readonly<Record<"warm_up_percent", Parameter>> = {
  warm_up_percent: {
    summary:
      "share of the requests, at the beginning, that the means leave out, percent",
    values: { default: [50] },
  },
};

/** {@linkcode steadyCell} of `workload`, whose parameters are the cell's. */
export async function churnCell(
  cell: Cell,
  workload: Builder,
): Promise<Outcome> {
  const { warm_up_percent: _, ...values } = cell.parameters;
  return steadyCell(cell, await workloadTrace(cell, workload, values));
}

/**
 * Replays `trace` on a new heap, with `memory` bytes where given, and averages
 * over what follows the warm-up.
 */
export async function steadyCell(
  cell: Cell,
  trace: Trace,
  memory?: number,
): Promise<Outcome> {
  const warmUp = cell.number("warm_up_percent");
  if (!(warmUp >= 0 && warmUp < 100)) {
    throw new RangeError(`warm_up_percent expects 0..99, not ${warmUp}`);
  }
  const { heap, source } = cell.heap(cell.allocator, new FlatSource(memory));
  const session = new Session(heap, source);
  const looks: Look[] = [];
  let requests = 0;
  let exact = 0; // requests that used up a free block
  const look = () => looks.push({ ...session.sample(), requests, exact });
  for await (const block of trace.blocks()) {
    for (let i = 0; i < block.length; i++) {
      const { splits } = heap.counters;
      const { footprint } = heap;
      session.run(block, i, i + 1);
      if (block.op[i] !== Op.MALLOC) continue;
      if (
        session.addressOf(block.slot[i]!) !== NULL &&
        heap.counters.splits === splits && heap.footprint === footprint
      ) {
        exact++;
      }
      if (++requests % EVERY === 0) look();
    }
  }
  if (requests % EVERY !== 0) look();
  const measures = steady(
    looks.slice(Math.floor(looks.length * warmUp / 100)),
    memory,
  );
  const samples = looks.toReversed().filter((_, i) => i % LOOKS === 0)
    .toReversed().map(({ requests: _, exact: __, ...sample }) => sample);
  return {
    workload: trace.name,
    samples,
    measures: { ...measuresOf(session, SampleSums.of(samples)), ...measures },
  };
}

function steady(
  looks: readonly Look[],
  memory: number | undefined,
): Record<string, number> {
  const [from, to] = [looks[0]!, looks.at(-1)!];
  const p = 1 - gain("exact", from, to) / gain("requests", from, to);
  const holes = columnMean(looks, "free_blocks");
  const live = columnMean(looks, "live_blocks");
  const requested = columnMean(looks, "requested_bytes");
  const top = columnMean(looks, "footprint_bytes");
  const free = columnMean(looks, "free_bytes");
  const k = holes > 0 ? free / holes / ((top - free) / live) : 0;
  const q = p - 1 / live;
  return {
    holes_per_live: holes / live,
    remainder_ratio: p,
    hole_per_block: k,
    live_per_top: requested / top,
    ...(memory && { live_per_memory: requested / memory }),
    rule_excess: holes / live - p / 2,
    identity_excess: free / top - q * k / (q * k + 2),
    refused_ratio: gain("failures", from, to) / gain("requests", from, to),
    warm_up_requests: from.requests,
  };
}
