/**
 * Faults of what counts and measures, and of how it is printed: each looks
 * right in a result file.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

/** Faults of one file; those of `file` are noticed by its own test. */
function of(
  file: string,
  faults: Readonly<
    Record<string, readonly [symbol: string, find: string, replace: string]>
  >,
): Mutation[] {
  return Object.entries(faults).map(([fault, [symbol, find, replace]]) => ({
    fault,
    file: `experiments/${file}.ts`,
    symbol,
    find,
    replace,
    tests: [`tests/${file}_test.ts`],
  }));
}

const METRICS = of("measures/metrics", {
  "external_ratio counts what no request could use": [
    "externalRatio",
    "Math.min(usage.free, usage.largestServeable)",
    "usage.free",
  ],
  "external_ratio falls below 0": [
    "externalRatio",
    "Math.max(0, 1 - usage.largestFree / best)",
    "1 - usage.largestFree / best",
  ],
  "internal_ratio of the footprint": [
    "measure",
    "internalRatio(demand.requested, usage.allocated)",
    "internalRatio(demand.requested, footprint)",
  ],
  "retained_ratio from what is requested": [
    "measure",
    "1 - usage.allocated / footprint",
    "1 - demand.requested / footprint",
  ],
  "overhead_ratio over what is allocated": [
    "measure",
    "share(usage.metadata, footprint)",
    "share(usage.metadata, usage.allocated)",
  ],
  "unavailable_64k_ratio of the footprint": [
    "measure",
    "share(usage.unavailable64k, free)",
    "share(usage.unavailable64k, footprint)",
  ],
});

const REPLAY = of("replay/replay", {
  "a sample after every operation": [
    "replay",
    "const { every } = sampling;",
    "const every = sampling.every > 0 ? 1 : 0;",
  ],
  "the last operation is sampled twice": [
    "replay",
    'if (sampledAt !== session.op) sample("");\n}',
    'sample("");\n}',
  ],
  "a mark is an operation": [
    "Session.rare",
    "this.op--; // a mark is no operation",
    "",
  ],
  "of several peaks the first counts": [
    "Session.notePeaks",
    "requested > this.requestedAtPeak",
    "false",
  ],
  "touch policies swapped": [
    "Session.store",
    'this.touch === "all" ? size : 1',
    'this.touch === "first" ? size : 1',
  ],
  "a failed realloc leaves one more live": [
    "Session.realloc",
    "this.requested -= oldSize;\n      this.live--;",
    "this.requested -= oldSize;\n      if (address !== NULL) this.live--;",
  ],
  "a failed realloc leaves its bytes requested": [
    "Session.realloc",
    "this.requested -= oldSize;",
    "if (address !== NULL) this.requested -= oldSize;",
  ],
  "a write begins at the object, whatever its offset": [
    "Session.rare",
    "this.source.touch(address + extra, size);",
    "this.source.touch(address, size);",
  ],
  "mallopt's arguments swapped": [
    "Session.rare",
    "heap.control.mallopt(extra, size);",
    "heap.control.mallopt(size, extra);",
  ],
  "memalign's arguments swapped": [
    "Session.rare",
    "heap.memalign(extra, size)",
    "heap.memalign(size, extra)",
  ],
  "a refused request is no failure": ["Session.store", "this.failures++;", ""],
  "a free does not lower what is requested": [
    "Session.free",
    "this.address[slot] = NULL;\n    this.requested -= size;",
    "this.address[slot] = NULL;",
  ],
});

const OUTCOME = of("experiment/outcome", {
  "jw2 and jw3 swapped": [
    "measuresOf",
    "jw2_ratio: over(session.footprintAtPeakRequested, session.peakRequested),\n" +
    "    jw3_ratio: over(session.peakFootprint, session.requestedAtPeak),",
    "jw3_ratio: over(session.footprintAtPeakRequested, session.peakRequested),\n" +
    "    jw2_ratio: over(session.peakFootprint, session.requestedAtPeak),",
  ],
  "jw4 at one instant": [
    "measuresOf",
    "jw4_ratio: over(session.peakFootprint, session.peakRequested)",
    "jw4_ratio: over(session.peakFootprint, session.requestedAtPeak)",
  ],
  "jw1 counts samples without a request": [
    "SampleSums.add",
    "if (requested_bytes === 0) return;",
    "",
  ],
  "a mean is of the last sample": [
    "columnMean",
    "for (const sample of samples) sum += sample[column];",
    "sum = samples.length * (samples.at(-1)?.[column] ?? 0);",
  ],
  "a share is that of the last sample": [
    "SampleSums.means",
    "this.#sums[i]! / this.#count",
    "this.last![SHARES[i]!]",
  ],
});

const ADDRESSES = of("replay/addresses", {
  "an offset is one too large": [
    "Printer.answer",
    "hexadecimal(address - start)} ${usable}",
    "hexadecimal(address - start + 1)} ${usable}",
  ],
  "a mapping's offset in 16 bytes": [
    "Printer.answer",
    "hexadecimal(address % PAGE)",
    "hexadecimal(address % 16)",
  ],
  "a mark takes a number": ["Printer.note", "if (isMark(op)) return;", ""],
  "figures one operation late": [
    "Printer.note",
    "this.#count % every === 0) this.#figures();",
    "this.#count % every === 1) this.#figures();",
  ],
});

/** The faults, and who should notice them. */
export const HARNESS_FAULTS: MutationTable = {
  name: "harness",
  mutations: [...METRICS, ...REPLAY, ...OUTCOME, ...ADDRESSES],
  shortStep: 1,
};
