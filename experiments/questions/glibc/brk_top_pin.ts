/**
 * The break can only fall from its top: three blocks, freed from the lowest or
 * from the highest, with `malloc_trim` before or after the highest is freed.
 *
 * @module
 */
import type { Allocator } from "../../../allocators/allocator.ts";
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { bytes, type Sample } from "../../measures/columns.ts";
import {
  exactly,
  lectureNotes,
  mean,
  onlyIf,
} from "../../experiment/claims.ts";
import { type Experiment, SAMPLES } from "../../experiment/experiment.ts";
import { Player, Session } from "../../replay/replay.ts";

/** Bytes of the blocks A, B and C, in this order in memory. */
const BLOCKS = [100_000, 100_000, 30_000];
const ORDERS = ["A B C", "A B trim C", "C B A"];
const MEASURED = "glibc 2.36 on Linux 6.18, measured";

/** `measure` of glibc when the blocks are freed in `order`. */
function glibc(order: string, measure: string) {
  return mean(measure, { allocator: "glibc", order });
}

/** The declaration. */
export const brkTopPin: Experiment = {
  name: "brk_top_pin",
  question: "When can memory below the break be given back?",
  claims: [
    {
      id: "brk-top",
      statement:
        "Low memory can be returned only after the memory above it is freed: " +
        "fall of the break while block C above is live.",
      source: lectureNotes("brk and mmap"),
      measured: glibc("A B C", "pinned_fall_bytes"),
      expected: exactly(0),
      verdict: onlyIf(
        "it is returned by the break; malloc_trim also returns whole free " +
          "pages below",
      ),
    },
    {
      id: "brk-top.trim",
      statement:
        "malloc_trim returns 192,512 bytes of whole pages below block C, which " +
        "is live.",
      source: MEASURED,
      measured: glibc("A B trim C", "pinned_return_bytes"),
      expected: exactly(192_512),
    },
    {
      id: "brk-top.held",
      statement:
        "With block C live and A and B below it free, the heap holds 305,200 " +
        "free bytes.",
      source: MEASURED,
      measured: glibc("A B C", "pinned_free_bytes"),
      expected: exactly(305_200),
    },
    {
      id: "brk-top.fall",
      statement:
        "Freeing C lowers the break by 200,704 bytes; a pad stays on top.",
      source: MEASURED,
      measured: glibc("A B C", "fall_bytes"),
      expected: exactly(200_704),
    },
    {
      id: "brk-top.pad",
      statement:
        "malloc_trim(0) then lowers the break by another 131,072 bytes.",
      source: MEASURED,
      measured: glibc("A B C", "trim_fall_bytes"),
      expected: exactly(131_072),
    },
  ],
  random: false,
  allocators: ["raw_brk", "glibc"],
  parameters: {
    order: {
      summary: "blocks in the order in which they are freed; trim is " +
        "malloc_trim(0)",
      values: { default: ORDERS },
    },
  },
  columns: [
    bytes("pinned_fall_bytes", "Fall of the break before C is freed."),
    bytes(
      "pinned_free_bytes",
      "Free chunks and top of the heap just before C is freed.",
    ),
    bytes("pinned_return_bytes", "Resident bytes returned before C is freed."),
    bytes("fall_bytes", "Fall of the break when C is freed."),
    bytes("trim_fall_bytes", "Fall of the break by a last malloc_trim."),
  ],
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
    const trim = () => {
      const { break: top } = os;
      heap.control?.trim(0);
      samples.push(session.sample("trim"));
      return top - os.break;
    };
    for (const step of cell.choice("order", ORDERS).split(" ")) {
      if (step === "trim") {
        trim();
        continue;
      }
      const { break: top } = os;
      if (step === "C") {
        measures.pinned_fall_bytes = before.break - top;
        measures.pinned_free_bytes = freeBytes(heap);
        measures.pinned_return_bytes = before.resident - os.residentBytes;
      }
      player.free(slots["ABC".indexOf(step)]!);
      if (step === "C") measures.fall_bytes = top - os.break;
      samples.push(session.sample(`free ${step}`));
    }
    measures.trim_fall_bytes = trim();
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

/** Bytes of free chunks and the top, headers included, where they are listed. */
function freeBytes(heap: Allocator): number {
  const lists = heap.census?.().filter(({ list }) => !/mmap|tcache/.test(list));
  return lists?.reduce((sum, { bytes }) => sum + bytes, 0) ?? heap.usage().free;
}
