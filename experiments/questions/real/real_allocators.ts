/**
 * How much memory the allocators of real programs need: resident bytes over
 * live bytes, of the real ones as recorded, and of models on the same requests.
 *
 * @module
 */
import { bytes, ratio } from "../../measures/columns.ts";
import {
  above,
  average,
  below,
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
import { overLive, ResidentRun } from "../../replay/resident.ts";
import { PROGRAMS } from "../../workloads/recorded.ts";
import {
  claimsOfModels,
  recordedOf,
  requestsOf,
  specOf,
  subjects,
} from "./subjects.ts";

/** Mean peak over live of the five programs. */
function onPrograms(who: string): Measured {
  return average(
    PROGRAMS.map((workload) => mean("peak_per_live", { who, workload })),
  );
}

const claims: Claim[] = [
  ...claimsOfModels("real", "At its peak", "peak_bytes"),
  {
    id: "real-jemalloc",
    statement: "Programs need less memory with jemalloc than with glibc: " +
      "peak over live of 5.3.0 over that of glibc 2.36, five programs.",
    source: "common advice",
    measured: quotient(onPrograms("jemalloc 5.3.0"), onPrograms("glibc 2.36")),
    expected: below(1),
    verdict: REFUTED,
  },
  {
    id: "real-musl",
    statement: "musl, the slowest, needs the least memory: peak over live " +
      "over that of glibc 2.36, five programs.",
    source: "recorded",
    measured: quotient(onPrograms("musl 1.2.6"), onPrograms("glibc 2.36")),
    expected: below(1),
  },
  {
    id: "real-huge-pages",
    statement: "mimalloc 3.6.0 takes huge pages for small heaps: its peak " +
      "over that with huge pages off, the five programs together.",
    source: "recorded, huge pages on madvise",
    measured: quotient(
      onPrograms("mimalloc 3.6.0"),
      average(PROGRAMS.map((workload) =>
        mean("peak_per_live_small_pages", {
          who: "mimalloc 3.6.0",
          workload,
        })
      )),
    ),
    expected: above(2),
  },
];

/** The declaration. */
export const realAllocators: Experiment = {
  name: "real_allocators",
  question: "How much memory do real allocators need, and models of them?",
  claims,
  random: false,
  allocators: [NO_ALLOCATOR],
  parameters: subjects(["best_fit", "tlsf"]),
  columns: [
    ratio("peak_per_live", "Most resident bytes over most live bytes."),
    ratio("peak_per_live_small_pages", "The same with huge pages off."),
    ratio("mean_per_live", "Mean resident bytes over mean live bytes."),
    bytes("peak_bytes", "Most resident bytes."),
    bytes("end_bytes", "Resident bytes after the last request."),
  ],
  headline: ["peak_per_live", "mean_per_live"],
  async run(cell) {
    const workload = cell.text("workload");
    const { row, every } = await recordedOf(cell);
    if (row) {
      const { peak_per_live, peak_per_live_small_pages } = row;
      const { mean_per_live, peak_bytes, end_bytes } = row;
      const measures = {
        peak_per_live: peak_per_live!,
        peak_per_live_small_pages: peak_per_live_small_pages!,
        mean_per_live: mean_per_live!,
        peak_bytes: peak_bytes!,
        end_bytes: end_bytes!,
      };
      return { workload, samples: [], measures };
    }
    const spec = specOf(cell);
    const run = new ResidentRun(cell.heap(spec, cell.memory(spec)));
    const curve = await run.replay(await requestsOf(cell), every);
    const { peak, mean } = overLive(curve);
    return {
      workload,
      samples: [],
      measures: {
        peak_per_live: peak,
        mean_per_live: mean,
        peak_bytes: Math.max(...curve.map(({ resident }) => resident)),
        end_bytes: curve.at(-1)!.resident,
      },
    };
  },
  figures: [{
    title: "Most resident bytes over most live bytes.",
    table: "summary",
    x: "who",
    y: "peak_per_live",
    series: "workload",
    mark: "point",
    log: ["y"],
  }],
};
