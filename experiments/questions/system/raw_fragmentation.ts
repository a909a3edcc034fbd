/**
 * What a heap wastes that asks the system for every request: random churn on
 * the break, on mappings, and on a malloc that keeps a pool.
 *
 * @module
 */
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { LAYOUT_64, STACK_GUARD } from "../../../allocators/os/layout.ts";
import { type Column, count, ratio } from "../../measures/columns.ts";
import {
  type Experiment,
  meanOf,
  onlyIf,
  SAMPLES,
} from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { prng } from "../../laws/prng.ts";
import { RANDOM_CHURN } from "../../workloads/churn.ts";

const COLUMNS: readonly Column[] = [
  count("brk_calls", "call", "System calls that move the break."),
  count("mapping_calls", "call", "System calls on mappings."),
  ratio("misplaced_ratio", "Share of mappings not between heap and stack."),
];

/** The lowest byte of the stack and its guard. */
const STACK = LAYOUT_64.end - 0x2_1000 - STACK_GUARD;

/** The declaration. */
export const rawFragmentation: Experiment = {
  name: "raw_fragmentation",
  question: "What does a heap waste that asks the system for every request?",
  claims: [
    {
      id: "os-two-calls",
      statement: "The system offers two families of calls only: brk and mmap.",
      source: "seed notes",
      measured(cells) {
        const mapping = meanOf(cells, "mapping_calls", {
          allocator: "raw_brk",
        });
        const brk = meanOf(cells, "brk_calls", { allocator: "raw_mmap" });
        return mapping === undefined ? undefined : mapping + (brk ?? NaN);
      },
      expected: { value: 0, tolerance: 0 },
    },
    {
      id: "os-fragment",
      statement: "A system call per request fragments easily.",
      source: "seed notes",
      measured(cells) {
        const raw = meanOf(cells, "jw4_ratio", { allocator: "raw_mmap" });
        const pool = meanOf(cells, "jw4_ratio", { allocator: "glibc" });
        return raw !== undefined && pool ? raw / pool : undefined;
      },
      expected: {
        text: "raw_mmap wastes >= 5 times what a pool wastes",
        holds: (times) => times >= 5,
      },
      verdict: onlyIf("blocks are much shorter than a page"),
    },
    {
      id: "os-fragment.brk",
      statement: "On the break alone, one live block pins all that is below.",
      source: "raw_brk",
      measured: (cells) =>
        meanOf(cells, "retained_ratio", { allocator: "raw_brk" }),
      expected: { text: ">= 0.5", holds: (share) => share >= 0.5 },
    },
    {
      id: "mmap-place",
      statement: "Mappings lie between heap and stack.",
      source: "seed notes",
      measured: (cells) =>
        meanOf(cells, "misplaced_ratio", { allocator: "raw_mmap" }),
      expected: { value: 0, tolerance: 0 },
    },
  ],
  random: true,
  allocators: ["raw_brk", "raw_mmap", "glibc"],
  parameters: {
    sizes: {
      summary: "law of the sizes, bytes",
      values: { default: ["uniform:1:1999"] },
    },
    live: { summary: "live objects", values: { default: [1000] } },
    steps: {
      summary: "objects replaced",
      values: { quick: [5000], default: [50_000], full: [500_000] },
    },
  },
  columns: COLUMNS,
  headline: ["jw4_ratio", "retained_ratio", "internal_ratio"],
  async run(cell) {
    const source = new AddressSpace();
    const outcome = await replayCell(
      cell,
      RANDOM_CHURN.build(cell.parameters, prng(cell.seed)),
      { source },
    );
    const { events } = source;
    const known = new Set(LAYOUT_64.occupied.map(([start]) => start));
    const mapped = [...source.segments()].filter(([start, end]) =>
      !known.has(start) && end !== Math.ceil(source.break / 4096) * 4096
    );
    const misplaced = mapped.filter(([start, end]) =>
      start < source.break || end > STACK
    );
    Object.assign(outcome.measures, {
      brk_calls: events.brk,
      mapping_calls: events.mmap + events.munmap + events.mremap,
      misplaced_ratio: misplaced.length / Math.max(1, mapped.length),
    });
    return outcome;
  },
  figures: [{
    title: "Footprint over time while blocks come and go.",
    table: SAMPLES,
    x: "op",
    y: "footprint_bytes",
    series: "allocator",
    mark: "line",
    log: ["y"],
  }],
};
