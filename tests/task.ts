/**
 * The command line of a task: what it takes, and help about it before any work.
 *
 * @module
 */
import { unknownName } from "../allocators/names.ts";
import {
  type Arguments,
  type Option,
  readArguments,
} from "../experiments/commands/arguments.ts";
import { commandText } from "../experiments/commands/help.ts";
import { UsageError } from "../experiments/runner/failure.ts";

/** A task of `deno.json`. */
export interface TaskOf {
  /** Its name there. */
  name: string;
  /** What it does. */
  summary: string;
  /** What may follow the name. */
  usage: string;
  /** Its options. */
  options?: readonly Option[];
  /** Names that it takes at most; 0. */
  most?: number;
  /** The names that it takes, any number of them, instead. */
  names?: readonly string[];
}

/** The option of tasks that print figures. */
export const JSON_OPTION: Option = { name: "json", summary: "print JSON" };

/**
 * The arguments of this program, a task. Does not return for `--help`, which it
 * prints, nor for arguments that the task does not take: exit code 2.
 */
export function taskArguments(
  { name, summary, usage, options = [], most = 0, names }: TaskOf,
): Arguments {
  const known = [...options, { name: "help", summary: "print this" }];
  try {
    const args = readArguments(Deno.args, known);
    if (args.flag("help")) {
      const command = { name, summary, usage: [usage], options: known };
      console.log(commandText({ ...command, examples: [] }, "deno task"));
      Deno.exit(0);
    }
    const extra = names
      ? args.names.find((one) => !names.includes(one))
      : args.names[most];
    if (extra === undefined) return args;
    throw new UsageError(
      names
        ? unknownName(`argument "${extra}"`, extra, names)
        : `${name} takes ${most === 0 ? "no" : `at most ${most}`} ` +
          `${most === 1 ? "argument" : "arguments"}: what is "${extra}"?`,
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message} (see deno task ${name} --help)`);
    Deno.exit(2);
  }
}
