/**
 * The common way to run a cell of page requests.
 *
 * @module
 */
import type { Sample } from "../measures/columns.ts";
import type { Cell, Outcome } from "./experiment.ts";
import { columnMean } from "./outcome.ts";
import { PageSession, replayPages } from "../replay/page_session.ts";
import type { Trace } from "../traces/trace.ts";

/** Replays `trace` on a new page allocator as the cell says. */
export async function replayPagesCell(
  cell: Cell,
  trace: Trace,
  every: number,
): Promise<Outcome> {
  const session = new PageSession(cell.pages());
  const samples: Sample[] = [];
  await replayPages(trace, session, { every, sink: (s) => samples.push(s) });
  const { splits, coalesces, searchSteps } = session.pages.counters;
  return {
    workload: trace.name,
    samples,
    measures: {
      operations: session.op,
      failures: session.failures,
      peak_footprint_bytes: session.pages.footprint,
      external_ratio: columnMean(samples, "external_ratio"),
      retained_ratio: columnMean(samples, "retained_ratio"),
      splits,
      coalesces,
      search_steps: searchSteps,
    },
  };
}
