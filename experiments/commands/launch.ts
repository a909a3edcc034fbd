/**
 * Starts a run as a command asks for it and tells how it goes.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Experiment } from "../experiment/experiment.ts";
import type { Judgement } from "../experiment/verdict.ts";
import { gridOf } from "../runner/plan.ts";
import { run } from "../runner/run.ts";
import { moduleUrls, Specs } from "../runner/specs.ts";
import type { Once } from "../runner/spool.ts";
import type { Lab } from "./command.ts";
import { progressText, resultText } from "./report.ts";
import type { RunRequest } from "./run_options.ts";

/** Runs `experiments`, prints each when it is finished; the judged claims. */
export async function launch(
  lab: Lab,
  experiments: readonly Experiment[],
  request: RunRequest,
  { once = [], quiet = false }: { once?: Once[]; quiet?: boolean } = {},
): Promise<Judgement[]> {
  const { catalogue, cwd } = lab;
  const modules = moduleUrls(request.allocators ?? [], cwd);
  const specs = await Specs.load(catalogue.allocators, modules);
  const canonical = (spec: string) => specs.parse(spec).text;
  const choice = {
    ...request,
    ...(request.allocators && {
      allocators: [...new Set(request.allocators.map(canonical))],
    }),
  };
  const tasks = experiments.map((experiment) => ({
    experiment,
    grid: gridOf(experiment, choice, canonical),
  }));
  const out = request.out === undefined
    ? lab.results
    : resolve(cwd, request.out);
  const judgements: Judgement[] = [];
  const start = performance.now();
  let before = 0;
  await run(tasks, {
    out,
    order: catalogue.experiments.map(({ name }) => name),
    specs,
    setting: { catalogue: catalogue.url, modules, cwd },
    once,
    resume: request.resume,
    lanes: request.jobs || lab.cores,
    scale: request.scale,
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
  lab.note(`Results are in ${request.out ?? out} after ${seconds} s`);
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
