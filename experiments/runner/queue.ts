/**
 * Which cell a lane runs next.
 *
 * Cells of one experiment that differ in their allocator only have the same
 * requests, so one lane takes them one after the other and its worker makes
 * the requests once. A lane without such cells begins with the next ones in
 * the order of the experiments; when none are left it helps another lane.
 *
 * @module
 */
import { parametersText } from "../experiment/result_files.ts";
import type { Job } from "./job.ts";

/** Cells that wait. */
export class Queue {
  /** Cells with the same requests, by experiment, point and seed. */
  readonly #waiting: Job[][];
  /** What each lane has begun. */
  readonly #begun: Job[][] = [];

  /** Waiting are `jobs`, in the order of their experiments. */
  constructor(jobs: readonly Job[]) {
    const byRequests = Map.groupBy(jobs, ({ key }) => {
      const { experiment, parameters, seed } = key;
      return `${experiment} ${parametersText(parameters)} ${seed}`;
    });
    this.#waiting = [...byRequests.values()].reverse();
  }

  /** Removes the job that `lane` runs next; undefined if there is none. */
  take(lane: number): Job | undefined {
    if (!this.#begun[lane]?.length) {
      this.#begun[lane] = this.#waiting.pop() ?? this.#longest();
    }
    return this.#begun[lane].shift();
  }

  /** The most cells that a lane has left; shared from now on. */
  #longest(): Job[] {
    return this.#begun.reduce(
      (one, other) => other.length > one.length ? other : one,
      [],
    );
  }
}
