/**
 * `figures`: draws the figures of a folder of results anew.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Experiment } from "../experiment/experiment.ts";
import { report } from "../report/mod.ts";
import { Failure, Interrupted } from "../runner/failure.ts";
import { Folder } from "../runner/folder.ts";
import { replayExperiment } from "../runner/replay_experiment.ts";
import { named } from "./arguments.ts";
import type { Command, Lab } from "./command.ts";

/** The command. */
export const figures: Command = {
  name: "figures",
  summary: "draw the figures of a folder of results and its page anew",
  usage: ["[experiment...] [--results FOLDER]"],
  options: [
    { name: "results", value: "FOLDER", summary: "draw these; data/results" },
  ],
  examples: ["figures", "figures map_churn --results data/results-quick"],
  parse(args, { experiments }) {
    const known = [...experiments, replayExperiment];
    const chosen = args.names.length === 0
      ? known
      : [...new Set(args.names)].map((name) =>
        named("experiment", known, name)
      );
    const results = args.text("results");
    return (lab) => draw(lab, chosen, results);
  },
};

/**
 * Draws the figures of `chosen` in `folder`, by default the lab's, and writes
 * its page.
 */
export async function draw(
  lab: Lab,
  chosen: readonly Experiment[],
  results?: string,
): Promise<void> {
  const path = results === undefined ? lab.results : resolve(lab.cwd, results);
  const signal = lab.interruption();
  using folder = await Folder.open(path);
  if (folder.read("datapackage.json") === undefined) {
    throw new Failure(`No results in ${path}: run some experiments first`);
  }
  const { experiments, chapters, headlines } = lab.catalogue;
  const guide = {
    chapters,
    headlines,
    experiments: [...experiments, replayExperiment],
  };
  const files = report(chosen, guide, (name) => folder.read(name));
  for (const { path, text } of files) {
    if (signal.aborted) throw new Interrupted("Interrupted: figures are old");
    lab.status(`Drawing ${path}`);
    if (text === undefined) folder.remove(path);
    else folder.write(path, [text]);
  }
  lab.status("");
  lab.note(`Figures are in ${results ?? path}/index.html`);
}
