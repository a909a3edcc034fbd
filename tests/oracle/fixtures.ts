/**
 * Reads the recorded runs of the real malloc; see `record.ts`.
 *
 * @module
 */
import arenas from "./fixtures/arenas_x86_64.gz" with { type: "bytes" };
import armhf from "./fixtures/real_armhf.gz" with { type: "bytes" };
import edges from "./fixtures/edges_x86_64.gz" with { type: "bytes" };
import i386 from "./fixtures/real_i386.gz" with { type: "bytes" };
import x86_64 from "./fixtures/real_x86_64.gz" with { type: "bytes" };
import versions_i386 from "./fixtures/versions_i386.gz" with { type: "bytes" };
import versions from "./fixtures/versions_x86_64.gz" with { type: "bytes" };
import { forQemu, generate } from "./generate.ts";
import { PAGE } from "../../allocators/pages.ts";
import { layoutOf, machine, startInPage } from "./machine.ts";
import {
  BITS,
  type GeometryName,
  type Tuning,
} from "../../experiments/real/glibc.ts";
import { parseRep, type Rep } from "./rep.ts";
import { comparable, firstDifference, simulate } from "./simulate.ts";

/** A run of the real malloc. */
export interface Fixture {
  /** Geometry, name and tunables. */
  readonly name: string;
  /** Which file it is from. */
  readonly collection: Collection;
  /** Which malloc it was. */
  readonly geometry: GeometryName;
  /** Its tunables, and its version if that is not 2.36. */
  readonly tuning: Tuning;
  /** What it was asked. */
  readonly rep: Rep;
  /** What the replayer printed. */
  readonly output: string;
}

/**
 * What a file of runs holds: every kind of trace; short ones for a rule each, in
 * every version; longer ones of other versions, or of threads.
 */
export type Collection = "kinds" | "edges" | "versions" | "arenas";

const FILES: readonly [Collection, GeometryName, Uint8Array<ArrayBuffer>][] = [
  ["kinds", "x86_64", x86_64],
  ["kinds", "i386", i386],
  ["kinds", "armhf", armhf],
  ["edges", "x86_64", edges],
  ["versions", "x86_64", versions],
  ["versions", "i386", versions_i386],
  ["arenas", "x86_64", arenas],
];

/** All runs. */
export async function* fixtures(): AsyncGenerator<Fixture> {
  for (const [collection, geometry, file] of FILES) {
    const text = await gunzip(file);
    let given = "";
    for (const run of text.split(/^## /m).slice(1)) {
      const lines = [...run.matchAll(/^>(.*)$/gm)].map(([, line]) => line);
      if (lines.length > 0) given = lines.join("\n");
      yield parseRun(collection, geometry, run, given);
    }
  }
}

/** The content of a compressed text. */
export function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const gunzip = new DecompressionStream("gzip");
  return new Response(new Blob([bytes]).stream().pipeThrough(gunzip)).text();
}

function parseRun(
  collection: Collection,
  geometry: GeometryName,
  run: string,
  given: string,
): Fixture {
  const end = run.indexOf("\n");
  const [name, kind, seed, steps, ...tuning] = run.slice(0, end).split(" ");
  const made = kind === "given" || kind === "same"
    ? given
    : generate(kind!, Number(seed), Number(steps));
  const trace = geometry === "armhf" ? forQemu(made) : made;
  return {
    name: [geometry, name, ...tuning].join(" "),
    collection,
    geometry,
    tuning,
    rep: parseRep(trace, BITS[geometry]),
    output: run.slice(end + 1).replace(/^>.*\n/gm, ""),
  };
}

/** Where the simulation differs from a run, in words; undefined: nowhere. */
export function mismatch(
  fixture: Pick<Fixture, "geometry" | "tuning" | "rep" | "output">,
): string | undefined {
  const { geometry, tuning, output, rep } = fixture;
  const real = comparable(output);
  // Figures come at multiples of this, and at the end.
  const every = Number(/^S (?!0 )(\d+)/m.exec(output)?.[1] ?? 100);
  const ways: string[] = [];
  const begins = layoutOf(output, BITS[geometry]).heapStart % PAGE;
  const expected = startInPage(geometry, tuning);
  if (begins !== expected) {
    return `the heap begins at ${begins} of its page, simulated ${expected}`;
  }
  const simulated = machine(geometry, tuning, output);
  const after = (op: number) => {
    ways[op] = simulated.heap.explain();
  };
  const lines = simulate(simulated, rep, { every, after });
  const at = firstDifference(lines, real);
  if (at < 0) return undefined;
  const way = ways[parseInt(lines[at]!)] ?? "";
  return `real ${real[at]}, simulated ${lines[at]} (${way})`;
}
