/**
 * Break or mapping: which requests are served by which, the first time and
 * after one such block was freed.
 *
 * Each cell asks a heap for a block of one size twice, with a free in between.
 * The heap has used up its top before, or has a top of 131 KiB as at its start,
 * or holds a free chunk of 1 MiB.
 *
 * @module
 */
import { type Allocator, NULL } from "../../../allocators/allocator.ts";
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { type Column, count } from "../../measures/columns.ts";
import {
  type Experiment,
  type Finished,
  meanOf,
  onlyIf,
} from "../../experiment/experiment.ts";
import { Unsuitable } from "../../replay/unsuitable.ts";

/** The shortest request whose chunk has 128 KiB on x86-64. */
const THRESHOLD = 131_049;
const SIZES = [1000, 100_000, THRESHOLD - 1, THRESHOLD, 200_000, 2 ** 20];
/** The longest request whose block raises the threshold when it is freed. */
const LONGEST = 2 ** 25 - 4096;
const STATIC = "glibc:mmap_threshold=131072";

const COLUMNS: readonly Column[] = [
  count("mapped_first", "mapping", "Mappings made by the first request."),
  count("unmapped", "mapping", "Mappings given back by the free."),
  count("mapped_again", "mapping", "Mappings made by the second request."),
  count("break_calls", "call", "Moves of the break by both."),
];

/** Mean of `measure` over sizes for which `where` holds, without room. */
function share(
  cells: readonly Finished[],
  measure: string,
  where: (size: number) => boolean,
  allocator = "glibc",
): number | undefined {
  const chosen = cells.filter((c) => where(c.parameters.size as number));
  return meanOf(chosen, measure, { allocator, room: "none" });
}

/** What a heap is made to hold before the requests. */
const ROOM: Record<string, (heap: Allocator) => void> = {
  none(heap) {
    for (let i = 0; i < 132; i++) heap.malloc(1000);
  },
  top() {},
  chunk(heap) {
    const blocks = Array.from({ length: 11 }, () => heap.malloc(100_000));
    heap.malloc(1000);
    for (const address of blocks) heap.free(address, 100_000);
  },
};

/** The declaration. */
export const mmapThreshold: Experiment = {
  name: "mmap_threshold",
  question: "Which requests move the break and which are mapped?",
  claims: [
    {
      id: "brk-128k",
      statement: "Requests below 128 KiB use brk; none is mapped.",
      source: "seed notes",
      measured: (cells) =>
        share(cells, "mapped_first", (size) => size < THRESHOLD),
      expected: { value: 0, tolerance: 0 },
      verdict: onlyIf(
        "nothing free serves it; longer ones do too once the threshold grew",
      ),
    },
    {
      id: "brk-128k.break",
      statement:
        "Requests below 128 KiB that nothing free serves move the break.",
      source: "glibc 2.36, measured",
      measured: (cells) =>
        share(
          cells,
          "break_calls",
          (size) => size > 10_000 && size < THRESHOLD,
        ),
      expected: { text: ">= 1", holds: (calls) => calls >= 1 },
    },
    {
      id: "mmap-128k",
      statement:
        "Requests above 128 KiB are anonymous mappings, given back at free.",
      source: "seed notes",
      measured: (cells) =>
        share(cells, "unmapped", (size) => size >= THRESHOLD),
      expected: { value: 1, tolerance: 0 },
      verdict: onlyIf(
        "no such block was freed before, and nothing free serves it",
      ),
    },
    {
      id: "mmap-128k.again",
      statement: "Once a mapped block was freed, its size comes from the heap.",
      source: "glibc 2.36, measured",
      measured: (cells) =>
        share(
          cells,
          "mapped_again",
          (size) => size >= THRESHOLD && size < LONGEST,
        ),
      expected: { value: 0, tolerance: 0 },
      verdict: onlyIf(
        "the block is shorter than 32 MiB and no tunable fixed the threshold",
      ),
    },
    {
      id: "mmap-128k.static",
      statement: "With a threshold that is set, every such request is mapped.",
      source: "glibc 2.36, measured",
      measured: (cells) =>
        share(cells, "mapped_again", (size) => size >= THRESHOLD, STATIC),
      expected: { value: 1, tolerance: 0 },
    },
    {
      id: "mmap-128k.room",
      statement: "A free chunk or the top is used before a mapping is made.",
      source: "glibc 2.36, measured",
      measured(cells) {
        const where = { allocator: "glibc", room: "chunk", size: 200_000 };
        const chunk = meanOf(cells, "mapped_first", where);
        const top = { ...where, room: "top", size: THRESHOLD };
        const mapped = meanOf(cells, "mapped_first", top);
        return chunk === undefined ? undefined : chunk + (mapped ?? NaN);
      },
      expected: { value: 0, tolerance: 0 },
    },
    {
      id: "huge-mmap",
      statement:
        "A request that no bin and not the top can serve is mapped directly.",
      source: "seed notes",
      measured: (cells) =>
        share(cells, "mapped_first", (size) => size >= THRESHOLD),
      expected: { value: 1, tolerance: 0 },
      verdict: onlyIf("it reaches the threshold; below, the break moves"),
    },
  ],
  random: false,
  allocators: ["glibc", STATIC],
  parameters: {
    size: {
      summary: "Bytes requested.",
      values: { default: [...SIZES, 2 ** 25 - 8192, 2 ** 25] },
    },
    room: {
      summary: "What is free before.",
      values: { default: Object.keys(ROOM) },
    },
  },
  columns: COLUMNS,
  headline: ["mapped_first", "unmapped", "mapped_again"],
  run(cell) {
    const os = new AddressSpace();
    const { heap } = cell.heap(undefined, os);
    const size = cell.number("size");
    ROOM[cell.text("room")]!(heap);
    const { events } = os;
    const breakCalls = events.brk;
    const mapped = [0, 0];
    const unmapped = [0, 0];
    for (const i of [0, 1]) {
      const { mmap, munmap } = events;
      const address = heap.malloc(size);
      if (address === NULL) throw new Unsuitable(`refuses ${size} bytes`);
      heap.free(address, size);
      mapped[i] = events.mmap - mmap;
      unmapped[i] = events.munmap - munmap;
    }
    return {
      workload: "two_requests",
      samples: [],
      measures: {
        mapped_first: mapped[0]!,
        unmapped: unmapped[0]!,
        mapped_again: mapped[1]!,
        break_calls: events.brk - breakCalls,
      },
    };
  },
  figures: [{
    title:
      "Mappings that a second request of the same size makes, by what is free before.",
    table: "summary",
    x: "size",
    y: "mapped_again",
    series: "allocator",
    mark: "cells",
    facet: "room",
  }],
};
