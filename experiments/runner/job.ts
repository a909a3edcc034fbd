/**
 * A cell on its way through a run.
 *
 * @module
 */
import { type CellKey, NO_ALLOCATOR } from "../experiment/experiment.ts";
import type { Digests, Inputs } from "./digest.ts";
import { placeOf } from "./kept.ts";
import type { Summary } from "./manifest.ts";
import type { Specs } from "./specs.ts";

/** A cell to run, and what has become of it. */
export interface Job {
  /** What to run. */
  key: CellKey;
  /** The user's module that its allocator comes from, by path. */
  module?: string;
  /** Where it is kept. */
  place: string;
  /** Set when it is finished. */
  summary?: Summary;
  /** The files that it read; set with the summary. */
  inputs?: Inputs;
  /** Set when its allocator cannot take part: why. */
  unsuitable?: string;
  /** Set when it failed: why, for whoever has to act. */
  failed?: string;
}

/** The job of `key`. */
export function jobOf(key: CellKey, specs: Specs, digests: Digests): Job {
  const { module } = key.allocator === NO_ALLOCATOR
    ? {}
    : specs.parse(key.allocator);
  return {
    key,
    ...(module !== undefined && { module }),
    place: placeOf(key, digests.code(module)),
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
