/**
 * The simulation of the lab without a page, for tests.
 *
 * @module
 */
import type {
  Answer,
  Question,
  Source,
} from "../../experiments/lab/protocol.ts";
import { REPLAYED } from "../../experiments/questions/replayed.ts";
import { Simulation } from "../../experiments/lab/simulation.ts";

/** An answer of one kind. */
type Of<K extends Answer["kind"]> = Answer & { kind: K };

/** A simulation and what it answered. */
export class Driver {
  readonly answers: Answer[] = [];
  readonly #simulation = new Simulation({
    post: (answer) => this.answers.push(answer),
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    now: () => performance.now(),
  }, REPLAYED);

  /** Loads `source`, snapshots included; what it says when it is ready. */
  async load(
    source: Source,
    allocators: string[],
    maxOperations = 1e7,
  ): Promise<Of<"ready">> {
    return await this.ask(
      { kind: "load", source, allocators, maxOperations },
      "ready",
    );
  }

  /** The last answer of that kind; fails with the line of a failure. */
  async ask<K extends Answer["kind"]>(
    question: Question,
    kind: K,
  ): Promise<Of<K>> {
    const before = this.answers.length;
    await this.#simulation.ask(question);
    const fresh = this.answers.slice(before);
    const failed = fresh.find((answer) => answer.kind === "failed");
    if (failed && kind !== "failed") throw new Error(failed.line);
    const found = fresh.find((answer): answer is Of<K> => answer.kind === kind);
    if (found) return found;
    throw new Error(`No answer "${kind}" to ${question.kind}`);
  }
}
