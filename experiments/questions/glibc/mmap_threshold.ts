/**
 * Break or mapping: which requests are served by which, the first time and
 * after one such block was freed.
 *
 * Each cell asks a heap for a block of one size twice, with a free in between.
 * Before that, the heap has used up its top, or has a top of 131 KiB as at its
 * start, or holds a free chunk of 1 MiB.
 *
 * @module
 */
import { type Allocator, NULL } from "../../../allocators/allocator.ts";
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { count } from "../../measures/columns.ts";
import {
  atLeast,
  combine,
  exactly,
  lectureNotes,
  mean,
  onlyIf,
} from "../../experiment/claims.ts";
import type { Claim, Experiment } from "../../experiment/experiment.ts";
import { Unsuitable } from "../../replay/unsuitable.ts";

/** The shortest request whose chunk has 128 KiB on x86-64. */
const THRESHOLD = 131_049;
const SIZES = [1000, 100_000, THRESHOLD - 1, THRESHOLD, 200_000, 2 ** 20];
/** The longest request whose block raises the threshold when it is freed. */
const LONGEST = 2 ** 25 - 4096;
const STATIC = "glibc:mmap_threshold=131072";

const NOTES = lectureNotes("brk and mmap");
const MEASURED = "glibc 2.36, measured";

/** Mean of `measure` over the sizes from `low` up to below `high`, without room. */
function of(
  measure: string,
  [low, high]: readonly [low: number, high: number],
  allocator = "glibc",
) {
  const size = (size: string | number) =>
    Number(size) >= low && Number(size) < high;
  return mean(measure, { allocator, room: "none", size });
}

const SHORT = [0, THRESHOLD] as const;
const LONG = [THRESHOLD, Infinity] as const;

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

const claims: Claim[] = [
  {
    id: "brk-128k",
    statement: "Requests below 128 KiB use brk: mappings per request.",
    source: NOTES,
    measured: of("mapped_first", SHORT),
    expected: exactly(0),
    verdict: onlyIf(
      "nothing free serves them; longer requests use brk, too, once the " +
        "threshold has grown",
    ),
  },
  {
    id: "brk-128k.break",
    statement: "Requests below 128 KiB that nothing free serves move the " +
      "break: moves per two requests.",
    source: MEASURED,
    measured: of("break_calls", [10_001, THRESHOLD]),
    expected: atLeast(1),
  },
  {
    id: "mmap-128k",
    statement: "Requests above 128 KiB are anonymous mappings that are " +
      "returned when freed: mappings returned per request.",
    source: NOTES,
    measured: of("unmapped", LONG),
    expected: exactly(1),
    verdict: onlyIf(
      "no such block was freed before, and nothing free serves them",
    ),
  },
  {
    id: "mmap-128k.again",
    statement: "Once a mapped block was freed, the next request of its size " +
      "is served from the heap: mappings per request.",
    source: MEASURED,
    measured: of("mapped_again", [THRESHOLD, LONGEST]),
    expected: exactly(0),
    verdict: onlyIf(
      "the block is shorter than 32 MiB and no tunable fixed the threshold",
    ),
  },
  {
    id: "mmap-128k.static",
    statement: "If the threshold is set by a tunable, every request above it " +
      "is mapped: mappings per second request.",
    source: MEASURED,
    measured: of("mapped_again", LONG, STATIC),
    expected: exactly(1),
  },
  {
    id: "mmap-128k.room",
    statement: "Long requests use a free chunk or the top if it is large " +
      "enough: mappings made.",
    source: MEASURED,
    measured: combine(
      (chunk, top) => chunk + top,
      mean("mapped_first", {
        allocator: "glibc",
        room: "chunk",
        size: 200_000,
      }),
      mean("mapped_first", {
        allocator: "glibc",
        room: "top",
        size: THRESHOLD,
      }),
    ),
    expected: exactly(0),
  },
  {
    id: "huge-mmap",
    statement: "A request that no bin and not the top can serve is mapped: " +
      "mappings per request.",
    source: lectureNotes("the top chunk and mmap"),
    measured: of("mapped_first", LONG),
    expected: exactly(1),
    verdict: onlyIf("it reaches the threshold; below, the break moves"),
  },
];

/** The declaration. */
export const mmapThreshold: Experiment = {
  name: "mmap_threshold",
  question: "Which requests move the break and which are mapped?",
  claims,
  random: false,
  allocators: ["glibc", STATIC],
  parameters: {
    size: {
      summary: "bytes requested",
      values: { default: [...SIZES, 2 ** 25 - 8192, 2 ** 25] },
    },
    room: {
      summary: "what is free before; none, top: 131 KiB, chunk: 1 MiB",
      values: { default: Object.keys(ROOM) },
    },
  },
  columns: [
    count("mapped_first", "mapping", "Mappings made by the first request."),
    count("unmapped", "mapping", "Mappings returned by the first free."),
    count("mapped_again", "mapping", "Mappings made by the second request."),
    count("break_calls", "call", "Moves of the break by both."),
  ],
  headline: ["mapped_first", "unmapped", "mapped_again"],
  run(cell) {
    const os = new AddressSpace();
    const { heap } = cell.heap(undefined, os);
    const size = cell.number("size");
    ROOM[cell.choice("room", Object.keys(ROOM))]!(heap);
    const { events } = os;
    const breakCalls = events.brk;
    const [first, second] = [0, 1].map(() => {
      const { mmap, munmap } = events;
      const address = heap.malloc(size);
      if (address === NULL) throw new Unsuitable(`refuses ${size} bytes`);
      heap.free(address, size);
      return { mapped: events.mmap - mmap, unmapped: events.munmap - munmap };
    });
    return {
      workload: "two_requests",
      samples: [],
      measures: {
        mapped_first: first!.mapped,
        unmapped: first!.unmapped,
        mapped_again: second!.mapped,
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
