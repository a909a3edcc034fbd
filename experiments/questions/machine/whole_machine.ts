/**
 * A whole machine that has aged. Once half of its processes have ended, blocks
 * of 2 MiB are requested: first as memory is, then with compaction, which moves
 * pages of the processes that stay.
 *
 * @module
 */
import { availability } from "../../../allocators/buddy/indexes.ts";
import { MigrateType } from "../../../allocators/buddy/linux_area.ts";
import type { Machine } from "../../../allocators/machine/machine.ts";
import { NULL } from "../../../allocators/allocator.ts";
import { PAGE, type PageAllocator } from "../../../allocators/pages.ts";
import { count, ratio } from "../../measures/columns.ts";
import { freeBlocks } from "../../measures/free_runs.ts";
import { above, exactly, lectureNotes, mean } from "../../experiment/claims.ts";
import {
  type Claim,
  type Experiment,
  SAMPLES,
} from "../../experiment/experiment.ts";
import { FRAME_COLUMNS, type FrameRow } from "../../replay/machine_run.ts";
import { agedMachine } from "./aged_machine.ts";

/** Order of the blocks requested at the end: 2 MiB. */
const ORDER = 9;

const LINUX = "linux_buddy:pcp=63";

const onMachine = (topic: string) =>
  `${lectureNotes(topic)}, on a whole machine`;

const claims: Claim[] = [
  {
    id: "external-def.machine",
    statement:
      "On an aged machine most free memory serves no request for 2 MiB: its " +
      "share.",
    source: onMachine("fragmentation"),
    measured: mean("lost_ratio", { allocator: "buddy" }),
    expected: above(0.5),
  },
  {
    id: "buddy-external.machine",
    statement: "On an aged machine most free memory of Linux's page " +
      "allocator serves no request for 2 MiB before it compacts: " +
      "its share.",
    source: onMachine("the buddy system"),
    measured: mean("lost_ratio", { allocator: LINUX }),
    expected: above(0.5),
  },
  {
    id: "buddy-512.machine",
    statement:
      "Compaction makes most of free memory serve 2 MiB again: its share.",
    source: onMachine("advantages of the buddy system"),
    measured: mean("compacted_ratio", { allocator: LINUX }),
    expected: above(0.8),
  },
  {
    id: "frames-sum",
    statement:
      "The shares of all owners of frames sum to RAM: largest difference, bytes.",
    source: "arithmetic",
    measured: mean("frames_error_bytes", { allocator: LINUX }),
    expected: exactly(0),
  },
];

/** The declaration. */
export const wholeMachine: Experiment = {
  name: "whole_machine",
  question:
    "What is left of large blocks on an aged machine, and at what cost?",
  claims,
  random: true,
  allocators: ["buddy", "buddy:pick=lowest", "linux_buddy", LINUX],
  needs: ["pages"],
  parameters: {
    mebibytes: {
      summary: "RAM, MiB",
      values: { quick: [48], default: [192], full: [4096] },
    },
    generations: {
      summary: "times that two processes end and are replaced",
      values: { quick: [4], default: [9], full: [18] },
    },
  },
  columns: [
    ...FRAME_COLUMNS,
    ratio("lost_ratio", "Share of free memory that does not serve 2 MiB."),
    ratio(
      "compacted_ratio",
      "Share of free memory taken as blocks of 2 MiB with compaction.",
    ),
    ratio("moved_pages_per_block", "Pages moved for each block won back."),
    count("free_order9_blocks", "block", "Blocks of 2 MiB before compaction."),
    count("won_blocks", "block", "Blocks of 2 MiB that compaction adds."),
    count("kills", "process", "Processes that ran out of memory."),
    count(
      "frames_error_bytes",
      "byte",
      "Largest difference between the sum of shares and RAM.",
    ),
    count("taken_blocks", "block", "Blocks of 2 MiB taken so far."),
    count("moved_pages", "page", "Pages moved so far."),
  ],
  headline: ["lost_ratio", "compacted_ratio", "moved_pages_per_block"],
  async run(cell) {
    const run = await agedMachine(cell);
    const { machine, samples, frames, kills } = run;
    const { zone } = machine;
    const free = zone.usage().free + zone.usage().cached;
    const before = availability(freeBlocks(zone), ORDER);
    const { bytesMoved } = zone.counters;
    const recovery = recover(machine);
    run.sample("compacted");
    const moved = (zone.counters.bytesMoved - bytesMoved) / PAGE;
    const asItWas = recovery[0]!.taken_blocks;
    const taken = recovery.at(-1)!.taken_blocks;
    const won = taken - asItWas;
    return {
      workload: "aged_machine",
      samples,
      tables: { frames, recovery },
      measures: {
        lost_ratio: 1 - before,
        compacted_ratio: taken * 2 ** ORDER * PAGE / free,
        moved_pages_per_block: won > 0 ? moved / won : 0,
        free_order9_blocks: asItWas,
        won_blocks: won,
        kills,
        frames_error_bytes: framesError(frames, machine.ramBytes),
      },
    };
  },
  figures: [{
    title:
      "Free memory that serves no block of 2 MiB, before compaction and after.",
    table: SAMPLES,
    x: "allocator",
    y: "unavailable_2m_ratio",
    series: "phase",
    mark: "bar",
    where: { layer: "buddy", phase: ["half gone", "compacted"] },
  }, {
    title: "Pages moved for each further block of 2 MiB.",
    table: "recovery",
    x: "taken_blocks",
    y: "moved_pages",
    series: "allocator",
    mark: "line",
  }],
};

/**
 * Takes all blocks that there are, then compacts and takes more until nothing
 * helps, and gives all back. A row for the beginning and each compaction.
 */
function recover(machine: Machine) {
  const { zone } = machine;
  const moved = zone.counters.bytesMoved;
  const taken: number[] = [];
  const row = () => {
    takeAll(zone, taken);
    const moved_pages = (zone.counters.bytesMoved - moved) / PAGE;
    return { taken_blocks: taken.length, moved_pages };
  };
  const rows = [row()];
  while (machine.compact(ORDER)) rows.push(row());
  taken.forEach((pfn) => zone.freePages(pfn, ORDER));
  return rows;
}

/** Adds all free blocks to `taken`. */
function takeAll(zone: PageAllocator, taken: number[]): void {
  for (;;) {
    const pfn = zone.allocPages(ORDER, MigrateType.MOVABLE);
    if (pfn === NULL) return;
    taken.push(pfn);
  }
}

/** The largest difference between RAM and what the owners of frames have, bytes. */
function framesError(frames: readonly FrameRow[], ramBytes: number): number {
  const phases = Map.groupBy(frames, ({ phase }) => phase);
  const errors = [...phases.values()].map((rows) =>
    Math.abs(rows.reduce((sum, row) => sum + row.frame_bytes, -ramBytes))
  );
  return Math.max(...errors);
}
