/**
 * `experiments`: runs experiments and judges their claims.
 *
 * @module
 */
import { named } from "./arguments.ts";
import type { Command } from "./command.ts";
import { experimentLine } from "./command_line.ts";
import { launch } from "./launch.ts";
import { claimsText } from "./report.ts";
import { readChoice, readFolderOptions, RUN_OPTIONS } from "./run_options.ts";

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
    const chosen = args.names.length === 0
      ? catalogue.experiments
      : [...new Set(args.names)].map((name) =>
        named("experiment", catalogue.experiments, name)
      );
    const choice = readChoice(args, catalogue.allocators, chosen);
    const folder = readFolderOptions(args);
    const inOrder = catalogue.experiments.filter((e) => chosen.includes(e));
    return (lab) =>
      launch(lab, inOrder, choice, {
        ...folder,
        command: (grid) => experimentLine(grid, choice),
        conclusion: (judgements) =>
          judgements.length > 0 ? claimsText(judgements, lab.colour) : "",
      });
  },
};
