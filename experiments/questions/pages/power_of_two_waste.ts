/**
 * What a request pays for blocks of 2^k pages: 9 KiB takes 16 KiB.
 *
 * @module
 */
import { bytes, ratio } from "../../measures/columns.ts";
import { lectureNotes, mean, near } from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { EQUAL_BLOCKS } from "../../workloads/buddy_pathologies.ts";

const KIB = 1024;

const NINE_KIB = { allocator: "buddy", size: 9 * KIB };

/** The declaration. */
export const powerOfTwoWaste: Experiment = {
  name: "power_of_two_waste",
  question: "How much of a block is lost because its length is 2^k pages?",
  claims: [
    {
      id: "buddy-pow2",
      statement: "A request for 9 KiB takes a block of 16 KiB.",
      source: lectureNotes("drawbacks of the buddy system"),
      measured: mean("block_bytes", NINE_KIB),
      expected: near(16 * KIB, 1e-12),
    },
    {
      id: "9k",
      statement: "A request for 9 KiB wastes 43.75 % of its block.",
      source: "arithmetic",
      measured: mean("internal_ratio", NINE_KIB),
      expected: near(0.4375, 1e-12),
    },
    {
      id: "9k-of-requested",
      statement: "A request for 9 KiB wastes 77.8 % of what was requested.",
      source: "arithmetic",
      measured: mean("waste_per_requested", NINE_KIB),
      expected: near(7 / 9, 1e-12),
    },
  ],
  random: false,
  allocators: [
    "buddy",
    "fibonacci_buddy",
    "weighted_buddy",
    "kmalloc",
    "kmalloc:cache=9216",
    "kingsley",
    "tlsf",
    "first_fit",
  ],
  parameters: {
    size: {
      summary: "bytes of each request",
      values: {
        default: [4, 5, 6, 8, 9, 12, 16, 17, 24, 32, 33, 64].map((k) =>
          k * KIB
        ),
      },
    },
    count: { summary: "requests", values: { default: [1000], quick: [100] } },
  },
  columns: [
    bytes("block_bytes", "Usable bytes of a block."),
    ratio("waste_per_requested", "Bytes lost over bytes requested."),
  ],
  headline: ["block_bytes", "waste_per_requested"],
  async run(cell) {
    const trace = await workloadTrace(cell, EQUAL_BLOCKS);
    const outcome = await replayCell(cell, trace, { every: 0 });
    const { allocated_bytes, live_blocks } = outcome.samples.at(-1)!;
    const block = allocated_bytes / live_blocks;
    const size = cell.number("size");
    Object.assign(outcome.measures, {
      block_bytes: block,
      waste_per_requested: (block - size) / size,
    });
    return outcome;
  },
  figures: [{
    title: "Internal fragmentation of requests of one size, by size.",
    table: "summary",
    x: "size",
    y: "internal_ratio",
    series: "allocator",
    mark: "line",
    log: ["x"],
  }],
};
