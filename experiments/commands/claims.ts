/**
 * `claims`: judges claims by running the experiments that decide them.
 *
 * @module
 */
import { expectation, type Judgement } from "../experiment/verdict.ts";
import { checkNames } from "./arguments.ts";
import type { Command } from "./command.ts";
import { experimentLine } from "./command_line.ts";
import { launch } from "./launch.ts";
import { claimsText } from "./report.ts";
import { readChoice, readFolderOptions, RUN_OPTIONS } from "./run_options.ts";

/** The command. */
export const claims: Command = {
  name: "claims",
  summary: "judge claims, all by default, by the experiments that decide them",
  usage: ["[id...] [options]"],
  options: [...RUN_OPTIONS, { name: "json", summary: "print JSON" }],
  examples: ["claims", "claims buddy-pin 9k --scale full", "claims --json"],
  parse(args, { experiments, allocators }) {
    const known = experiments.flatMap(({ claims }) =>
      claims.map(({ id }) => id)
    );
    const ids = new Set(args.names.length > 0 ? args.names : known);
    checkNames("claim", known, [...ids]);
    const owners = experiments.filter(({ claims }) =>
      claims.some(({ id }) => ids.has(id))
    );
    const choice = readChoice(args, allocators, owners);
    const folder = readFolderOptions(args);
    return (lab) =>
      launch(lab, owners, choice, {
        ...folder,
        quiet: true,
        command: (grid) => experimentLine(grid, choice),
        conclusion(judgements) {
          const asked = judgements.filter(({ claim }) => ids.has(claim.id));
          return args.flag("json")
            ? JSON.stringify(asked.map(plain), null, 2) + "\n"
            : claimsText(asked, lab.colour);
        },
      });
  },
};

function plain(
  { experiment, claim, measured, verdict, expectedVerdict, asExpected }:
    Judgement,
): object {
  const { id, statement, source } = claim;
  return {
    id,
    experiment,
    statement,
    source,
    verdict: verdict.kind,
    condition: verdict.condition,
    expected_verdict: expectedVerdict.kind,
    as_expected: asExpected,
    expected: expectation(claim),
    measured,
  };
}
