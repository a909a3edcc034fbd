/**
 * `workload`: saves a workload as a `.rep` file.
 *
 * @module
 */
import { prng } from "../harness/prng.ts";
import { writeRep } from "../harness/rep_writer.ts";
import { UsageError } from "../runner/failure.ts";
import { named, wholeOption } from "./arguments.ts";
import type { Command } from "./command.ts";
import { readSettings } from "./run_options.ts";

/** The command. */
export const workload: Command = {
  name: "workload",
  summary: "print the requests of a workload as a .rep file",
  usage: ["NAME [--set KEY=VALUE]... [--seed N] > file.rep"],
  options: [
    {
      name: "set",
      value: "KEY=VALUE",
      many: true,
      summary: "value of a parameter; `list` shows them",
    },
    { name: "seed", value: "N", summary: "seed of the random draws; 1" },
  ],
  examples: [
    "workload random_churn --set sizes=uniform:1:1999 --seed 7 > churn.rep",
  ],
  parse(args, { workloads }) {
    const [name, ...rest] = args.names;
    if (name === undefined || rest.length > 0) {
      throw new UsageError("workload expects one NAME");
    }
    const { build } = named("workload", workloads, name);
    const values = Object.entries(readSettings(args.all("set"))).map((
      [key, values],
    ) => {
      if (values.length === 1) return [key, values[0]!] as const;
      throw new UsageError(`--set ${key} expects one value`);
    });
    const seed = wholeOption(args, "seed", {
      low: 0,
      high: 2 ** 32 - 1,
      fallback: 1,
    });
    const given = Object.fromEntries(values);
    return async (lab) => {
      const trace = attempt(() => build(given, prng(seed)));
      for await (const lines of writeRep(trace)) lab.print(lines);
    };
  },
};

/** What a workload says about its parameters is about the command line. */
function attempt<T>(build: () => T): T {
  try {
    return build();
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}
