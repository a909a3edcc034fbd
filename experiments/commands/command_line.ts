/**
 * Command lines as a person would type them.
 *
 * @module
 */
import { NO_ALLOCATOR } from "../experiment/experiment.ts";
import { RUN_TASK } from "../runner/version.ts";
import type { Choice, Grid } from "../runner/plan.ts";
import { quoted } from "../runner/shell.ts";

/** The main module, as tasks name it. */
export const PROGRAM = "experiments/main.ts";

/** How the lab is called. */
export const CALL = "deno task run";

/** The command line of `grid`, which is what `choice` means for it. */
export function experimentLine(grid: Grid, choice: Choice): string {
  const { experiment, allocators, parameters, random, seeds, scale } = grid;
  const set = Object.entries(choice.overrides)
    .filter(([key]) => key in parameters)
    .flatMap(([key, values]) => ["--set", `${key}=${values.join()}`]);
  const specs = allocators.includes(NO_ALLOCATOR)
    ? []
    : choice.allocators ?? [];
  return commandLine([
    "experiments",
    experiment,
    ...(specs.length > 0 ? ["--allocator", specs.join()] : []),
    ...set,
    ...(scale === "default" ? [] : ["--scale", scale]),
    ...(choice.seeds && random ? seedWords(seeds) : []),
  ]);
}

/** The options that say `seeds`. */
function seedWords(seeds: readonly number[]): string[] {
  if (seeds.length === 1) return ["--seed", `${seeds[0]}`];
  const fromOne = seeds.every((seed, i) => seed === i + 1);
  return ["--seeds", fromOne ? `${seeds.length}` : seeds.join()];
}

/**
 * The command line that runs `words` as the task does, but may write to
 * `folder`; `program` is the path of the main module as it is seen from here.
 */
export function permittedLine(
  words: readonly string[],
  folder: string,
  program: string,
): string {
  const call = RUN_TASK.replace("--allow-write=data", () => "--allow-write=")
    .split(" ")
    .map((word) =>
      word === "--allow-write="
        ? word + quoted(folder)
        : word === PROGRAM
        ? quoted(program)
        : word
    );
  return [...call, ...words.map(quoted)].join(" ");
}

/** `words` behind the lab's call, safe to paste. */
export function commandLine(words: readonly string[]): string {
  return [CALL, ...words.map(quoted)].join(" ");
}
