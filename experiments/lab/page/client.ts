/**
 * The simulation as the page sees it: a worker that answers questions.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Answer, Question } from "../protocol.ts";

/** `T` without its ticket, for each of its kinds. */
type Unnumbered<T> = T extends { ticket: number } ? Omit<T, "ticket"> : never;

/** A worker made from the code in the page: a page from disk may load no file. */
export class Client {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #ticket = 0;

  /** `heard` gets the answers that belong to no question. */
  constructor(code: string, heard: (answer: Answer) => void) {
    const url = URL.createObjectURL(
      new Blob([code], { type: "text/javascript" }),
    );
    this.#worker = new Worker(url);
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const ticket = "ticket" in data ? data.ticket : undefined;
      const waiting = ticket !== undefined && this.#waiting.get(ticket);
      if (!waiting) return heard(data);
      this.#waiting.delete(ticket);
      waiting(data);
    };
    this.#worker.onerror = (event) =>
      heard({ kind: "failed", line: `The simulation ended: ${event.message}` });
  }

  /** Sends what is answered by no ticket. */
  send(question: Question, transfer: Transferable[] = []): void {
    this.#worker.postMessage(question, transfer);
  }

  /** Asks; the answer. */
  ask(question: Unnumbered<Question>): Promise<Answer> {
    const ticket = ++this.#ticket;
    const answer = new Promise<Answer>((resolve) =>
      this.#waiting.set(ticket, resolve)
    );
    this.#worker.postMessage({ ...question, ticket });
    return answer;
  }
}
