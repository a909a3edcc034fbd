/**
 * Starts a run as a command asks for it, tells how it goes, and draws what it
 * leaves; the folder is locked once for all of it.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Experiment } from "../experiment/experiment.ts";
import type { Judgement } from "../experiment/verdict.ts";
import { Failure } from "../runner/failure.ts";
import { Folder } from "../runner/folder.ts";
import { type Choice, type Grid, gridOf } from "../runner/plan.ts";
import { replayExperiment } from "../runner/replay_experiment.ts";
import { run } from "../runner/run.ts";
import { moduleUrls, type Specs } from "../runner/specs.ts";
import type { Once } from "../runner/spool.ts";
import type { Lab } from "./command.ts";
import { draw } from "./figures.ts";
import { progressText, resultText } from "./report.ts";
import type { FolderChoice } from "./run_options.ts";
import { loadSpecs, notePrinted } from "./spec_option.ts";

/** How to launch. */
interface Launch extends FolderChoice {
  /** Inputs that can be read only once. */
  once?: Once[];
  /** Whether to print no tables. */
  quiet?: boolean;
  /** The command line that runs a grid again. */
  command(grid: Grid): string;
  /** What to print when all is judged. */
  conclusion?(judgements: readonly Judgement[], specs: Specs): string;
}

/**
 * Runs `experiments` and draws them. Throws `Failure` if one of them failed,
 * when the others are done.
 */
export async function launch(
  lab: Lab,
  experiments: readonly Experiment[],
  choice: Choice,
  how: Launch,
): Promise<void> {
  const { catalogue, cwd } = lab;
  const { allocators = [] } = choice;
  const specs = await loadSpecs(lab, allocators, how.limits);
  const grids = experiments.map((one) => gridOf(one, choice, specs));
  const place = how.out ?? lab.results;
  const judgements: Judgement[] = [];
  const finished: Experiment[] = [];
  const untold: string[] = [];
  const teller = new Teller(lab);
  const signal = lab.interruption();
  const start = performance.now();
  let before = 0;
  using folder = await Folder.open(resolve(cwd, place));
  const failures = await run(grids, folder, {
    experiments: [...catalogue.experiments, replayExperiment],
    specs,
    setting: {
      catalogue: catalogue.url,
      modules: moduleUrls(allocators, cwd),
      cwd,
    },
    once: how.once ?? [],
    resume: how.resume,
    lanes: how.jobs || lab.cores,
    limits: how.limits,
    signal,
    command: how.command,
    started: (finished) => before = finished,
    printed: (module, line) => notePrinted(lab, module, line),
    progress(finished, cells) {
      const seconds = (performance.now() - start) / 1000;
      lab.status(progressText(finished - before, cells - before, seconds));
    },
    finished(result) {
      judgements.push(...result.judgements);
      if (result.cells.length > 0) finished.push(result.experiment);
      if (!how.quiet) untold.push(resultText(result) + "\n");
      // If no cell ran at all, the failures say why.
      if (finished.length > 0) teller.tell(untold.splice(0).join(""));
    },
  });
  lab.status("");
  if (finished.length > 0) {
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    lab.note(`Results are in ${place} after ${seconds} s`);
    teller.tell(how.conclusion?.(judgements, specs) ?? "");
    draw(lab, finished, folder, { place, signal });
  }
  complain(lab, [...failures, ...teller.failures]);
}

/** Throws `Failure` with the last of `failures`, when the others are told. */
function complain(lab: Lab, failures: readonly string[]): void {
  for (const line of failures.slice(0, -1)) lab.note(line);
  const last = failures.at(-1);
  if (last !== undefined) throw new Failure(last);
}

/** Prints; a reader that has seen enough, or takes no more, ends no run. */
class Teller {
  /** What to say about it at the end. */
  readonly failures: string[] = [];
  readonly #lab: Lab;
  #isHeard = true;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  tell(text: string): void {
    if (!this.#isHeard) return;
    try {
      this.#lab.print(text);
    } catch (error) {
      this.#isHeard = false;
      if (error instanceof Deno.errors.BrokenPipe) return;
      if (!(error instanceof Failure)) throw error;
      this.failures.push(error.message);
    }
  }
}
