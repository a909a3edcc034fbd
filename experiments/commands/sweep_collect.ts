/**
 * `sweep collect`: shards become a folder of results.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Judgement } from "../experiment/verdict.ts";
import { leave, resultOf } from "../runner/finish.ts";
import { Folder } from "../runner/folder.ts";
import { holdingsOf } from "../runner/holdings.ts";
import { replayExperiment } from "../runner/replay_experiment.ts";
import { changeOf } from "../runner/shared_files.ts";
import { checkComplete, collected } from "../sweep/collect.ts";
import { shardsText } from "../sweep/shards.ts";
import type { Lab } from "./command.ts";
import { draw } from "./figures.ts";
import { conclusionText } from "./experiments.ts";
import { resultText } from "./report.ts";
import { opened, type SweepOrder } from "./sweep_actions.ts";

/** Cells of the largest experiment that is drawn: a figure holds them all. */
const MOST_DRAWN = 100_000;

/** Writes what a local run would have written, and tells the same. */
export async function collect(lab: Lab, order: SweepOrder): Promise<void> {
  using it = opened(lab, order);
  const { plan, folder: shards } = it;
  checkComplete(shards);
  const experiments = [...lab.catalogue.experiments, replayExperiment];
  const place = order.results ?? lab.results;
  const signal = lab.interruption();
  const start = performance.now();
  using folder = await Folder.open(resolve(lab.cwd, place));
  const names = experiments.map(({ name }) => name);
  const manifests = holdingsOf(
    folder.path,
    new Set(plan.head.parts.map(({ grid }) => grid.experiment)),
    names,
  );
  const { shards: count } = shards.division;
  const done = collected(plan, shards, experiments, (k) => {
    signal.throwIfAborted();
    lab.status(`Checked ${shardsText(k, count)}`);
  });
  const results = done.map((one) => ({ one, result: resultOf(one) }));
  const left = results.filter(({ result }) => result.cells.length > 0)
    .map(({ one, result }) => leave(one, result));
  lab.status("Writing the results");
  if (left.length > 0) folder.commit(changeOf(left, manifests, names));
  const judgements: Judgement[] = [];
  for (const { result } of results) {
    judgements.push(...result.judgements);
    lab.print(`${resultText(result)}\n`);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  lab.note(`Results are in ${place} after ${seconds} s`);
  lab.print(conclusionText(judgements, lab.colour));
  const drawn = results.map(({ result }) => result);
  if (drawn.some(({ cells }) => cells.length > MOST_DRAWN)) {
    lab.note(`No figures of more than ${MOST_DRAWN} cells`);
  } else {
    const own = drawn.map(({ experiment }) => experiment);
    draw(lab, own, folder, { place, signal });
  }
}
