/**
 * The bins of glibc, in its three geometries: how they are spaced, what enters
 * which, and what they hold while random objects come and go.
 *
 * The tcache is off, as it would hide the bins.
 *
 * @module
 */
import type { Allocator } from "../../../allocators/allocator.ts";
import { type Column, count } from "../../measures/columns.ts";
import {
  exactly,
  lectureNotes,
  mean,
  onlyIf,
  REFUTED,
} from "../../experiment/claims.ts";
import type { Claim, Experiment } from "../../experiment/experiment.ts";
import { replay, Session } from "../../replay/replay.ts";
import { RANDOM_CHURN } from "../../workloads/churn.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import {
  blocksOf,
  entering,
  PROBE_COLUMNS,
  rowsOf,
  spacing,
} from "./bin_probe.ts";

const X86_64 = "glibc:tcache_count=0";
const I386 = "glibc:geometry=i386:tcache_count=0";
const ARMHF = "glibc:geometry=armhf:tcache_count=0";

const NOTES = lectureNotes("the bins of malloc");

const claims: Claim[] = [
  {
    id: "malloc-pool",
    statement:
      "malloc takes a big block and cuts it into levels of bins: chunks in bins " +
      "after the first request.",
    source: lectureNotes("malloc"),
    measured: mean("bins_at_start", { allocator: X86_64 }),
    expected: exactly(0),
    verdict: onlyIf(
      "chunks enter bins when they are freed; bins begin empty, and " +
        "requests are cut from the top",
    ),
  },
  {
    id: "small-bins",
    statement:
      "All chunks of a small bin have one length, and neighbouring small bins " +
      "differ by 8 bytes.",
    source: NOTES,
    measured: mean("small_spacing", { allocator: ARMHF }),
    expected: exactly(8),
    verdict: onlyIf(
      "chunks are aligned to 8 bytes, as on armhf; bins are 16 bytes apart " +
        "on x86-64, and on i386 since 2.26",
    ),
  },
  {
    id: "small-bins.x86-64",
    statement: "On x86-64 neighbouring small bins differ by 16 bytes.",
    source: "glibc 2.36",
    measured: mean("small_spacing", { allocator: X86_64 }),
    expected: exactly(16),
  },
  {
    id: "small-bins.one",
    statement:
      "No small bin holds chunks of different lengths: number that do.",
    source: "glibc 2.36",
    measured: mean("mixed_small_bins", { allocator: X86_64 }),
    expected: exactly(0),
  },
  {
    id: "large-bins",
    statement:
      "A large bin covers a range of lengths, and large bins are 64 bytes apart.",
    source: NOTES,
    measured: mean("large_spacing", { allocator: X86_64 }),
    expected: exactly(64),
    verdict: onlyIf(
      "these are the first large bins; later ones are 512, 4096, ... " +
        "bytes apart",
    ),
  },
  {
    id: "large-bins.chunks",
    statement: "The chunks in one large bin are 64 bytes apart.",
    source: `${NOTES}, read the other way`,
    measured: mean("large_step", { allocator: X86_64 }),
    expected: exactly(64),
    verdict: REFUTED,
  },
  {
    id: "fast-bins",
    statement:
      "Chunks of up to 64 bytes are freed into fast bins: longest chunk there.",
    source: NOTES,
    measured: mean("largest_fast", { allocator: I386 }),
    expected: exactly(64),
    verdict: onlyIf(
      "the machine has 32 bits (x86-64: 128 bytes) and the tcache is " +
        "full or off",
    ),
  },
  {
    id: "fast-bins-merged",
    statement:
      "Merged chunks no longer than the limit of fast bins go there: number " +
      "that do, of one. " +
      "(Nothing merged ever enters a fast bin.)",
    source: NOTES,
    measured: mean("merged_in_fast", { allocator: X86_64 }),
    expected: exactly(1),
    verdict: REFUTED,
  },
  {
    id: "unsorted-bin",
    statement:
      "Merged chunks longer than the limit of fast bins go to the unsorted " +
      "list: number that do, of 20 chunks.",
    source: NOTES,
    measured: mean("frees_to_unsorted", { allocator: X86_64 }),
    expected: exactly(20),
    verdict: onlyIf(
      "they do not touch the top; so does any other chunk that " +
        "neither the tcache nor a fast bin takes",
    ),
  },
];

/** Kinds of lists in the table `bins`. */
const KINDS = ["fast", "unsorted", "small", "large", "top"];

const BINS_COLUMNS: readonly Column[] = [
  {
    name: "list",
    type: "string",
    unit: "",
    description: "Kind of list: fast, unsorted, small, large or top.",
  },
  count("blocks", "chunk", "Chunks on lists of the kind."),
  count("bytes", "byte", "Bytes of the chunks on lists of the kind."),
];

/** The declaration. */
export const glibcBins: Experiment = {
  name: "glibc_bins",
  question: "Which chunks lie in which bins?",
  claims,
  random: true,
  allocators: [X86_64, I386, ARMHF],
  needs: ["census", "control", "explain"],
  parameters: {
    sizes: {
      summary: "size distribution, bytes",
      values: { default: ["uniform:1:1999"] },
    },
    live: { summary: "live objects", values: { default: [1000] } },
    steps: {
      summary: "objects replaced",
      values: { quick: [5000], default: [50_000] },
    },
  },
  columns: [...PROBE_COLUMNS, ...BINS_COLUMNS],
  headline: ["small_spacing", "large_spacing", "large_step", "largest_fast"],
  async run(cell) {
    const measures = {
      ...spacing(cell.heap().heap),
      ...entering(cell.heap().heap),
    };
    const { heap, source } = cell.heap();
    const session = new Session(heap, source);
    const bins: ReturnType<typeof binsAt> = [];
    const trace = await workloadTrace(cell, RANDOM_CHURN);
    await replay(trace, session, {
      every: 1000,
      sink: ({ op }) => bins.push(...binsAt(op, heap)),
    });
    return { workload: trace.name, samples: [], tables: { bins }, measures };
  },
  figures: [{
    title: "Bytes on the lists of glibc over time, by kind of list.",
    table: "bins",
    x: "op",
    y: "bytes",
    series: "list",
    mark: "line",
    facet: "allocator",
  }],
};

/** A row of `bins` for each kind of list. */
function binsAt(op: number, heap: Allocator) {
  return KINDS.map((list) => {
    const rows = rowsOf(heap, list);
    const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
    return { op, list, blocks: blocksOf(rows), bytes };
  });
}
