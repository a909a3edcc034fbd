/**
 * The bins of glibc, in its three geometries: how they are spaced, what enters
 * which, and what they hold while random objects come and go.
 *
 * One chunk of every length up to 4 KiB is freed between live neighbours, then
 * a large request sorts them. The tcache is off, as it would hide the bins.
 *
 * @module
 */
import type { Allocator, CensusRow } from "../../../allocators/allocator.ts";
import { type Column, count, type Row } from "../../measures/columns.ts";
import {
  type Experiment,
  type Finished,
  meanOf,
  onlyIf,
  REFUTED,
} from "../../experiment/experiment.ts";
import { replay, Session } from "../../replay/replay.ts";
import { Unsuitable } from "../../replay/unsuitable.ts";
import { prng } from "../../laws/prng.ts";
import { RANDOM_CHURN } from "../../workloads/churn.ts";

const X86_64 = "glibc:tcache_count=0";
const I386 = "glibc:geometry=i386:tcache_count=0";
const ARMHF = "glibc:geometry=armhf:tcache_count=0";
/** Chunks this long are longer than any fast bin takes. */
const SLOW = 200;

const COLUMNS: readonly Column[] = [
  count("small_spacing", "byte", "Between neighbouring small bins."),
  count("mixed_small_bins", "bin", "Small bins that hold several lengths."),
  count("large_spacing", "byte", "Between the first two large bins."),
  count("large_step", "byte", "Between lengths in the first large bin."),
  count("largest_fast", "byte", "Longest chunk in a fast bin."),
  count("merged_in_fast", "chunk", "Merged chunks found in fast bins."),
  count("merged_in_unsorted", "chunk", "Merged chunks found unsorted."),
  count(
    "bins_at_start",
    "chunk",
    "Chunks in bins after the first request.",
  ),
  count("frees_to_unsorted", "chunk", "Of 20 slow frees, half of them merged."),
  {
    name: "list",
    type: "string",
    unit: "",
    description: "Kind of list: fast, unsorted, small, large or top.",
  },
  count("blocks", "chunk", "Chunks on lists of the kind."),
  count("bytes", "byte", "Bytes of the chunks on lists of the kind."),
];

/** The number in the name of a list, e.g. 48 of `small[48]`. */
const lengthOf = ({ list }: CensusRow) => Number(/\d+/.exec(list)?.[0]);

const rowsOf = (heap: Allocator, kind: string) =>
  heap.census!().filter(({ list }) => list.startsWith(kind));

const blocksOf = (rows: readonly CensusRow[]) =>
  rows.reduce((sum, { blocks }) => sum + blocks, 0);

/** Frees a chunk of every length, then sorts them. */
function spacing(heap: Allocator): Record<string, number> {
  heap.malloc(1);
  const bins = blocksOf(rowsOf(heap, "small")) +
    blocksOf(rowsOf(heap, "large"));
  const chunks: number[] = [];
  for (let size = 1; size < 4096; size += 8) {
    chunks.push(heap.malloc(size));
    heap.malloc(1);
  }
  const lengths = new Set<number>();
  let largestFast = 0;
  for (const address of chunks) {
    const usable = heap.usableSize(address);
    if (lengths.has(usable)) continue;
    lengths.add(usable);
    heap.free(address, usable);
    largestFast = Math.max(largestFast, ...rowsOf(heap, "fast").map(lengthOf));
  }
  heap.malloc(100_000);
  const small = rowsOf(heap, "small");
  const large = rowsOf(heap, "large");
  const gaps = small.slice(1).map((row, i) =>
    lengthOf(row) - lengthOf(small[i]!)
  );
  if (small.length === 0 || large.length < 3) {
    throw new Unsuitable("fills no small and large bins");
  }
  const first = lengthOf(large[1]!) - lengthOf(large[0]!);
  return {
    bins_at_start: bins,
    largest_fast: largestFast,
    small_spacing: Math.max(...gaps),
    mixed_small_bins:
      small.filter((row) => row.bytes !== row.blocks * lengthOf(row)).length,
    large_spacing: lengthOf(large[2]!) - lengthOf(large[1]!),
    large_step: first / large[0]!.blocks,
  };
}

/** Where merged chunks and slow ones go. */
function entering(heap: Allocator): Record<string, number> {
  const pair = [heap.malloc(24), heap.malloc(24)];
  heap.malloc(24);
  for (const address of pair) heap.free(address, 24);
  heap.control!.trim(2 ** 20); // consolidates, and leaves the top alone
  const merged = {
    merged_in_fast: blocksOf(rowsOf(heap, "fast")),
    merged_in_unsorted: blocksOf(rowsOf(heap, "unsorted")),
  };
  let unsorted = 0;
  for (let i = 0; i < 10; i++) {
    const two = [heap.malloc(SLOW), heap.malloc(SLOW)];
    heap.malloc(SLOW);
    for (const address of two) {
      heap.free(address, SLOW);
      if (heap.explain!().includes("unsorted list")) unsorted++;
    }
  }
  return { ...merged, frees_to_unsorted: unsorted };
}

const of =
  (allocator: string, measure: string) => (cells: readonly Finished[]) =>
    meanOf(cells, measure, { allocator });

const exactly = (value: number) => ({ value, tolerance: 0 });

/** The declaration. */
export const glibcBins: Experiment = {
  name: "glibc_bins",
  question: "Which chunks lie in which bins?",
  claims: [
    {
      id: "malloc-pool",
      statement: "malloc takes a big block and cuts it into levels of bins.",
      source: "seed notes",
      measured: of(X86_64, "bins_at_start"),
      expected: exactly(0),
      verdict: onlyIf(
        "bins begin empty: chunks are cut from the top when asked for, " +
          "and enter bins when freed",
      ),
    },
    {
      id: "small-bins",
      statement: "A small bin has one length; neighbours differ by 8 bytes.",
      source: "seed notes",
      measured: of(ARMHF, "small_spacing"),
      expected: exactly(8),
      verdict: onlyIf(
        "alignment is 8 bytes (armhf): 16 on x86-64, and i386 since 2.26",
      ),
    },
    {
      id: "small-bins.x86-64",
      statement: "On x86-64 small bins are 16 bytes apart.",
      source: "glibc 2.36",
      measured: of(X86_64, "small_spacing"),
      expected: exactly(16),
    },
    {
      id: "small-bins.one",
      statement: "No small bin holds chunks of two lengths.",
      source: "glibc 2.36",
      measured: of(X86_64, "mixed_small_bins"),
      expected: exactly(0),
    },
    {
      id: "large-bins",
      statement: "Large bins cover ranges and are 64 bytes apart.",
      source: "seed notes",
      measured: of(X86_64, "large_spacing"),
      expected: exactly(64),
      verdict: onlyIf("the first group is meant: then 512, 4096, ..."),
    },
    {
      id: "large-bins.chunks",
      statement: "Chunks in one large bin are 64 bytes apart.",
      source: "seed notes, the other reading",
      measured: of(X86_64, "large_step"),
      expected: exactly(64),
      verdict: REFUTED,
    },
    {
      id: "fast-bins",
      statement: "Chunks of up to 64 bytes are freed into fast bins.",
      source: "seed notes",
      measured: of(I386, "largest_fast"),
      expected: exactly(64),
      verdict: onlyIf(
        "it is a 32-bit machine (128 on x86-64) and the tcache is full or off",
      ),
    },
    {
      id: "fast-bins-merged",
      statement:
        "Merged chunks of up to max_fast go to fast bins: 1 of 1 does.",
      source: "seed notes; nothing merged enters a fast bin",
      measured: of(X86_64, "merged_in_fast"),
      expected: exactly(1),
      verdict: REFUTED,
    },
    {
      id: "unsorted-bin",
      statement: "Merged chunks above max_fast go to the unsorted list.",
      source: "seed notes",
      measured: of(X86_64, "frees_to_unsorted"),
      expected: exactly(20),
      verdict: onlyIf(
        "all are meant that neither cache takes, merged or not, and that " +
          "do not touch the top",
      ),
    },
  ],
  random: true,
  allocators: [X86_64, I386, ARMHF],
  needs: ["census", "control", "explain"],
  parameters: {
    sizes: {
      summary: "law of the sizes, bytes",
      values: { default: ["uniform:1:1999"] },
    },
    live: { summary: "live objects", values: { default: [1000] } },
    steps: {
      summary: "objects replaced",
      values: { quick: [5000], default: [50_000] },
    },
  },
  columns: COLUMNS,
  headline: ["small_spacing", "large_spacing", "large_step", "largest_fast"],
  async run(cell) {
    const measures = {
      ...spacing(cell.heap().heap),
      ...entering(cell.heap().heap),
    };
    const { heap, source } = cell.heap();
    const session = new Session(heap, source);
    const bins: Row[] = [];
    const trace = RANDOM_CHURN.build(cell.parameters, prng(cell.seed));
    await replay(trace, session, {
      every: 1000,
      sink({ op }) {
        for (const kind of ["fast", "unsorted", "small", "large", "top"]) {
          const rows = rowsOf(heap, kind);
          const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
          bins.push({ op, list: kind, blocks: blocksOf(rows), bytes });
        }
      },
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
