/**
 * The break can only fall from its top: three blocks, freed from below or from
 * above, with `malloc_trim` before or after the uppermost is freed.
 *
 * @module
 */
import type { Allocator } from "../../../allocators/allocator.ts";
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { bytes, type Column, type Sample } from "../../measures/columns.ts";
import {
  type Experiment,
  type Finished,
  meanOf,
  onlyIf,
  SAMPLES,
} from "../../experiment/experiment.ts";
import { Player, Session } from "../../replay/replay.ts";

/** Bytes of the blocks A, B and C, in this order in memory. */
const BLOCKS = [100_000, 100_000, 30_000];
const MEASURED = "glibc 2.36 on Linux 6.18, measured";

const COLUMNS: readonly Column[] = [
  bytes("pinned_fall_bytes", "Fall of the break before C is freed."),
  bytes("pinned_free_bytes", "Free chunks and top just before C is freed."),
  bytes("pinned_return_bytes", "Resident bytes given back before C is freed."),
  bytes("fall_bytes", "Fall of the break when C is freed."),
  bytes("trim_fall_bytes", "Fall of the break by malloc_trim after all."),
];

/** `measure` of glibc when freed in `order`. */
const glibc =
  (order: string, measure: string) => (cells: readonly Finished[]) =>
    meanOf(cells, measure, { allocator: "glibc", order });

const exactly = (value: number) => ({ value, tolerance: 0 });

/** Bytes of free chunks and the top, headers included, where they are listed. */
function freeBytes(heap: Allocator): number {
  const lists = heap.census?.().filter(({ list }) => !/mmap|tcache/.test(list));
  return lists?.reduce((sum, { bytes }) => sum + bytes, 0) ?? heap.usage().free;
}

/** The declaration. */
export const brkTopPin: Experiment = {
  name: "brk_top_pin",
  question: "When can a heap below the break give memory back?",
  claims: [
    {
      id: "brk-top",
      statement:
        "Low memory can be returned only after the memory above it is freed.",
      source: "seed notes",
      measured: glibc("A B C", "pinned_fall_bytes"),
      expected: exactly(0),
      verdict: onlyIf(
        "the break is meant: malloc_trim gives whole free pages back",
      ),
    },
    {
      id: "brk-top.trim",
      statement: "malloc_trim gives back the whole pages of what C pins.",
      source: MEASURED,
      measured: glibc("A B trim C", "pinned_return_bytes"),
      expected: exactly(192_512),
    },
    {
      id: "brk-top.held",
      statement: "With A and B free, 305,200 free bytes are held.",
      source: MEASURED,
      measured: glibc("A B C", "pinned_free_bytes"),
      expected: exactly(305_200),
    },
    {
      id: "brk-top.fall",
      statement: "Freeing C lowers the break by 200,704: a pad stays on top.",
      source: MEASURED,
      measured: glibc("A B C", "fall_bytes"),
      expected: exactly(200_704),
    },
    {
      id: "brk-top.pad",
      statement: "malloc_trim(0) lowers the break by a further 131,072.",
      source: MEASURED,
      measured: glibc("A B C", "trim_fall_bytes"),
      expected: exactly(131_072),
    },
  ],
  random: false,
  allocators: ["raw_brk", "glibc"],
  parameters: {
    order: {
      summary: "What is freed, in turn; trim: malloc_trim(0).",
      values: { default: ["A B C", "A B trim C", "C B A"] },
    },
  },
  columns: COLUMNS,
  headline: ["pinned_fall_bytes", "pinned_free_bytes", "fall_bytes"],
  run(cell) {
    const os = new AddressSpace();
    const { heap } = cell.heap(undefined, os);
    const session = new Session(heap, os, { touch: "all" });
    const player = new Player(session);
    const slots = BLOCKS.map((size) => player.malloc(size));
    const samples: Sample[] = [session.sample("malloc A B C")];
    const measures: Record<string, number> = {};
    const before = { break: os.break, resident: os.residentBytes };
    for (const step of cell.text("order").split(" ")) {
      const lastBreak = os.break;
      if (step === "C") {
        measures.pinned_fall_bytes = before.break - os.break;
        measures.pinned_free_bytes = freeBytes(heap);
        measures.pinned_return_bytes = before.resident - os.residentBytes;
      }
      if (step === "trim") heap.control?.trim(0);
      else player.free(slots["ABC".indexOf(step)]!);
      if (step === "C") measures.fall_bytes = lastBreak - os.break;
      samples.push(session.sample(step === "trim" ? step : `free ${step}`));
    }
    const untrimmed = os.break;
    heap.control?.trim(0);
    samples.push(session.sample("trim"));
    measures.trim_fall_bytes = untrimmed - os.break;
    return { workload: "three_blocks", samples, measures };
  },
  figures: [{
    title: "Footprint as three blocks are freed, by the order of the frees.",
    table: SAMPLES,
    x: "phase",
    y: "footprint_bytes",
    series: "allocator",
    mark: "bar",
    facet: "order",
  }],
};
