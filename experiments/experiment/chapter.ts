/**
 * A chapter: questions that belong together.
 *
 * @module
 */
import type { Experiment } from "./experiment.ts";

/** A folder below `questions/`, and how people see it. */
export interface Chapter {
  /** Name of the folder. */
  name: string;
  /** Heading in lists and on the page. */
  title: string;
  /** One sentence: what its questions have in common. */
  summary: string;
  /** Its experiments, in the order in which they run. */
  experiments: readonly Experiment[];
}
