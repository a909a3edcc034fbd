/**
 * What a system call per request costs: `raw_brk` and `raw_mmap` against a
 * malloc that keeps a pool.
 *
 * Pairs of `malloc` and `free` of one size, each block written as a program
 * would. Counted: system calls and page faults per pair; the verdict is on
 * these. Estimated from measured prices: where the time would go - entering
 * the kernel, work on the mappings, faults.
 *
 * @module
 */
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { costOf, PRICES } from "../../../allocators/os/cost.ts";
import { type Column, ratio } from "../../measures/columns.ts";
import {
  type Experiment,
  type Finished,
  meanOf,
  onlyIf,
} from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import type { TouchPolicy } from "../../replay/replay.ts";
import { type Trace, TraceBuilder } from "../../traces/trace.ts";

/** `pairs` times malloc and free of `size` bytes. */
function pairsOf(size: number, pairs: number): Trace {
  const trace = new TraceBuilder();
  for (let i = 0; i < pairs; i++) trace.free(trace.malloc(size));
  return trace.build(`pairs of ${size}`);
}

const nanoseconds = (name: string, description: string): Column => ({
  name,
  type: "number",
  unit: "ns",
  description,
});

const COLUMNS: readonly Column[] = [
  ratio("calls_per_pair", "System calls per malloc and free."),
  ratio("faults_per_pair", "Page faults per malloc and free."),
  nanoseconds("estimated_ns_per_pair", "All kernel work and the pool's own."),
  nanoseconds("entry_ns_per_pair", "Entering and leaving the kernel."),
  nanoseconds("mapping_ns_per_pair", "Work on the break and mappings."),
  nanoseconds("fault_ns_per_pair", "Page faults."),
];

/** `measure` of the raw heaps over that of the pool, at `size`. */
function overPool(cells: readonly Finished[], measure: string, size: number) {
  const of = (allocator: string) =>
    meanOf(cells, measure, { allocator, size, touch: "first" });
  const [brk, mmap, pool] = [of("raw_brk"), of("raw_mmap"), of("glibc")];
  if (brk === undefined || mmap === undefined || !pool) return undefined;
  return (brk + mmap) / 2 / pool;
}

/** The declaration. */
export const syscallCost: Experiment = {
  name: "syscall_cost",
  question:
    "What does a system call per request cost, and what part is the call?",
  claims: [
    {
      id: "os-syscall-cost",
      statement: "A system call per request is expensive.",
      source: "seed notes",
      measured: (cells) => overPool(cells, "calls_per_pair", 200_000),
      expected: {
        text: ">= 100 times the system calls of a pool",
        holds: (times) => times >= 100,
      },
      verdict: onlyIf(
        "what the call leads to is counted in: mapping work and faults",
      ),
    },
    {
      id: "os-syscall-cost.entry",
      statement: "The call itself is a small part of the time.",
      source: "prices measured on Linux 6.18",
      measured(cells) {
        const where = { allocator: "raw_mmap", size: 200_000, touch: "first" };
        const entry = meanOf(cells, "entry_ns_per_pair", where);
        const all = meanOf(cells, "estimated_ns_per_pair", where);
        return entry !== undefined && all ? entry / all : undefined;
      },
      expected: { text: "< 0.1 (estimated)", holds: (share) => share < 0.1 },
    },
    {
      id: "os-syscall-cost.time",
      statement:
        "A mapped pair of 200 KB takes hundreds of times a pooled one.",
      source: "prices measured on Linux 6.18: 15,588 ns against 23 ns",
      measured(cells) {
        const where = { size: 200_000, touch: "first" };
        const mapped = meanOf(cells, "estimated_ns_per_pair", {
          ...where,
          allocator: "raw_mmap",
        });
        const pooled = meanOf(cells, "estimated_ns_per_pair", {
          ...where,
          allocator: "glibc",
        });
        return mapped !== undefined && pooled ? mapped / pooled : undefined;
      },
      expected: {
        text: "100 .. 2000 (estimated)",
        holds: (times) => times >= 100 && times <= 2000,
      },
    },
  ],
  random: false,
  allocators: ["raw_brk", "raw_mmap", "glibc", "glibc:mmap_threshold=131072"],
  parameters: {
    size: {
      summary: "Bytes of each request.",
      values: { default: [64, 4096, 200_000] },
    },
    touch: {
      summary: "How much of a block is written.",
      values: { default: ["first", "all"], quick: ["first"] },
    },
    pairs: {
      summary: "Pairs of malloc and free.",
      values: { default: [10_000], quick: [2000], full: [100_000] },
    },
  },
  columns: COLUMNS,
  headline: ["calls_per_pair", "faults_per_pair", "estimated_ns_per_pair"],
  async run(cell) {
    const pairs = cell.number("pairs");
    const source = new AddressSpace();
    const outcome = await replayCell(
      cell,
      pairsOf(cell.number("size"), pairs),
      { source, touch: cell.text("touch") as TouchPolicy, every: pairs },
    );
    const { entry, mapping, faults, total } = costOf(source.events);
    Object.assign(outcome.measures, {
      calls_per_pair: source.systemCalls / pairs,
      faults_per_pair: source.pageFaults / pairs,
      estimated_ns_per_pair: total / pairs + PRICES.pooledPair,
      entry_ns_per_pair: entry / pairs,
      mapping_ns_per_pair: mapping / pairs,
      fault_ns_per_pair: faults / pairs,
    });
    return outcome;
  },
  figures: [{
    title: "System calls for each malloc and free, by size.",
    table: "summary",
    x: "size",
    y: "calls_per_pair",
    series: "allocator",
    mark: "cells",
    where: { touch: "first" },
  }],
};
