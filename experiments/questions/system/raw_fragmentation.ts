/**
 * What a heap wastes that asks the system for every request: random churn on
 * the break, on mappings, and on a malloc that keeps a pool.
 *
 * @module
 */
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { count, ratio } from "../../measures/columns.ts";
import { misplacedRatio } from "../../measures/mappings.ts";
import {
  atLeast,
  combine,
  exactly,
  lectureNotes,
  mean,
  onlyIf,
  quotient,
} from "../../experiment/claims.ts";
import { type Experiment, SAMPLES } from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { RANDOM_CHURN } from "../../workloads/churn.ts";

const NOTES = lectureNotes("brk and mmap");

/** The declaration. */
export const rawFragmentation: Experiment = {
  name: "raw_fragmentation",
  question: "What does a heap waste that asks the system for every request?",
  claims: [
    {
      id: "os-two-calls",
      statement:
        "The system offers only two families of calls, brk and mmap: " +
        "calls of the other family that each raw heap makes.",
      source: NOTES,
      measured: combine(
        (mapping, brk) => mapping + brk,
        mean("mapping_calls", { allocator: "raw_brk" }),
        mean("brk_calls", { allocator: "raw_mmap" }),
      ),
      expected: exactly(0),
    },
    {
      id: "os-fragment",
      statement:
        "A system call per request fragments memory easily: waste of " +
        "a mapping per request over that of glibc.",
      source: NOTES,
      measured: quotient(
        mean("jw4_ratio", { allocator: "raw_mmap" }),
        mean("jw4_ratio", { allocator: "glibc" }),
      ),
      expected: atLeast(5),
      verdict: onlyIf("blocks are much shorter than a page"),
    },
    {
      id: "os-fragment.brk",
      statement: "On the break alone, one live block pins everything below: " +
        "share of the heap that is not in use.",
      source: "raw_brk as modelled",
      measured: mean("retained_ratio", { allocator: "raw_brk" }),
      expected: atLeast(0.5),
    },
    {
      id: "mmap-place",
      statement: "Mappings lie between heap and stack: share of them that do " +
        "not.",
      source: NOTES,
      measured: mean("misplaced_ratio", { allocator: "raw_mmap" }),
      expected: exactly(0),
    },
  ],
  random: true,
  allocators: ["raw_brk", "raw_mmap", "glibc"],
  parameters: {
    sizes: {
      summary: "size distribution, bytes",
      values: { default: ["uniform:1:1999"] },
    },
    live: { summary: "live objects", values: { default: [1000] } },
    steps: {
      summary: "objects replaced",
      values: { quick: [5000], default: [50_000], full: [500_000] },
    },
  },
  columns: [
    count("brk_calls", "call", "System calls that move the break."),
    count("mapping_calls", "call", "System calls on mappings."),
    ratio("misplaced_ratio", "Share of mappings not between heap and stack."),
  ],
  headline: ["jw4_ratio", "retained_ratio", "internal_ratio"],
  async run(cell) {
    const source = new AddressSpace();
    const trace = await workloadTrace(cell, RANDOM_CHURN);
    const outcome = await replayCell(cell, trace, { source });
    const { events } = source;
    Object.assign(outcome.measures, {
      brk_calls: events.brk,
      mapping_calls: events.mmap + events.munmap + events.mremap,
      misplaced_ratio: misplacedRatio(source),
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
