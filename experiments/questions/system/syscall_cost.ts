/**
 * What a system call per request costs: `raw_brk` and `raw_mmap` against a
 * malloc that keeps a pool.
 *
 * Pairs of `malloc` and `free` of one size, each block written as a program
 * would. System calls and page faults per pair are counted, and the verdict is
 * on the counts. Where the time would go is estimated from measured prices:
 * entering the kernel, work on the mappings, faults.
 *
 * @module
 */
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { costOf, PRICES } from "../../../allocators/os/cost.ts";
import { type Column, ratio } from "../../measures/columns.ts";
import {
  atLeast,
  average,
  below,
  between,
  lectureNotes,
  mean,
  onlyIf,
  quotient,
} from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import type { TouchPolicy } from "../../replay/replay.ts";
import { type Trace, TraceBuilder } from "../../traces/trace.ts";

const TOUCHES: readonly TouchPolicy[] = ["none", "first", "all"];

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

/** `measure` of an allocator for pairs of 200 KB. */
function of(allocator: string, measure: string) {
  return mean(measure, { allocator, size: 200_000, touch: "first" });
}

/** The declaration. */
export const syscallCost: Experiment = {
  name: "syscall_cost",
  question:
    "What does a system call per request cost, and how much of it is the call?",
  claims: [
    {
      id: "os-syscall-cost",
      statement: "A system call per request is expensive: calls of the raw " +
        "heaps over those of glibc, pairs of 200 KB.",
      source: lectureNotes("brk and mmap"),
      measured: quotient(
        average([
          of("raw_brk", "calls_per_pair"),
          of("raw_mmap", "calls_per_pair"),
        ]),
        of("glibc", "calls_per_pair"),
      ),
      expected: atLeast(100),
      verdict: onlyIf(
        "the work that the call causes counts too: mappings and page faults",
      ),
    },
    {
      id: "os-syscall-cost.entry",
      statement: "Entering the kernel is a small part of the time for a " +
        "mapped pair of 200 KB: its share, estimated.",
      source: "prices measured on Linux 6.18",
      measured: quotient(
        of("raw_mmap", "entry_ns_per_pair"),
        of("raw_mmap", "estimated_ns_per_pair"),
      ),
      expected: below(0.1),
    },
    {
      id: "os-syscall-cost.time",
      statement: "A mapped pair of 200 KB takes hundreds of times as long as " +
        "one from glibc's pool, estimated.",
      source: "prices measured on Linux 6.18: 15,588 ns against 23 ns",
      measured: quotient(
        of("raw_mmap", "estimated_ns_per_pair"),
        of("glibc", "estimated_ns_per_pair"),
      ),
      expected: between(100, 2000),
    },
  ],
  random: false,
  allocators: ["raw_brk", "raw_mmap", "glibc", "glibc:mmap_threshold=131072"],
  parameters: {
    size: {
      summary: "bytes of each request",
      values: { default: [64, 4096, 200_000] },
    },
    touch: {
      summary: "how much of a block is written; first: its first byte",
      values: { default: ["first", "all"], quick: ["first"] },
    },
    pairs: {
      summary: "pairs of malloc and free",
      values: { default: [10_000], quick: [2000], full: [100_000] },
    },
  },
  columns: [
    ratio("calls_per_pair", "System calls per malloc and free."),
    ratio("faults_per_pair", "Page faults per malloc and free."),
    nanoseconds("estimated_ns_per_pair", "Time of the kernel and the pool."),
    nanoseconds("entry_ns_per_pair", "Time to enter and leave the kernel."),
    nanoseconds("mapping_ns_per_pair", "Time to change break and mappings."),
    nanoseconds("fault_ns_per_pair", "Time for page faults."),
  ],
  headline: ["calls_per_pair", "faults_per_pair", "estimated_ns_per_pair"],
  async run(cell) {
    const pairs = cell.number("pairs");
    const source = new AddressSpace();
    const trace = pairsOf(cell.number("size"), pairs);
    const touch = cell.choice("touch", TOUCHES);
    const outcome = await replayCell(cell, trace, {
      source,
      touch,
      every: pairs,
    });
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
