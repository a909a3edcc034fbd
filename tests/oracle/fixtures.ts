/**
 * Reads the recorded runs of the real malloc; see `record.ts`.
 *
 * @module
 */
import armhf from "./fixtures/real_armhf.gz" with { type: "bytes" };
import i386 from "./fixtures/real_i386.gz" with { type: "bytes" };
import x86_64 from "./fixtures/real_x86_64.gz" with { type: "bytes" };
import { forQemu, generate } from "./generate.ts";
import { machine } from "./machine.ts";
import { BITS, type GeometryName, type Tuning } from "./oracle.ts";
import { parseRep, type Rep } from "./rep.ts";
import { comparable, firstDifference, simulate } from "./simulate.ts";

/** A run of the real malloc. */
export interface Fixture {
  /** Geometry and name. */
  readonly name: string;
  /** Which malloc it was. */
  readonly geometry: GeometryName;
  /** Its tunables. */
  readonly tuning: Tuning;
  /** What it was asked. */
  readonly rep: Rep;
  /** What the replayer printed. */
  readonly output: string;
}

const FILES: readonly [GeometryName, Uint8Array<ArrayBuffer>][] = [
  ["x86_64", x86_64],
  ["i386", i386],
  ["armhf", armhf],
];

/** All runs. */
export async function* fixtures(): AsyncGenerator<Fixture> {
  for (const [geometry, file] of FILES) {
    const text = await gunzip(file);
    for (const run of text.split(/^## /m).slice(1)) {
      yield parseRun(geometry, run);
    }
  }
}

/** The content of a compressed text. */
export function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const gunzip = new DecompressionStream("gzip");
  return new Response(new Blob([bytes]).stream().pipeThrough(gunzip)).text();
}

function parseRun(geometry: GeometryName, run: string): Fixture {
  const end = run.indexOf("\n");
  const [name, kind, seed, steps, ...tuning] = run.slice(0, end).split(" ");
  const made = kind === "given"
    ? [...run.matchAll(/^>(.*)$/gm)].map(([, line]) => line).join("\n")
    : generate(kind!, Number(seed), Number(steps));
  const trace = geometry === "armhf" ? forQemu(made) : made;
  return {
    name: `${geometry} ${name}`,
    geometry,
    tuning,
    rep: parseRep(trace, BITS[geometry]),
    output: run.slice(end + 1).replace(/^>.*\n/gm, ""),
  };
}

/** Where the simulation differs from a run, in words; undefined: nowhere. */
export function mismatch(fixture: Fixture): string | undefined {
  const { geometry, tuning, output, rep } = fixture;
  const real = comparable(output);
  const every = 100;
  const ways: string[] = [];
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
