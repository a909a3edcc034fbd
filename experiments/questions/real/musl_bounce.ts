/**
 * Bouncing: a block that musl makes and drops again and again costs a mapping
 * each time, until it has noticed and keeps the group.
 *
 * musl unmaps a group once all its slots are free. Medium classes count how
 * often a group is mapped soon after one of the class was unmapped; a class
 * that has done so a hundred times keeps its groups.
 *
 * @module
 */
import { count, ratio } from "../../measures/columns.ts";
import { above, below, between, mean } from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { Session } from "../../replay/replay.ts";
import { Block, Op } from "../../traces/trace.ts";

/** Rounds whose calls are counted together. */
const RUN = 100;
/** Rounds between samples in the table. */
const STEP = 10;

/** The declaration. */
export const muslBounce: Experiment = {
  name: "musl_bounce",
  question: "What does a block cost that is made and dropped again and again?",
  claims: [{
    id: "musl-bounce",
    statement: "musl maps and unmaps a block of 3,000 bytes that is made and " +
      "dropped: system calls a round, the first hundred rounds.",
    source: "musl 1.2.6, observed",
    measured: mean("first_calls_per_round", { allocator: "musl", size: 3000 }),
    expected: between(1.9, 2.1),
  }, {
    id: "musl-bounce.kept",
    statement: "A hundred rounds later it keeps the group: system calls a " +
      "round, the last hundred.",
    source: "musl 1.2.6, observed",
    measured: mean("last_calls_per_round", { allocator: "musl", size: 3000 }),
    expected: below(0.1),
  }, {
    id: "musl-bounce.large",
    statement: "Large classes never learn: system calls a round for 60,000 " +
      "bytes, the last hundred rounds.",
    source: "musl 1.2.6, observed",
    measured: mean("last_calls_per_round", { allocator: "musl", size: 60_000 }),
    expected: above(1.9),
  }, {
    id: "musl-bounce.glibc",
    statement: "glibc keeps the block from the first round on: system calls " +
      "a round, 3,000 bytes.",
    source: "glibc 2.36, observed",
    measured: mean("first_calls_per_round", { allocator: "glibc", size: 3000 }),
    expected: below(0.1),
  }],
  random: false,
  allocators: ["musl", "glibc"],
  needs: ["resident"],
  parameters: {
    size: {
      summary: "bytes of the block",
      values: { default: [100, 500, 3000, 12_000, 60_000, 200_000] },
    },
    rounds: {
      summary: "times that it is made and dropped",
      values: { default: [1000] },
    },
  },
  columns: [
    ratio("first_calls_per_round", "System calls, the first hundred rounds."),
    ratio("last_calls_per_round", "System calls, the last hundred rounds."),
    ratio("faults_per_round", "Page faults, all rounds."),
    count("round", "round", "Rounds so far."),
    count("calls", "call", "System calls so far."),
  ],
  headline: [
    "first_calls_per_round",
    "last_calls_per_round",
    "faults_per_round",
  ],
  run(cell) {
    const size = cell.number("size");
    const rounds = cell.number("rounds");
    const { heap, source } = cell.heap(undefined, cell.memory());
    const session = new Session(heap, source, { touch: "all" });
    const made = new Block(2);
    made.push(Op.MALLOC, 0, size, 0);
    made.push(Op.FREE, 0, 0, 0);
    const calls: number[] = [];
    const begun = session.sample();
    for (let round = 0; round <= rounds; round++) {
      if (round > 0) session.run(made);
      calls.push(source.systemCalls! - begun.system_calls!);
    }
    const sum = (from: number, to: number) => calls[to]! - calls[from]!;
    const run = Math.min(RUN, rounds);
    return {
      workload: "bounce",
      samples: [],
      tables: {
        calls: calls.flatMap((sum, round) =>
          round % STEP === 0 ? [{ round, calls: sum }] : []
        ),
      },
      measures: {
        first_calls_per_round: sum(0, run) / run,
        last_calls_per_round: sum(rounds - run, rounds) / run,
        faults_per_round: (session.sample().page_faults! - begun.page_faults!) /
          rounds,
      },
    };
  },
  figures: [{
    title: "System calls of a block that is made and dropped.",
    table: "calls",
    x: "round",
    y: "calls",
    series: "allocator",
    mark: "line",
    facet: "size",
  }],
};
