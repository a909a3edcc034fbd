/**
 * The last remainder: when a small request is cut from what the split before
 * left, and on which list the remainder lies meanwhile.
 *
 * A free chunk of 60,000 bytes lies below the top; requests of one size are
 * made until 50 are served. With `others`, another chunk is freed before each,
 * so that the remainder is not alone on the unsorted list.
 *
 * @module
 */
import type { Allocator } from "../../../allocators/allocator.ts";
import { count, ratio } from "../../measures/columns.ts";
import {
  exactly,
  lectureNotes,
  mean,
  onlyIf,
  REFUTED,
} from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";

const REQUESTS = 50;
const POOL = 60_000;
/** Longer than the tcache takes, so that its free reaches the bins. */
const OTHER = 1200;
const NOTES = lectureNotes("the top chunk and the last remainder");

/** The declaration. */
export const lastRemainder: Experiment = {
  name: "last_remainder",
  question: "When does a small request split the last remainder?",
  claims: [
    {
      id: "last-remainder",
      statement:
        "A small request without a chunk of its size splits the last " +
        "remainder: share of requests.",
      source: NOTES,
      measured: mean("last_remainder_ratio", { size: 48, others: 0 }),
      expected: exactly(1),
      verdict: onlyIf("it is the only chunk on the unsorted list"),
    },
    {
      id: "last-remainder.others",
      statement: "With another chunk on the unsorted list the remainder is " +
        "filed in a bin instead: share of requests that split it.",
      source: "glibc 2.36, measured",
      measured: mean("last_remainder_ratio", { size: 48, others: 1 }),
      expected: exactly(0),
    },
    {
      id: "last-remainder.large",
      statement:
        "A large request never splits the last remainder: share of requests.",
      source: "glibc 2.36, measured",
      measured: mean("last_remainder_ratio", { size: 1100, others: 0 }),
      expected: exactly(0),
    },
    {
      id: "last-remainder-no-bin",
      statement:
        "The top, mapped chunks and the last remainder are in no bin: " +
        "chunks in bins. (The last remainder is on the unsorted list.)",
      source: NOTES,
      measured: mean("chunks_in_bins", { size: 48, others: 0 }),
      expected: exactly(0),
      verdict: REFUTED,
    },
  ],
  random: false,
  allocators: ["glibc", "glibc:tcache_count=0:mxfast=0"],
  needs: ["census", "explain"],
  parameters: {
    size: {
      summary: "bytes of each request",
      values: { default: [48, 1000, 1100] },
    },
    others: {
      summary: "chunks freed before each request",
      values: { default: [0, 1] },
    },
  },
  columns: [
    ratio(
      "last_remainder_ratio",
      "Share of requests that split the remainder.",
    ),
    count(
      "chunks_in_bins",
      "chunk",
      "Chunks on the unsorted, small and large lists.",
    ),
    count("free_chunks", "chunk", "Free chunks, including the top."),
  ],
  headline: ["last_remainder_ratio", "chunks_in_bins"],
  run(cell) {
    const { heap } = cell.heap();
    const pool = heap.malloc(POOL);
    heap.malloc(200_000); // a mapping; not the top, so it pins nothing
    const others = Array.from(
      { length: REQUESTS * cell.number("others") },
      () => {
        const address = heap.malloc(OTHER);
        heap.malloc(24);
        return address;
      },
    );
    heap.malloc(24);
    heap.free(pool, POOL);
    heap.malloc(cell.number("size")); // the first one leaves a remainder
    let hits = 0;
    for (let i = 0; i < REQUESTS; i++) {
      if (others.length > 0) heap.free(others.pop()!, OTHER);
      heap.malloc(cell.number("size"));
      if (heap.explain!().includes("last remainder")) hits++;
    }
    return {
      workload: "requests_from_a_pool",
      samples: [],
      measures: {
        last_remainder_ratio: hits / REQUESTS,
        chunks_in_bins: binned(heap),
        free_chunks: heap.usage().freeBlocks,
      },
    };
  },
  figures: [{
    title:
      "Share of requests cut from the last remainder, by size and by chunks freed before.",
    table: "summary",
    x: "size",
    y: "last_remainder_ratio",
    series: "allocator",
    mark: "cells",
    facet: "others",
  }],
};

/** Chunks on the lists that are bins. */
function binned(heap: Allocator): number {
  return heap.census!()
    .filter(({ list }) => /^(unsorted|small|large)/.test(list))
    .reduce((sum, { blocks }) => sum + blocks, 0);
}
