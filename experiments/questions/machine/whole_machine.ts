/**
 * A whole machine that has aged: processes come, churn their heaps and go over
 * one page allocator, with kernel objects beside them. Then every other process
 * ends, and blocks of 2 MiB are asked for: first as they are, then with
 * compaction, which moves pages of the processes that stay.
 *
 * @module
 */
import { availability } from "../../../allocators/buddy/indexes.ts";
import { Machine } from "../../../allocators/machine/machine.ts";
import { NULL } from "../../../allocators/allocator.ts";
import { PAGE } from "../../../allocators/pages.ts";
import { count, ratio, type Row } from "../../measures/columns.ts";
import { parseLaw } from "../../laws/distributions.ts";
import {
  type Claim,
  type Experiment,
  meanOf,
  SAMPLES,
} from "../../experiment/experiment.ts";
import { FRAME_COLUMNS, MachineRun } from "../../replay/machine_run.ts";
import { prng } from "../../laws/prng.ts";
import type { Program } from "../../replay/program.ts";
import { randomChurn } from "../../workloads/churn.ts";

const MIB = 2 ** 20;
/** Processes at any time. */
const PROCESSES = 6;
/** Processes that end and are replaced together. */
const NEWCOMERS = 2;
/** Rows of a program per turn. */
const TURN = 512;
/** Sizes of what programs request, bytes; their mean. */
const SIZES = { law: "uniform:16:2032", mean: 1024 };
/** Share of RAM that all processes have live at most. */
const LOAD = 0.78;
/** Bytes of the kernel's objects: dentries and inodes. */
const OBJECTS = [192, 608];
/** Objects of each kind made per round; about as many go. */
const MADE = 8;
/** Objects of each kind per MiB of RAM that are live at most. */
const OBJECTS_PER_MIB = 128;
/** Order of the blocks asked for at the end: 2 MiB. */
const ORDER = 9;
const MOVABLE = 1;

const LINUX = "linux_buddy:pcp=63";

function claim(
  id: string,
  statement: string,
  allocator: string,
  measure: string,
  expected: Claim["expected"],
): Claim {
  return {
    id,
    statement,
    source: "seed document, on a whole machine",
    measured: (cells) => meanOf(cells, measure, { allocator }),
    expected,
  };
}

/** The declaration. */
export const wholeMachine: Experiment = {
  name: "whole_machine",
  question:
    "What is left of large blocks on an aged machine, and at what cost?",
  claims: [
    claim(
      "external-def.machine",
      "On an aged machine, free memory does not serve 2 MiB: share of it.",
      "buddy",
      "lost_ratio",
      { text: "above 0.5", holds: (share) => share > 0.5 },
    ),
    claim(
      "buddy-external.machine",
      "Nor does that of the Linux page allocator before it compacts: share.",
      LINUX,
      "lost_ratio",
      { text: "above 0.5", holds: (share) => share > 0.5 },
    ),
    claim(
      "buddy-512.machine",
      "Compaction makes most of free memory serve 2 MiB again.",
      LINUX,
      "compacted_ratio",
      { text: "> 0.8", holds: (share) => share > 0.8 },
    ),
    claim(
      "frames-sum",
      "Shares of frames sum to RAM: largest difference, bytes.",
      LINUX,
      "frames_error_bytes",
      { value: 0, tolerance: 0 },
    ),
  ],
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
    ratio("lost_ratio", "Free memory that does not serve 2 MiB."),
    ratio("compacted_ratio", "Free memory got as 2 MiB with compaction."),
    ratio("moved_pages_per_block", "Pages moved for each block won back."),
    count("free_order9_blocks", "block", "Blocks of 2 MiB before compaction."),
    count("won_blocks", "block", "Blocks of 2 MiB that compaction adds."),
    count("kills", "process", "Processes that ran out of memory."),
    count("frames_error_bytes", "byte", "Largest |sum of shares - RAM|."),
    count("taken_blocks", "block", "Blocks of 2 MiB taken so far."),
    count("moved_pages", "page", "Pages moved so far."),
  ],
  headline: ["lost_ratio", "compacted_ratio", "moved_pages_per_block"],
  async run(cell) {
    const ramBytes = cell.number("mebibytes") * MIB;
    const draw = prng(cell.seed, "machine");
    const machine = new Machine({
      ramBytes,
      reservedBytes: ramBytes / 64,
      zone: (pages) => cell.pages(`${cell.allocator}:pages=${pages}`),
      cpus: 2,
    });
    const { zone } = machine;
    const run = new MachineRun(machine);
    const live = Math.floor(ramBytes * LOAD / PROCESSES / SIZES.mean);
    let started = 0;
    const start = (steps: number): Program =>
      run.start({
        name: `p${started}`,
        heap: (source) => cell.heap("glibc", source).heap,
        trace: randomChurn(
          { live, sizes: parseLaw(SIZES.law), steps },
          draw.fork(`p${started++}`),
        ),
        touch: "all",
      });
    const kernel = kernelObjects(machine, draw.fork("objects"));

    const programs = Array.from(
      { length: PROCESSES },
      (_, i) => start(Math.ceil(live * (i + 1) / PROCESSES)),
    );
    for (let done = 0; done < cell.number("generations"); done++) {
      await run.run(TURN, kernel);
      for (let i = 0; i < NEWCOMERS; i++) run.end(programs.shift()!);
      for (let i = 0; i < NEWCOMERS; i++) programs.push(start(live));
    }
    await run.run(TURN, kernel);
    run.sample("aged");
    programs.forEach((program, i) => i % 2 === 0 && run.end(program));
    run.sample("half gone");

    const blocksOf = () =>
      zone.census().filter(({ list }) => list.startsWith("order"))
        .map(({ blocks }) => blocks);
    const free = zone.usage().free + zone.usage().cached;
    const before = availability(blocksOf(), ORDER);
    const recovery: Row[] = [];
    const taken: number[] = [];
    const moved = zone.counters.bytesMoved;
    const take = () => {
      for (;;) {
        const pfn = zone.allocPages(ORDER, MOVABLE);
        if (pfn === NULL) return;
        taken.push(pfn);
      }
    };
    take();
    const asTheyAre = taken.length;
    recovery.push({ taken_blocks: asTheyAre, moved_pages: 0 });
    while (machine.compact(ORDER)) {
      take();
      recovery.push({
        taken_blocks: taken.length,
        moved_pages: (zone.counters.bytesMoved - moved) / PAGE,
      });
    }
    taken.forEach((pfn) => zone.freePages(pfn, ORDER));
    run.sample("compacted");
    const won = taken.length - asTheyAre;
    const pages = (zone.counters.bytesMoved - moved) / PAGE;
    const sums = Object.values(
      Object.groupBy(run.frames, ({ phase }) => phase),
    ).map((rows) => rows!.reduce((sum, row) => sum + row.frame_bytes, 0));
    return {
      workload: "aged_machine",
      samples: run.samples,
      tables: { frames: run.frames, recovery },
      measures: {
        lost_ratio: 1 - before,
        compacted_ratio: taken.length * 2 ** ORDER * PAGE / free,
        moved_pages_per_block: won > 0 ? pages / won : 0,
        free_order9_blocks: asTheyAre,
        won_blocks: won,
        kills: run.kills,
        frames_error_bytes: Math.max(
          ...sums.map((sum) => Math.abs(sum - machine.ramBytes)),
        ),
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

/** Objects of the kernel that come and, once there are enough, go at random. */
function kernelObjects(
  machine: Machine,
  draw: { below(n: number): number },
): () => void {
  const most = machine.ramBytes / MIB * OBJECTS_PER_MIB;
  const kinds = OBJECTS.map((objectSize) => ({
    user: machine.slabUser(`object ${objectSize}`, { objectSize }),
    live: [] as number[],
  }));
  return () => {
    for (const { user, live } of kinds) {
      for (let i = 0; i < MADE; i++) {
        const address = user.alloc();
        if (address !== NULL) live.push(address);
        if (live.length < most) continue;
        const victim = draw.below(live.length);
        user.free(live[victim]!);
        live[victim] = live.at(-1)!;
        live.pop();
      }
    }
  };
}
