/**
 * A page is freed, merges all the way up, and is split off again by the next
 * request: work that would be saved if the freed page stayed on its list.
 *
 * @module
 */
import { ratio } from "../../measures/columns.ts";
import {
  below,
  exactly,
  lectureNotes,
  mean,
  onlyIf,
} from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { atEndOf, gain } from "../../measures/phases.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { PING_PONG } from "../../workloads/buddy_pathologies.ts";

/** So many requests that the first refill of a list does not count. */
const ROUNDS = 10_000;

/** The declaration. */
export const splitMergePingPong: Experiment = {
  name: "split_merge_ping_pong",
  question: "How much work does the next request undo?",
  claims: [{
    id: "buddy-thrash",
    statement: "Merging and splitting again at once is wasted work: splits " +
      "per request for a page of an empty memory.",
    source: lectureNotes("drawbacks of the buddy system"),
    measured: mean("splits_per_request", { allocator: "buddy", held: 0 }),
    expected: exactly(10),
    verdict: onlyIf("the buddy of the freed block is free"),
  }, {
    id: "buddy-thrash-held",
    statement: "While the page's buddy is live, requests split nothing: " +
      "splits per request.",
    source: "arithmetic",
    measured: mean("splits_per_request", { allocator: "buddy", held: 1 }),
    expected: exactly(0),
  }, {
    id: "buddy-thrash-lazy",
    statement: "A lazy buddy system splits once and then leaves the page " +
      "alone if others of its order are live: splits per request.",
    source: "after Lee and Barkley 1989",
    measured: mean("splits_per_request", { allocator: "lazy_buddy", held: 8 }),
    expected: below(0.01),
  }, {
    id: "buddy-thrash-pcp",
    statement: "Per-CPU lists keep freed pages from merging: splits per " +
      "request for a page of an empty memory.",
    source: "Linux 6.12, mm/page_alloc.c",
    measured: mean("splits_per_request", {
      allocator: "linux_buddy:pcp=63",
      held: 0,
      rounds: (rounds) => Number(rounds) >= ROUNDS,
    }),
    expected: below(0.01),
  }],
  random: false,
  allocators: [
    "buddy",
    "buddy:pick=lowest",
    "linux_buddy",
    "linux_buddy:pcp=63",
    "lazy_buddy",
    "kingsley",
    "tlsf",
    "first_fit",
  ],
  parameters: {
    held: {
      summary: "pages that stay live meanwhile",
      values: { default: [0, 1, 2, 3, 4, 8, 512, 1023, 1024] },
    },
    rounds: {
      summary: "pages requested and freed",
      values: { quick: [1000], default: [ROUNDS], full: [1_000_000] },
    },
  },
  columns: [
    ratio("splits_per_request", "Splits per request."),
    ratio("coalesces_per_request", "Merges per free."),
  ],
  headline: ["splits_per_request", "coalesces_per_request"],
  async run(cell) {
    const trace = await workloadTrace(cell, PING_PONG);
    const outcome = await replayCell(cell, trace, { every: 0 });
    const from = atEndOf("hold", outcome.samples);
    const to = atEndOf("ping_pong", outcome.samples);
    const rounds = cell.number("rounds");
    Object.assign(outcome.measures, {
      splits_per_request: gain("splits", from, to) / rounds,
      coalesces_per_request: gain("coalesces", from, to) / rounds,
    });
    return outcome;
  },
  figures: [{
    title:
      "Splits for each page requested and freed again, by pages held meanwhile.",
    table: "summary",
    x: "held",
    y: "splits_per_request",
    series: "allocator",
    mark: "cells",
  }],
};
