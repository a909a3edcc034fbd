/**
 * `figures`: draws the figures of a folder of results anew.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Experiment } from "../experiment/experiment.ts";
import { figurePath } from "../report/figures.ts";
import { report } from "../report/mod.ts";
import { Failure, Interrupted } from "../runner/failure.ts";
import { isFolder } from "../runner/files.ts";
import { Folder } from "../runner/folder.ts";
import { replayExperiment } from "../runner/replay_experiment.ts";
import { Results } from "../runner/results.ts";
import { allNamed } from "./arguments.ts";
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
      : allNamed("experiment", known, args.names);
    return async (lab) => {
      const place = args.text("results") ?? lab.results;
      const path = resolve(lab.cwd, place);
      if (!isFolder(path)) {
        throw new Failure(`No results in ${place}: run some experiments first`);
      }
      using folder = await Folder.open(path);
      draw(lab, chosen, folder, { place, signal: lab.interruption() });
    };
  },
};

/**
 * Draws the figures of `chosen` in `folder`, which the user calls `place`, and
 * those of other experiments of which none is there; then writes the page.
 * Throws `Failure` before it writes anything if a file is spoilt.
 */
export function draw(
  lab: Lab,
  chosen: readonly Experiment[],
  folder: Folder,
  { place, signal }: { place: string; signal: AbortSignal },
): void {
  const results = Results.in(folder.path);
  const { experiments, chapters, headlines } = lab.catalogue;
  const all = [...experiments, replayExperiment];
  const drawn = all.filter((one) =>
    chosen.includes(one) || lacksFigures(one, folder, results)
  );
  for (const resource of results.resources) {
    const { provenance } = resource;
    const isRead = provenance
      ? drawn.some(({ name }) => name === provenance.experiment)
      : resource.sha256 !== undefined; // not the times
    if (isRead) results.check(resource);
  }
  const read = (name: string) => {
    const resource = results.about(name);
    if (resource) return results.text(resource);
    return name.endsWith(".csv") ? undefined : folder.read(name);
  };
  const lines = (name: string) => {
    const resource = results.about(name);
    return resource && results.lines(resource);
  };
  const replayed = lab.catalogue.replayed.map(({ name }) => name);
  const guide = { chapters, headlines, experiments: all, replayed };
  for (const { path, text } of report(drawn, guide, read, lines)) {
    if (signal.aborted) throw new Interrupted("Interrupted: figures are old");
    lab.status(`Drawing ${path}`);
    if (text === undefined) folder.remove(path);
    else folder.write(path, text);
  }
  lab.status("");
  lab.note(`Figures are in ${place}/index.html`);
}

/** Whether an experiment has results in the folder, but not one figure. */
function lacksFigures(
  { name, figures }: Experiment,
  folder: Folder,
  { resources }: Results,
): boolean {
  return resources.some(({ provenance }) => provenance?.experiment === name) &&
    figures.length > 0 &&
    figures.every((_, i) => folder.read(figurePath(name, i)) === undefined);
}
