/**
 * A cell on its way through a run.
 *
 * @module
 */
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
  /** Paths of the files that its parameters name. */
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
  const { module, broken }: Partial<NamedSpec> = key.allocator === NO_ALLOCATOR
    ? {}
    : specs.parse(key.allocator);
  return {
    key,
    ...(module !== undefined && { module }),
    ...(broken !== undefined && { failed: broken }),
    files: files.map((name) => inputFile(setting, `${key.parameters[name]}`)),
    id: cellId(key, digests.code(module)),
  };
}

/** Whether there is nothing left to do about a cell. */
export function isOver({ summary, unsuitable, failed }: Job): boolean {
  return (summary ?? unsuitable ?? failed) !== undefined;
}

/** How messages name the cell of a job. */
export function nameOf({ key }: Job): string {
  return `${key.experiment} (${key.allocator})`;
}
