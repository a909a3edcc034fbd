/**
 * Starts a run as a command asks for it and tells how it goes.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Experiment } from "../experiment/experiment.ts";
import type { Judgement } from "../experiment/verdict.ts";
import { type Choice, gridOf } from "../runner/plan.ts";
import { replayExperiment } from "../runner/replay_experiment.ts";
import { run } from "../runner/run.ts";
import { moduleUrls } from "../runner/specs.ts";
import type { Once } from "../runner/spool.ts";
import type { Lab } from "./command.ts";
import { progressText, resultText } from "./report.ts";
import type { FolderChoice } from "./run_options.ts";
import { loadSpecs } from "./spec_option.ts";

/** How to launch. */
interface Launch extends FolderChoice {
  /** Inputs that can be read only once. */
  once?: Once[];
  /** Whether to print no tables. */
  quiet?: boolean;
}

/** Runs `experiments`, prints each when it is finished; the judged claims. */
export async function launch(
  lab: Lab,
  experiments: readonly Experiment[],
  choice: Choice,
  { jobs, out: folder, resume, once = [], quiet = false }: Launch,
): Promise<Judgement[]> {
  const { catalogue, cwd } = lab;
  const { allocators = [] } = choice;
  const specs = await loadSpecs(lab, allocators);
  const grids = experiments.map((one) => gridOf(one, choice, specs));
  const out = folder === undefined ? lab.results : resolve(cwd, folder);
  const judgements: Judgement[] = [];
  const start = performance.now();
  let before = 0;
  await run(grids, {
    out,
    experiments: [...catalogue.experiments, replayExperiment],
    specs,
    setting: {
      catalogue: catalogue.url,
      modules: moduleUrls(allocators, cwd),
      cwd,
    },
    once,
    resume,
    lanes: jobs || lab.cores,
    signal: lab.interruption(),
    started: (finished) => before = finished,
    progress(finished, cells) {
      const seconds = (performance.now() - start) / 1000;
      lab.status(progressText(finished - before, cells - before, seconds));
    },
    finished(result) {
      judgements.push(...result.judgements);
      if (!quiet) tell(lab, resultText(result) + "\n");
    },
  });
  lab.status("");
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  lab.note(`Results are in ${folder ?? out} after ${seconds} s`);
  return judgements;
}

/** Prints; a reader that has seen enough does not end the run. */
export function tell(lab: Lab, text: string): void {
  try {
    lab.print(text);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
