/**
 * Which arena serves the n-th thread: new ones up to a limit that the cores
 * set, then main, then the newest arena, then the one before it.
 *
 * @module
 */
import { exactly, mean, type Measured } from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { count, type Row } from "../../measures/columns.ts";
import { replay, Session } from "../../replay/replay.ts";
import { arrivals } from "../../workloads/threads.ts";

const SOURCE = "glibc 2.36, measured";

function measure(name: string, allocator: string): Measured {
  return mean(name, { allocator });
}

/** The declaration. */
export const arenaChoice: Experiment = {
  name: "arena_choice",
  question: "Which arena serves a new thread?",
  claims: [
    {
      id: "arena-choice.limit",
      statement:
        "On two cores there are at most 8 arenas per core: arenas of " +
        "forty threads, including main.",
      source: SOURCE,
      measured: measure("arenas", "glibc"),
      expected: exactly(16),
    },
    {
      id: "arena-choice.one-core",
      statement: "On one core the limit is 8 but is checked too late: arenas " +
        "of forty threads, including main.",
      source: "glibc 2.36, by its rules",
      measured: measure("arenas", "glibc:cores=1"),
      expected: exactly(9),
    },
    {
      id: "arena-choice.first",
      statement: "On two cores, the first thread beyond the limit gets main: " +
        "number of its arena.",
      source: SOURCE,
      measured: measure("first_reused", "glibc"),
      expected: exactly(0),
    },
    {
      id: "arena-choice.second",
      statement: "On two cores, the second thread beyond the limit gets the " +
        "newest arena: its number.",
      source: SOURCE,
      measured: measure("second_reused", "glibc"),
      expected: exactly(15),
    },
  ],
  random: false,
  needs: ["threading", "arenaFigures", "placeOf"],
  allocators: ["glibc", "glibc:cores=1", "glibc:arena_max=4"],
  parameters: {
    threads: {
      summary: "threads, none of which ends",
      values: { default: [40] },
    },
  },
  columns: [
    count("arenas", "arena", "Arenas, main included."),
    count(
      "first_reused",
      "arena",
      "Arena of the first thread that got no new one.",
    ),
    count("second_reused", "arena", "Arena of the one after it."),
    count("thread", "thread", "Number of the thread, in order of arrival."),
    count("arena", "arena", "Number of its arena; 0 is main."),
  ],
  headline: ["arenas", "first_reused", "second_reused"],
  async run(cell) {
    const { heap, source } = cell.heap();
    const session = new Session(heap, source);
    const threads = cell.number("threads");
    const trace = arrivals(threads);
    await replay(trace, session, { every: 0, sink() {} });
    const rows: Row[] = [];
    const chosen: number[] = [];
    session.eachLive((address) => {
      const arena = heap.placeOf!(address)?.arena ?? 0;
      rows.push({ thread: rows.length + 1, arena });
      chosen.push(arena);
    });
    const arenas = heap.arenaFigures!().length;
    return {
      workload: trace.name,
      samples: [session.sample("loaded")],
      tables: { threads: rows },
      measures: {
        arenas,
        first_reused: chosen[arenas - 1]!,
        second_reused: chosen[arenas]!,
      },
    };
  },
  figures: [{
    title: "The arena of each thread, in order of arrival.",
    table: "threads",
    x: "thread",
    y: "arena",
    series: "allocator",
    mark: "point",
  }],
};
