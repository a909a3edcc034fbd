/**
 * Help texts.
 *
 * @module
 */
import { textTable } from "../measures/text_table.ts";
import { CALL } from "./command_line.ts";
import type { Command } from "./command.ts";

/** Help for everything. */
export function overviewText(commands: readonly Command[]): string {
  const lines = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  return `A workbench for research on memory fragmentation.

Usage: ${CALL} <command> [options]

${textTable(lines, ["left", "left"])}
${CALL} <command> --help tells more about one of them.
`;
}

/** Help for one command, or for a task that is called otherwise. */
export function commandText(
  command: Omit<Command, "parse">,
  call = command.call ?? CALL,
): string {
  const { name, summary, usage, options, notes, examples } = command;
  const lines = options.map(({ name, value, summary }) => [
    value === undefined ? `  --${name}` : `  --${name} ${value}`,
    summary,
  ]);
  return [
    `${name}: ${summary}`,
    "",
    ...usage.map((line) => `Usage: ${call} ${name} ${line}`.trimEnd()),
    "",
    ...(lines.length > 0
      ? ["Options:", textTable(lines, ["left", "left"])]
      : []),
    ...(notes
      ? [
        notes.title,
        textTable(
          notes.lines.map(([first, ...rest]) => [`  ${first}`, ...rest]),
          ["left", "left"],
        ),
      ]
      : []),
    ...(examples.length > 0
      ? ["Examples:", ...examples.map((line) => `  ${call} ${line}`), ""]
      : []),
  ].join("\n");
}
