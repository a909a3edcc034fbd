/**
 * The common way to run a cell of page requests.
 *
 * @module
 */
import { MigrateType } from "../../allocators/buddy/linux_area.ts";
import type { Sample } from "../measures/columns.ts";
import type { Cell, Outcome } from "./experiment.ts";
import { SampleSums } from "./outcome.ts";
import { PageSession, replayPages } from "../replay/page_session.ts";
import type { Trace } from "../traces/trace.ts";

/**
 * Replays `trace` on a new page allocator as the cell says; `look` sees the
 * session at each sample.
 */
export async function runPages(
  cell: Cell,
  trace: Trace,
  every: number,
  look: (session: PageSession) => void = () => {},
): Promise<{ session: PageSession; samples: Sample[] }> {
  const session = new PageSession(cell.pages());
  const samples: Sample[] = [];
  const sink = (sample: Sample) => {
    samples.push(sample);
    look(session);
  };
  await replayPages(trace, session, { every, sink });
  return { session, samples };
}

/** As {@linkcode runPages}; its samples go one by one. */
export async function replayPagesCell(
  cell: Cell,
  trace: Trace,
  every: number,
): Promise<Outcome> {
  const session = new PageSession(cell.pages());
  const sums = new SampleSums();
  const take = cell.samples(trace.name);
  const sink = (sample: Sample) => {
    take(sample);
    sums.add(sample);
  };
  await replayPages(trace, session, { every, sink });
  const { external_ratio, retained_ratio } = sums.means();
  const { splits, coalesces, searchSteps } = session.pages.counters;
  return {
    workload: trace.name,
    samples: [],
    measures: {
      operations: session.op,
      failures: session.failures,
      peak_footprint_bytes: session.pages.footprint,
      external_ratio,
      retained_ratio,
      splits,
      coalesces,
      search_steps: searchSteps,
    },
  };
}

/**
 * Takes MOVABLE blocks of `order` while there are any, if it `compacts` after
 * compaction; returns how many there were.
 */
export function takeAll(
  session: PageSession,
  order: number,
  compacts: boolean,
): number {
  let served = 0;
  for (;;) {
    if (session.pages.allocPages(order, MigrateType.MOVABLE) >= 0) served++;
    else if (!compacts || !session.compact(order)) return served;
  }
}
