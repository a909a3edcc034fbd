/**
 * `deno task prove [WHAT...]`: simulated and real malloc side by side over
 * random traces of all kinds.
 *
 * Prints each mismatch with the way the request took, and the totals; exits
 * with 1 if there is any mismatch, with 2 if nothing could be compared.
 *
 * @module
 */
import { resolve } from "node:path";
import { type VersionName, VERSIONS } from "../../allocators/glibc/versions.ts";
import { wholeOption } from "../../experiments/commands/arguments.ts";
import type { Missing } from "../skipped.ts";
import { taskArguments } from "../task.ts";
import { forQemu, generate, KINDS } from "./generate.ts";
import { generateThreads, THREAD_KINDS } from "./generate_threads.ts";
import { machine } from "./machine.ts";
import {
  BITS,
  buildOracle,
  type GeometryName,
  type Oracle,
  type Tuning,
} from "../../experiments/real/glibc.ts";
import { THREAD_TUNINGS, TUNINGS } from "./tunings.ts";
import { buildThreadOracle } from "./threads_oracle.ts";
import { parseRep } from "./rep.ts";
import { comparable, firstDifference, simulate } from "./simulate.ts";
import { versionOracle } from "../../experiments/real/glibc_versions.ts";

const STEPS = 10_000;
/** Kinds that need a certain length for what they provoke. */
const LENGTHS: Readonly<Record<string, number>> = { unsorted: 60_000 };
const ALL = ["kinds", "versions", "threads"];

/** A real malloc, and what it is to be compared over. */
interface Side {
  name: string;
  oracle: Oracle;
  /** What the simulation is told besides the tunables. */
  base: Tuning;
  kinds: readonly string[];
  tunings: readonly Tuning[];
  trace(kind: string, seed: number): string;
  traces: number;
  operations: number;
  mismatches: number;
}

/** Compares one trace. */
async function compare(
  side: Side,
  file: string,
  kind: string,
  seed: number,
): Promise<void> {
  const { oracle: { geometry }, tunings, base } = side;
  const tuning = [...base, ...tunings[seed % tunings.length]!];
  const text = side.trace(kind, seed);
  await Deno.writeTextFile(file, text);
  const output = await side.oracle.run(file, tuning, ["-s", "100"]);
  const rep = parseRep(text, BITS[geometry]);
  const simulated = machine(geometry, tuning, output);
  const ways: string[] = [];
  let lines: string[] = [];
  let failure = "";
  try {
    lines = simulate(simulated, rep, {
      every: 100,
      after: (op) => {
        ways[op % 64] = simulated.heap.explain();
        if (op % 2500 === 0) simulated.heap.check();
      },
    });
  } catch (error) {
    failure = String(error);
    lines.push("");
  }
  side.traces++;
  side.operations += rep.length;
  const real = comparable(output);
  const at = firstDifference(lines, real);
  if (at < 0) return;
  console.log(`${side.name} ${tuning.join(":")} ${kind} ${seed}: ${failure}`);
  console.log(`  real      ${real[at]}`);
  console.log(`  simulated ${lines[at]} (${ways[parseInt(lines[at]!) % 64]})`);
  side.mismatches++;
}

/** A side without operations yet; says so where its malloc is missing. */
function sideOf(
  name: string,
  oracle: Oracle | Missing,
  rest: Pick<Side, "base" | "kinds" | "tunings" | "trace">,
): Side[] {
  if ("why" in oracle) {
    console.log(`SKIPPED ${name}: ${oracle.why}`);
    return [];
  }
  return [{ name, oracle, ...rest, traces: 0, operations: 0, mismatches: 0 }];
}

const oneThread = {
  kinds: Object.keys(KINDS),
  tunings: TUNINGS,
  trace: (kind: string, seed: number) =>
    generate(kind, seed, LENGTHS[kind] ?? STEPS),
};

async function kindSides(directory: string): Promise<Side[]> {
  const sides: Side[] = [];
  for (const geometry of ["x86_64", "i386", "armhf"] as GeometryName[]) {
    const oracle = await buildOracle(geometry, directory);
    const trace = geometry === "armhf"
      ? (kind: string, seed: number) => forQemu(oneThread.trace(kind, seed))
      : oneThread.trace;
    sides.push(...sideOf(geometry, oracle, { ...oneThread, trace, base: [] }));
  }
  return sides;
}

async function versionSides(folder: string): Promise<Side[]> {
  const sides: Side[] = [];
  for (const geometry of ["x86_64", "i386"] as const) {
    for (const version of Object.keys(VERSIONS) as VersionName[]) {
      const library = { folder, version, geometry };
      const oracle = await versionOracle(library);
      const base = [`version=${version}`];
      const name = `${version} ${geometry}`;
      sides.push(...sideOf(name, oracle, { ...oneThread, base }));
    }
  }
  return sides;
}

/** This machine's library; others that run a program linked with it. */
async function threadSides(
  directory: string,
  folder: string,
): Promise<Side[]> {
  const rest = {
    kinds: Object.keys(THREAD_KINDS),
    tunings: THREAD_TUNINGS,
    trace: (kind: string, seed: number) => generateThreads(kind, seed, STEPS),
  };
  const oracle = await buildThreadOracle(directory);
  const sides = sideOf("threads", oracle, { ...rest, base: [] });
  if (sides.length === 0) return [];
  const replayer = [`${directory}/replay_threads`, "-a"];
  for (const version of ["2.41", "2.43", "2.44"] as const) {
    const library = { folder, version, geometry: "x86_64" } as const;
    const other = await versionOracle(library, replayer);
    const base = [`version=${version}`];
    sides.push(...sideOf(`threads ${version}`, other, { ...rest, base }));
  }
  return sides;
}

/** Compares `sides` over at least `goal` operations. */
async function prove(
  sides: readonly Side[],
  goal: number,
  firstSeed: number,
  file: string,
): Promise<void> {
  const total = () => sides.reduce((sum, side) => sum + side.operations, 0);
  for (let seed = firstSeed; sides.length > 0 && total() < goal; seed++) {
    for (const side of sides) {
      for (const kind of side.kinds) await compare(side, file, kind, seed);
    }
  }
  for (const { name, operations, traces, mismatches } of sides) {
    console.log(
      `${name}: ${operations} operations in ${traces} traces, ` +
        `${mismatches} mismatches`,
    );
  }
}

async function main(): Promise<number> {
  const args = taskArguments({
    name: "prove",
    summary: "Compares the simulated glibc with the real one over random " +
      "traces. kinds: this machine's library in every geometry that can be " +
      "built; versions: the libraries in a folder that " +
      "tests/oracle/glibc_versions.sh filled; threads: both, with threads",
    usage: `[${ALL.join(" | ")}]... [options]`,
    options: [
      {
        name: "operations",
        value: "N",
        summary: "at least so many of each; 1000000",
      },
      { name: "seed", value: "N", summary: "the first seed; 1" },
      {
        name: "folder",
        value: "DIR",
        summary: "where the libraries are; data/glibc",
      },
    ],
    names: ALL,
  });
  const wanted = args.names.length > 0 ? args.names : ALL;
  const most = { low: 1, high: 2 ** 40 };
  const goal = wholeOption(args, "operations", { ...most, fallback: 1e6 });
  const seed = wholeOption(args, "seed", { ...most, fallback: 1 });
  const home = Deno.env.get("INIT_CWD") ?? Deno.cwd();
  const folder = resolve(home, args.text("folder") ?? "data/glibc");
  const directory = await Deno.makeTempDir();
  const groups: Side[][] = [];
  if (wanted.includes("kinds")) groups.push(await kindSides(directory));
  if (wanted.includes("versions")) {
    groups.push(await versionSides(folder));
  }
  if (wanted.includes("threads")) {
    groups.push(await threadSides(directory, folder));
  }
  for (const sides of groups) {
    await prove(sides, goal, seed, `${directory}/trace.rep`);
  }
  await Deno.remove(directory, { recursive: true });
  const sides = groups.flat();
  if (sides.length === 0) return 2;
  return sides.some(({ mismatches }) => mismatches > 0) ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
