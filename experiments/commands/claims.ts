/**
 * `claims`: judges claims by running the experiments that decide them.
 *
 * @module
 */
import { expectation, type Judgement } from "../experiment/verdict.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { plural } from "../traces/plural.ts";
import { Failure } from "../runner/failure.ts";
import type { Choice } from "../runner/plan.ts";
import type { Specs } from "../runner/specs.ts";
import { type Undecided, whyUndecided } from "../runner/undecided.ts";
import { checkNames, together } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commandLine, experimentLine } from "./command_line.ts";
import { launch } from "./launch.ts";
import { claimsText } from "./report.ts";
import { readChoice, readFolderOptions, RUN_OPTIONS } from "./run_options.ts";
import { readSpecs } from "./spec_option.ts";

/** Ids that a command line names; of more it names none, which means all. */
const FEW = 6;

/** The command. */
export const claims: Command = {
  name: "claims",
  summary: "judge claims, all by default, by the experiments that decide them",
  usage: ["[id...] [options]"],
  options: [...RUN_OPTIONS, { name: "json", summary: "print JSON" }],
  notes: {
    title: "Exit code:",
    lines: [
      ["0", "as expected"],
      [
        "1",
        "a claim got another verdict than is expected, one that you name is " +
        "not measured, or a cell failed",
      ],
    ],
  },
  examples: ["claims", "claims buddy-pin 9k --scale full", "claims --json"],
  parse(args, { experiments, allocators }) {
    const known = experiments.flatMap(({ claims }) =>
      claims.map(({ id }) => id)
    );
    const ids = new Set(args.names.length > 0 ? args.names : known);
    together(
      () => checkNames("claim", known, [...ids]),
      () => readSpecs(args.all("allocator"), allocators),
    );
    const owners = experiments.filter(({ claims }) =>
      claims.some(({ id }) => ids.has(id))
    );
    const choice = readChoice(args, allocators, owners);
    const folder = readFolderOptions(args);
    return async (lab) => {
      const asked: Judgement[] = [];
      await launch(lab, owners, choice, {
        ...folder,
        quiet: true,
        command: (grid) => experimentLine(grid, choice),
        conclusion(judgements, specs) {
          asked.push(...judgements.filter(({ claim }) => ids.has(claim.id)));
          const why = (judgement: Judgement) =>
            reasonOf(judgement, owners, choice, specs);
          return args.flag("json")
            ? JSON.stringify(asked.map((j) => plain(j, why(j))), null, 2) + "\n"
            : claimsText(asked, lab.colour) + reasonsText(asked, why);
        },
      });
      complain(asked, args.names.length > 0);
    };
  },
};

/** Why a claim is not measured; undefined if it is. */
function reasonOf(
  { measured, claim, experiment }: Judgement,
  experiments: readonly Experiment[],
  choice: Choice,
  specs: Specs,
): Undecided | undefined {
  if (measured !== undefined) return undefined;
  const owner = experiments.find(({ name }) => name === experiment)!;
  return whyUndecided(claim, owner, choice, specs);
}

/** A line for every reason, with the command that measures the claims. */
function reasonsText(
  asked: readonly Judgement[],
  why: (judgement: Judgement) => Undecided | undefined,
): string {
  const reasons = asked.flatMap((judgement) => {
    const reason = why(judgement);
    return reason ? [{ ...reason, id: judgement.claim.id }] : [];
  });
  const groups = Map.groupBy(
    reasons,
    ({ why, options }) => JSON.stringify([why, options]),
  );
  return [...groups.values()].map((group) => {
    const ids = group.map(({ id }) => id);
    const { why, options } = group[0]!;
    const named = ids.length > FEW ? [] : ids;
    const remedy = options
      ? `; to measure: ${commandLine(["claims", ...named, ...options])}`
      : "";
    const which = ids.length > FEW
      ? plural(ids.length, "claim")
      : ids.join(", ");
    return `Not measured: ${which}: ${why}${remedy}\n`;
  }).join("");
}

/** Throws `Failure` if not all is as help says for exit code 0. */
function complain(asked: readonly Judgement[], areNamed: boolean): void {
  const bad = asked.filter(({ asExpected }) => asExpected === false).length;
  const open = asked.filter(({ measured }) => measured === undefined).length;
  const wrong = [
    ...(bad > 0
      ? [
        `${
          plural(bad, "claim gets", "claims get")
        } another verdict than expected`,
      ]
      : []),
    ...(open > 0 && areNamed
      ? [plural(open, "claim is not measured", "claims are not measured")]
      : []),
  ];
  if (wrong.length > 0) throw new Failure(wrong.join("; "));
}

function plain(
  { experiment, claim, measured, verdict, expectedVerdict, asExpected }:
    Judgement,
  reason: Undecided | undefined,
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
    not_measured_because: reason?.why,
  };
}
