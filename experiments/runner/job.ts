/**
 * A cell on its way through a run.
 *
 * @module
 */
import { lacking } from "../../allocators/capability.ts";
import {
  type CellKey,
  type Experiment,
  NO_ALLOCATOR,
} from "../experiment/experiment.ts";
import type { Digests, Inputs } from "./digest.ts";
import { inputFile, type Setting } from "./files.ts";
import type { Place } from "./cell_file.ts";
import { cellId } from "./kept.ts";
import type { Summary } from "./manifest.ts";
import type { NamedSpec, Specs } from "./specs.ts";

/** A cell to run, and what has become of it. */
export interface Job {
  /** What to run. */
  key: CellKey;
  /** The user's module that its allocator comes from, by path. */
  module?: string;
  /** The files that its parameters name, and their paths. */
  fileNames: readonly string[];
  files: readonly string[];
  /** See `cellId`. */
  id: string;
  /** Set when it is finished. */
  summary?: Summary;
  /** Where it is kept; set with the summary. */
  place?: Place;
  /** The files that it read; set with the summary. */
  inputs?: Inputs;
  /** Set when its allocator cannot take part: why. */
  unsuitable?: string;
  /** Set when it failed: why, for whoever has to act. */
  failed?: string;
}

/** What a job is made with. */
interface Making {
  specs: Specs;
  digests: Digests;
  setting: Setting;
}

/** The job of `key`, a cell of an experiment. */
export function jobOf(
  key: CellKey,
  { files = [] }: Pick<Experiment, "files">,
  { specs, digests, setting }: Making,
): Job {
  const { module, broken } = moduleOf(key, specs);
  const fileNames = filesOf(key, { files });
  return {
    key,
    ...(module !== undefined && { module }),
    ...(broken !== undefined && { failed: broken }),
    fileNames,
    files: fileNames.map((name) => inputFile(setting, name)),
    id: cellId(key, digests.code(module)),
  };
}

/** The module that the allocator of a cell comes from, if it is one. */
export function moduleOf(
  { allocator }: CellKey,
  specs: Specs,
): Pick<NamedSpec, "module" | "broken"> {
  return allocator === NO_ALLOCATOR ? {} : specs.parse(allocator);
}

/** The files that the parameters of a cell name. */
export function filesOf(
  { parameters }: CellKey,
  { files = [] }: Pick<Experiment, "files">,
): string[] {
  return files.map((name) => `${parameters[name]}`);
}

/** Leaves those of `jobs` out whose allocator lacks what their experiment needs. */
export function sift(
  jobs: readonly Job[],
  { needs = [] }: Pick<Experiment, "needs">,
  specs: Specs,
): void {
  if (needs.length === 0) return;
  const byAllocator = Map.groupBy(jobs, ({ key }) => key.allocator);
  for (const [allocator, some] of byAllocator) {
    const why = lacking(specs.parse(allocator), needs);
    if (why === undefined) continue;
    for (const job of some) {
      if (!isOver(job)) job.unsuitable = why;
    }
  }
}

/** Whether there is nothing left to do about a cell. */
export function isOver({ summary, unsuitable, failed }: Job): boolean {
  return (summary ?? unsuitable ?? failed) !== undefined;
}

/** How messages name the cell of a job. */
export function nameOf({ key }: Job): string {
  return `${key.experiment} (${key.allocator})`;
}
