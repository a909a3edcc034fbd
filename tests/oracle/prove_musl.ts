/**
 * `deno task prove:musl`: the simulated and the real musl side by side over
 * random traces, linked in either way, blocks left as they are or written.
 *
 * Prints each difference, and the totals; exits with 1 if there is any, with 2
 * if the real one is missing.
 *
 * @module
 */
import { resolve } from "node:path";
import { wholeOption } from "../../experiments/commands/arguments.ts";
import { taskArguments } from "../task.ts";
import { generateForMusl, MUSL_KINDS } from "./generate_musl.ts";
import { firstMuslDifference, placesOf } from "./musl.ts";

const STEPS = 10_000;
/** Operations between two looks at resident pages. */
const EVERY = 100;
const BUILDS = ["static", "dyn"] as const;
const FILLS = ["none", "all"] as const;
/** Kinds with blocks of gigabytes, which are not to be written. */
const LONG: readonly string[] = ["huge"];

async function main(): Promise<number> {
  const args = taskArguments({
    name: "prove:musl",
    summary: "Compares the simulated musl with the real one, which " +
      "tests/oracle/musl.sh fetches, over random traces",
    usage: "[options]",
    options: [
      { name: "operations", value: "N", summary: "at least so many; 1000000" },
      { name: "seed", value: "N", summary: "the first seed; 1" },
      { name: "folder", value: "DIR", summary: "where it is; data/musl" },
    ],
    names: [],
  });
  const most = { low: 1, high: 2 ** 40 };
  const goal = wholeOption(args, "operations", { ...most, fallback: 1e6 });
  const first = wholeOption(args, "seed", { ...most, fallback: 1 });
  const home = Deno.env.get("INIT_CWD") ?? Deno.cwd();
  const folder = resolve(home, args.text("folder") ?? "data/musl");
  const file = await Deno.makeTempFile({ suffix: ".rep" });
  let [operations, traces, differences] = [0, 0, 0];
  for (let seed = first; operations < goal; seed++) {
    for (const kind of MUSL_KINDS) {
      const trace = generateForMusl(kind, seed, STEPS);
      await Deno.writeTextFile(file, trace);
      for (const build of BUILDS) {
        for (const fill of FILLS) {
          if (fill === "all" && LONG.includes(kind)) continue;
          const output = await placesOf(folder, { build, fill }, file, EVERY);
          if (output === undefined) {
            console.log(
              `No musl in ${folder}: tests/oracle/musl.sh fetches it`,
            );
            return 2;
          }
          const run = { build, fill, trace, output };
          const difference = await firstMuslDifference(run, (op, check) => {
            if (op % 2500 === 0) check();
          });
          traces++;
          operations += output.match(/^\d/gm)!.length;
          if (difference === undefined) continue;
          differences++;
          console.log(`${kind} ${seed} ${build} ${fill}: ${difference}`);
        }
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
