/**
 * The same program under five releases of glibc: from which request on the
 * addresses differ from those of 2.36, how many do, and what is resident.
 *
 * @module
 */
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import {
  above,
  below,
  exactly,
  mean,
  near,
  type Where,
} from "../../experiment/claims.ts";
import type { Cell, Experiment, Outcome } from "../../experiment/experiment.ts";
import {
  columnMean,
  measuresOf,
  SampleSums,
} from "../../experiment/outcome.ts";
import { bytes, count, ratio, type Sample } from "../../measures/columns.ts";
import { Session } from "../../replay/replay.ts";
import { Op, type Trace, TraceBuilder } from "../../traces/trace.ts";
import { PROGRAMS, programTrace } from "../../workloads/recorded.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { CONTAINER } from "../../workloads/containers/workload.ts";

/** Operations between samples. */
const EVERY = 1000;
const BASE = "glibc";
const SOURCE = "the library of that release, measured";
const REQUESTS = [...PROGRAMS, "in_order", "map_clear"];

/** Share of the memory filled in that is back at a phase. */
function returned(allocator: string, requests: string, measure: string) {
  const where: Where = { allocator, requests };
  return mean(measure, where);
}

/** The declaration. */
export const glibcVersions: Experiment = {
  name: "glibc_versions",
  question: "What changes from one release of glibc to the next?",
  claims: [
    {
      id: "versions.map-clear",
      statement:
        "Under glibc 2.43, too, clearing a std::map returns nothing: " +
        "share of its memory that comes back.",
      source: SOURCE,
      measured: returned("glibc:version=2.43", "map_clear", "freed_ratio"),
      expected: below(0.01),
    },
    {
      id: "versions.map-trim",
      statement: "Under glibc 2.43, malloc_trim(0) after clearing a std::map " +
        "returns nearly all of it: share of its memory that comes back.",
      source: SOURCE,
      measured: returned("glibc:version=2.43", "map_clear", "trimmed_ratio"),
      expected: near(0.997, 0.003),
    },
    {
      id: "versions.in-order",
      statement: "Under glibc 2.36, 200,000 blocks of 200 bytes that are " +
        "freed in order come back: share of their memory.",
      source: SOURCE,
      measured: returned(BASE, "in_order", "freed_ratio"),
      expected: above(0.97),
    },
    {
      id: "versions.in-order-2.43",
      statement:
        "Under glibc 2.43, 200,000 blocks of 200 bytes that are freed " +
        "in order do not come back, as the first free puts the table of the " +
        "tcache above them: share of their memory.",
      source: SOURCE,
      measured: returned("glibc:version=2.43", "in_order", "freed_ratio"),
      expected: below(0.01),
    },
    {
      id: "versions.2.31",
      statement: "Under glibc 2.31 and 2.36 a recorded program gets the same " +
        "addresses: share that differs.",
      source: SOURCE,
      measured: mean("differing_ratio", { allocator: "glibc:version=2.31" }),
      expected: exactly(0),
    },
  ],
  random: false,
  needs: ["control", "resident"],
  allocators: [
    BASE,
    "glibc:version=2.31",
    "glibc:version=2.41",
    "glibc:version=2.43",
    "glibc:version=2.44",
  ],
  parameters: {
    requests: {
      summary: "a recorded program; in_order: equal blocks, freed in order; " +
        "map_clear: a std::map that is filled and cleared",
      values: {
        quick: ["python", "in_order"],
        default: REQUESTS,
      },
    },
  },
  columns: [
    count(
      "first_difference",
      "operation",
      "First operation whose address differs from that of 2.36; -1: none.",
    ),
    ratio("differing_ratio", "Share of the addresses that differ."),
    bytes("peak_resident_bytes", "Most resident bytes in any sample."),
    bytes("end_resident_bytes", "Resident bytes at the end, before a trim."),
    ratio(
      "freed_ratio",
      "Share of what was filled in that is back when all is freed.",
    ),
    ratio("trimmed_ratio", "Share of it that is back after malloc_trim(0)."),
  ],
  headline: ["first_difference", "differing_ratio", "end_resident_bytes"],
  run: runVersion,
  figures: [{
    title: "Share of the addresses that differ from those of glibc 2.36.",
    table: "summary",
    x: "requests",
    y: "differing_ratio",
    series: "allocator",
    mark: "bar",
  }],
};

/** Replays under the cell's release and under 2.36, side by side. */
async function runVersion(cell: Cell): Promise<Outcome> {
  const trace = await traceOf(cell);
  const base = await addressesUnder(cell, BASE, trace);
  const own = await addressesUnder(cell, cell.allocator, trace);
  const differing = own.addresses.filter((a, i) => a !== base.addresses[i]);
  const first = own.addresses.findIndex((a, i) => a !== base.addresses[i]);
  const { samples, session } = own;
  const resident = samples.map((sample) => sample.resident_bytes!);
  const peak = Math.max(...resident);
  const at = (phase: string) =>
    samples.find((sample) => sample.phase === phase)?.resident_bytes;
  const filled = at("insert") ?? at("filled") ?? NaN;
  const start = at("start") ?? 0;
  const back = (bytes: number = NaN) => (filled - bytes) / (filled - start);
  return {
    workload: trace.name,
    samples,
    measures: {
      ...measuresOf(session, SampleSums.of(samples)),
      internal_ratio: columnMean(samples, "internal_ratio"),
      first_difference: first,
      differing_ratio: differing.length / Math.max(1, own.addresses.length),
      peak_resident_bytes: peak,
      end_resident_bytes: at("clear") ?? at("freed") ?? resident.at(-1)!,
      freed_ratio: back(at("clear") ?? at("freed")),
      trimmed_ratio: back(at("trim") ?? at("trimmed")),
    },
  };
}

/** Every address that `spec` answers `trace` with. */
async function addressesUnder(cell: Cell, spec: string, trace: Trace) {
  const source = new AddressSpace();
  const { heap } = cell.heap(spec, source);
  const session = new Session(heap, source, { touch: "first" });
  const addresses: number[] = [];
  const samples: Sample[] = [];
  for await (const block of trace.blocks()) {
    for (let i = 0; i < block.length; i++) {
      session.run(block, i, i + 1);
      const op = block.op[i]!;
      const slot = block.slot[i]!;
      if (op <= Op.REALLOC) addresses.push(session.addressOf(slot));
      if (op === Op.PHASE) samples.push(session.sample(trace.names[slot]));
      else if (session.op % EVERY === 0) samples.push(session.sample());
    }
  }
  samples.push(session.sample());
  return { addresses, samples, session };
}

async function traceOf(cell: Cell): Promise<Trace> {
  const name = cell.choice("requests", REQUESTS);
  if (name === "in_order") return inOrder(200_000, 200);
  if (name !== "map_clear") return await programTrace(cell, name);
  const values = {
    elements: 100_000,
    order: "ascending",
    ending: "clear",
    trim: "on",
  };
  return await workloadTrace(cell, CONTAINER, values);
}

/** `count` blocks of `size` bytes, freed in the order in which they came. */
function inOrder(count: number, size: number): Trace {
  const trace = new TraceBuilder();
  const slots = Array.from({ length: count }, () => trace.malloc(size));
  trace.phase("filled");
  for (const slot of slots) trace.free(slot);
  trace.phase("freed");
  trace.append(Op.TRIM, -1, 0, 0);
  trace.phase("trimmed");
  return trace.build("in_order");
}
