/**
 * `experiments`: runs experiments and judges their claims.
 *
 * @module
 */
import type { Judgement } from "../experiment/verdict.ts";
import { plural } from "../traces/plural.ts";
import { allNamed, together } from "./arguments.ts";
import type { Command } from "./command.ts";
import { CALL, experimentLine } from "./command_line.ts";
import { launch } from "./launch.ts";
import { claimsText } from "./report.ts";
import { readChoice, readFolderOptions, RUN_OPTIONS } from "./run_options.ts";
import { readSpecs } from "./spec_option.ts";

/** The command. */
export const experiments: Command = {
  name: "experiments",
  summary: "run experiments, all by default, and write their results as CSV",
  usage: ["[name...] [options]"],
  options: RUN_OPTIONS,
  examples: [
    "experiments",
    "experiments map_churn --seeds 8 --resume",
    "experiments random_sizes --allocator first_fit,./mine.ts:align=8",
    "experiments random_sizes --set requests=1000,10000 --out data/short",
  ],
  parse(args, catalogue) {
    const { experiments, allocators } = catalogue;
    const [chosen] = together(
      () =>
        args.names.length === 0
          ? experiments
          : allNamed("experiment", experiments, args.names),
      () => readSpecs(args.all("allocator"), allocators),
    );
    const choice = readChoice(args, allocators, chosen);
    const folder = readFolderOptions(args);
    const inOrder = experiments.filter((e) => chosen.includes(e));
    return (lab) =>
      launch(lab, inOrder, choice, {
        ...folder,
        command: (grid) => experimentLine(grid, choice),
        conclusion: (judgements) => conclusionText(judgements, lab.colour),
      });
  },
};

/** What to say of the claims of a run, when all are judged. */
export function conclusionText(
  judgements: readonly Judgement[],
  colour: boolean,
): string {
  return judgements.length > 0
    ? claimsText(judgements, colour) + unmeasuredText(judgements)
    : "";
}

/** How to learn why claims are not measured; "" if all are. */
function unmeasuredText(judgements: readonly Judgement[]): string {
  const open = judgements.filter(({ measured }) => measured === undefined);
  if (open.length === 0) return "";
  const count = plural(open.length, "claim is", "claims are");
  return `${count} not measured; why: ${CALL} claims ${open[0]!.claim.id}` +
    `${open.length > 1 ? " ..." : ""}\n`;
}
