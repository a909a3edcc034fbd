/**
 * `workload`: saves a workload as a `.rep` file, or what an adversary requests
 * of an allocator.
 *
 * @module
 */
import type { Spec } from "../../allocators/entry.ts";
import { playGame } from "../adversaries/game.ts";
import { newHeap } from "../experiment/cell.ts";
import type { Value } from "../experiment/experiment.ts";
import { pure } from "../experiment/heaps.ts";
import { prng } from "../laws/prng.ts";
import { writeRep } from "../traces/rep_writer.ts";
import { type Trace, TraceBuilder } from "../traces/trace.ts";
import { UsageError } from "../runner/failure.ts";
import type { Adversary } from "../adversaries/adversary.ts";
import { named, wholeOption } from "./arguments.ts";
import type { Command } from "./command.ts";
import { confined } from "./confined.ts";
import { readSettings } from "./run_options.ts";
import { loadSpecs, readSpecs } from "./spec_option.ts";

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
    {
      name: "allocator",
      value: "SPEC",
      summary: "whom an adversary plays against; first_fit:header=0:align=1",
    },
  ],
  examples: [
    "workload random_churn --set sizes=uniform:1:1999 --seed 7 > churn.rep",
    "workload robson --set M=4096 --allocator best_fit > robson.rep",
  ],
  parse(args, { workloads, adversaries, allocators }) {
    const [name, ...rest] = args.names;
    if (name === undefined || rest.length > 0) {
      throw new UsageError("workload expects one NAME");
    }
    const entry = named("workload", [...workloads, ...adversaries], name);
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
    const spec = args.text("allocator");
    if (spec !== undefined && "build" in entry) {
      throw new UsageError(`${name} requests the same of every allocator`);
    }
    const specs = readSpecs(spec ? [spec] : [], allocators);
    const [against = pure("first_fit"), ...others] = specs;
    if (others.length > 0) throw new UsageError("workload expects one SPEC");
    return (lab) =>
      confined(lab, [against], [], async () => {
        const specs = await loadSpecs(lab, [against]);
        const trace = attempt(() =>
          "build" in entry
            ? entry.build(given, prng(seed))
            : played(entry, given, specs.parse(against), seed)
        );
        for await (const lines of writeRep(trace)) lab.print(lines);
      });
  },
};

/** What `adversary` requests of a heap as `spec` says. */
function played(
  adversary: Adversary,
  given: Readonly<Record<string, Value>>,
  spec: Spec,
  seed: number,
): Trace {
  const record = new TraceBuilder();
  playGame(() => newHeap(spec, seed), adversary.game(given), record);
  return record.build(adversary.name);
}

/** What a workload says about its parameters is about the command line. */
function attempt<T>(build: () => T): T {
  try {
    return build();
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}
