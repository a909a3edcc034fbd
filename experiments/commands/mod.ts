/**
 * The command line: which words mean which action.
 *
 * @module
 */
import { UsageError } from "../runner/failure.ts";
import { VERSION } from "../runner/version.ts";
import { allNamed, named, readArguments } from "./arguments.ts";
import { check } from "./check.ts";
import { claims } from "./claims.ts";
import type { Action, Catalogue, Command } from "./command.ts";
import { CALL } from "./command_line.ts";
import { experiments } from "./experiments.ts";
import { compare } from "./compare.ts";
import { convert } from "./convert.ts";
import { diff } from "./diff.ts";
import { explain } from "./explain.ts";
import { exportCommand } from "./export.ts";
import { figures } from "./figures.ts";
import { commandText, overviewText } from "./help.ts";
import { lab } from "./lab.ts";
import { list } from "./list.ts";
import { record } from "./record.ts";
import { replay } from "./replay.ts";
import { step } from "./step.ts";
import { sweep } from "./sweep.ts";
import { why } from "./why.ts";
import { workload } from "./workload.ts";

/** All commands, in the order of help. */
export const COMMANDS: readonly Command[] = [
  experiments,
  replay,
  convert,
  record,
  compare,
  why,
  step,
  lab,
  sweep,
  diff,
  exportCommand,
  figures,
  list,
  claims,
  explain,
  check,
  workload,
];

const HELP = { name: "help", summary: "print this" };

/** What `words` mean; `UsageError` that says what is wrong with them. */
export function parse(words: readonly string[], catalogue: Catalogue): Action {
  const [word, ...rest] = words;
  if (word === "--version") return (lab) => lab.print(`fraglab ${VERSION}\n`);
  if (word === "help" && rest.length > 0) {
    const about = allNamed("command", COMMANDS, rest);
    return (lab) => lab.print(about.map((one) => commandText(one)).join("\n"));
  }
  if (word === undefined || ["help", "--help", "-h"].includes(word)) {
    return (lab) => lab.print(overviewText(COMMANDS));
  }
  const command = named("command", COMMANDS, word);
  const end = rest.indexOf("--");
  const own = end < 0 ? rest : rest.slice(0, end);
  if (own.some((word) => word === "--help" || word === "-h")) {
    return (lab) => lab.print(commandText(command));
  }
  try {
    const args = readArguments(rest, [...command.options, HELP]);
    return command.parse(args, catalogue);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const hint = `${command.call ?? CALL} ${command.name} --help`;
    throw new UsageError(`${error.message} (see ${hint})`);
  }
}
