/**
 * What allocators give back once a program has freed all: at once, after eleven
 * idle seconds, after a little more work, when they are asked.
 *
 * Models have no clock, so they idle for no time.
 *
 * @module
 */
import { bytes } from "../../measures/columns.ts";
import {
  above,
  average,
  below,
  exactly,
  furthest,
  mean,
  type Measured,
  quotient,
  REFUTED,
} from "../../experiment/claims.ts";
import {
  type Claim,
  type Experiment,
  NO_ALLOCATOR,
} from "../../experiment/experiment.ts";
import { ResidentRun } from "../../replay/resident.ts";
import { PROGRAMS } from "../../workloads/recorded.ts";
import {
  claimsOfModels,
  recordedOf,
  requestsOf,
  specOf,
  subjects,
} from "./subjects.ts";

const COLUMNS = [
  bytes("peak_bytes", "Most resident bytes."),
  bytes("freed_bytes", "Resident bytes once all is freed."),
  bytes("idle_bytes", "Resident bytes eleven seconds later."),
  bytes("work_bytes", "Resident bytes after 10,000 small blocks."),
  bytes("purged_bytes", "Resident bytes after the allocator's own purge."),
];

/** Mean over the five programs. */
function onPrograms(measure: string, who: string): Measured {
  return average(
    PROGRAMS.map((workload) => mean(measure, { who, workload })),
  );
}

/** Share of what was resident at the peak that still is, five programs. */
function kept(measure: string, who: string): Measured {
  return quotient(onPrograms(measure, who), onPrograms("peak_bytes", who));
}

const claims: Claim[] = [
  {
    id: "idle-jemalloc",
    statement: "jemalloc gives idle memory back by itself after ten seconds: " +
      "resident bytes after eleven over those before, no thread calling it.",
    source: "common reading of dirty_decay_ms:10000",
    measured: quotient(
      onPrograms("idle_bytes", "jemalloc 5.3.0"),
      onPrograms("freed_bytes", "jemalloc 5.3.0"),
    ),
    expected: below(0.5),
    verdict: REFUTED,
  },
  {
    id: "idle-musl",
    statement: "musl gives back at once what is free: share of the peak that " +
      "is resident once all is freed.",
    source: "recorded",
    measured: kept("freed_bytes", "musl 1.2.6"),
    expected: below(0.05),
  },
  {
    id: "idle-glibc",
    statement: "glibc keeps most of what five programs freed: share of the " +
      "peak that is resident once all is freed.",
    source: "recorded",
    measured: kept("freed_bytes", "glibc 2.36"),
    expected: above(0.8),
  },
  {
    id: "idle-glibc-trim",
    statement: "malloc_trim(0) gives back what glibc kept: share of the peak " +
      "that is resident after it.",
    source: "recorded",
    measured: kept("purged_bytes", "glibc 2.36"),
    expected: below(0.1),
  },
  {
    id: "idle-tcmalloc",
    statement: "ReleaseFreeMemory makes tcmalloc give back what is free: " +
      "share of the peak that is resident after it.",
    source: "the name of the call",
    measured: kept("purged_bytes", "tcmalloc 2.10"),
    expected: below(0.1),
    verdict: REFUTED,
  },
  ...claimsOfModels("idle", "Once all is freed", "freed_bytes"),
  {
    id: "idle-nobody",
    statement: "Nobody gives anything back while the program sleeps: " +
      "resident bytes after eleven seconds over those before, all allocators.",
    source: "recorded",
    measured: furthest(
      1,
      ["glibc 2.36", "jemalloc 5.3.1", "mimalloc 3.6.0", "tcmalloc 2.18.1"]
        .map((who) =>
          quotient(
            onPrograms("idle_bytes", who),
            onPrograms("freed_bytes", who),
          )
        ),
    ),
    expected: exactly(1),
  },
];

/** The declaration. */
export const idleMemory: Experiment = {
  name: "idle_memory",
  question: "When does an allocator give back what is freed?",
  claims,
  random: false,
  allocators: [NO_ALLOCATOR],
  parameters: subjects(["best_fit"]),
  columns: COLUMNS,
  headline: ["peak_bytes", "freed_bytes", "idle_bytes", "purged_bytes"],
  async run(cell) {
    const workload = cell.text("workload");
    const { row, every } = await recordedOf(cell);
    if (row) {
      const measures = Object.fromEntries(
        COLUMNS.flatMap(({ name }) =>
          row[name] === undefined ? [] : [[name, row[name]]]
        ),
      );
      return { workload, samples: [], measures };
    }
    const spec = specOf(cell);
    const run = new ResidentRun(cell.heap(spec, cell.memory(spec)));
    const curve = await run.replay(await requestsOf(cell), every);
    const { freed, work, purged } = run.release();
    return {
      workload,
      samples: [],
      measures: {
        peak_bytes: Math.max(...curve.map(({ resident }) => resident)),
        freed_bytes: freed,
        idle_bytes: freed,
        work_bytes: work,
        ...(purged === undefined ? {} : { purged_bytes: purged }),
      },
    };
  },
  figures: [{
    title: "Resident bytes once all is freed.",
    table: "summary",
    x: "who",
    y: "freed_bytes",
    series: "workload",
    mark: "point",
    log: ["y"],
  }],
};
