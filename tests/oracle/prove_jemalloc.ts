/**
 * `deno task prove:jemalloc`: the simulated and the real jemalloc side by side
 * over random traces, both versions, with decay off and with a clock.
 *
 * Prints each difference, and the totals; exits with 1 if there is any, with 2
 * if the real one is missing.
 *
 * @module
 */
import { resolve } from "node:path";
import { wholeOption } from "../../experiments/commands/arguments.ts";
import { taskArguments } from "../task.ts";
import { generateFor, JEMALLOC_KINDS } from "./generate_jemalloc.ts";
import { JEMALLOC_MODES, placesOf } from "./jemalloc.ts";
import { firstMisplaced } from "./placed.ts";

const STEPS = 10_000;
/** Steps of kinds whose steps are many requests. */
const FEWER: Readonly<Record<string, number>> = { bursts: 150 };

async function main(): Promise<number> {
  const args = taskArguments({
    name: "prove:jemalloc",
    summary: "Compares the simulated jemalloc with the real one, which " +
      "tests/oracle/jemalloc.sh fetches, over random traces",
    usage: "[options]",
    options: [
      { name: "operations", value: "N", summary: "at least so many; 1000000" },
      { name: "seed", value: "N", summary: "the first seed; 1" },
      { name: "folder", value: "DIR", summary: "where it is; data/jemalloc" },
    ],
    names: [],
  });
  const most = { low: 1, high: 2 ** 40 };
  const goal = wholeOption(args, "operations", { ...most, fallback: 1e6 });
  const first = wholeOption(args, "seed", { ...most, fallback: 1 });
  const home = Deno.env.get("INIT_CWD") ?? Deno.cwd();
  const folder = resolve(home, args.text("folder") ?? "data/jemalloc");
  const file = await Deno.makeTempFile({ suffix: ".rep" });
  let [operations, traces, differences] = [0, 0, 0];
  for (let seed = first; operations < goal; seed++) {
    for (const kind of JEMALLOC_KINDS) {
      const trace = generateFor(kind, seed, FEWER[kind] ?? STEPS);
      await Deno.writeTextFile(file, trace);
      for (const mode of JEMALLOC_MODES) {
        const output = await placesOf(folder, mode, file);
        if (output === undefined) {
          console.log(
            `No jemalloc in ${folder}: tests/oracle/jemalloc.sh fetches it`,
          );
          return 2;
        }
        const run = { spec: mode.spec, trace, output };
        const difference = await firstMisplaced(run, (op, check) => {
          if (op % 2500 === 0) check();
        });
        traces++;
        operations += output.match(/^\d/gm)!.length;
        if (difference === undefined) continue;
        differences++;
        console.log(`${kind} ${seed} ${mode.spec}: ${difference}`);
      }
    }
  }
  await Deno.remove(file);
  console.log(
    `${operations} operations in ${traces} traces, ${differences} differ`,
  );
  return differences > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
