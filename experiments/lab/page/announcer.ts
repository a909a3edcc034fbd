/**
 * What the page says: messages, which everybody sees, and the state at the
 * cursor, which is in sight anyway and is said to those who listen.
 *
 * @module
 */
/// <reference lib="dom" />
import { h } from "./dom.ts";

/** Milliseconds of rest before the state is said: nobody hears out a film. */
const REST = 400;

/** Two regions that are read out. */
export class Announcer {
  readonly #status = h("p", {
    class: "status",
    role: "status",
    "aria-live": "polite",
  });
  readonly #state = h("p", {
    class: "unseen",
    id: "state",
    "aria-live": "polite",
  });
  readonly root: HTMLElement = h(
    "div",
    { class: "status" },
    this.#status,
    this.#state,
  );
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Shows a message, which may be that something failed. */
  say(line: string, isFailure = false): void {
    this.#status.textContent = line;
    this.#status.classList.toggle("wrong", isFailure);
  }

  /** What was told of the state holds no more. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#state.textContent = "";
  }

  /** Tells of the state, once the cursor rests. */
  tell(line: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#state.textContent = line, REST);
  }
}
