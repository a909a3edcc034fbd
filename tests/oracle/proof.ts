/**
 * The proof: simulated and real malloc side by side over random traces of all
 * kinds, in every geometry whose replayer can be built, with the default and
 * 14 settings of the tunables.
 *
 *   deno run ... tests/oracle/proof.ts [operations] [first seed]
 *
 * Prints each mismatch with the way the request took, and the totals; exits
 * with 1 if there is any mismatch.
 *
 * @module
 */
import { forQemu, generate, KINDS } from "./generate.ts";
import { machine } from "./machine.ts";
import {
  BITS,
  buildOracle,
  type GeometryName,
  type Oracle,
  type Tuning,
  TUNINGS,
} from "./oracle.ts";
import { parseRep } from "./rep.ts";
import { comparable, firstDifference, simulate } from "./simulate.ts";

const STEPS = 10_000;
/** Kinds that need a certain length for what they provoke. */
const LENGTHS: Readonly<Record<string, number>> = { unsorted: 60_000 };

/** What came out of one geometry. */
interface Tally {
  traces: number;
  operations: number;
  mismatches: number;
}

/** Compares one trace; whether the simulation agrees. */
async function agrees(
  oracle: Oracle,
  file: string,
  name: string,
  tuning: Tuning,
  tally: Tally,
): Promise<boolean> {
  const { geometry } = oracle;
  const output = await oracle.run(file, tuning, ["-s", "100"]);
  const rep = parseRep(await Deno.readTextFile(file), BITS[geometry]);
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
  tally.traces++;
  tally.operations += rep.length;
  const real = comparable(output);
  const at = firstDifference(lines, real);
  if (at < 0) return true;
  console.log(
    `${geometry} ${tuning.join(":") || "default"} ${name}: ${failure}`,
  );
  console.log(`  real      ${real[at]}`);
  console.log(`  simulated ${lines[at]} (${ways[parseInt(lines[at]!) % 64]})`);
  tally.mismatches++;
  return false;
}

async function main(): Promise<number> {
  const goal = Number(Deno.args[0] ?? 1e7);
  const firstSeed = Number(Deno.args[1] ?? 1);
  const directory = await Deno.makeTempDir();
  const oracles: Oracle[] = [];
  for (const geometry of ["x86_64", "i386", "armhf"] as GeometryName[]) {
    const oracle = await buildOracle(geometry, directory);
    if ("why" in oracle) console.log(`SKIPPED ${geometry}: ${oracle.why}`);
    else oracles.push(oracle);
  }
  const tallies = oracles.map(() => ({
    traces: 0,
    operations: 0,
    mismatches: 0,
  }));
  const total = () => tallies.reduce((sum, t) => sum + t.operations, 0);
  for (let seed = firstSeed; oracles.length > 0 && total() < goal; seed++) {
    const tuning = TUNINGS[seed % TUNINGS.length]!;
    for (const kind of Object.keys(KINDS)) {
      const file = `${directory}/trace.rep`;
      const text = generate(kind, seed, LENGTHS[kind] ?? STEPS);
      for (const [i, oracle] of oracles.entries()) {
        const fair = oracle.geometry === "armhf" ? forQemu(text) : text;
        await Deno.writeTextFile(file, fair);
        const name = `${kind} ${seed}`;
        await agrees(oracle, file, name, tuning, tallies[i]!);
      }
    }
  }
  await Deno.remove(directory, { recursive: true });
  let mismatches = 0;
  for (const [i, { geometry }] of oracles.entries()) {
    const t = tallies[i]!;
    mismatches += t.mismatches;
    console.log(
      `${geometry}: ${t.operations} operations in ${t.traces} traces, ` +
        `${t.mismatches} mismatches`,
    );
  }
  return mismatches > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
