/**
 * How far a simulation is, and the way to end it.
 *
 * @module
 */
/// <reference lib="dom" />
import { button, h } from "./dom.ts";

/** A bar with a button, there while something is simulated. */
export class Loading {
  readonly root: HTMLElement;
  readonly #bar = h("progress", { "aria-label": "Simulation" });

  /** `cancel` is called when somebody has had enough. */
  constructor(cancel: () => void) {
    this.root = h(
      "div",
      { class: "progress", hidden: true },
      this.#bar,
      button("Cancel", cancel),
    );
  }

  /** A simulation begins; how long it is nobody knows yet. */
  begin(): void {
    this.#bar.removeAttribute("value");
    this.root.hidden = false;
  }

  /** `done` of `total` operations; 0: not known. */
  update(done: number, total: number): void {
    if (total === 0) return;
    this.#bar.max = total;
    this.#bar.value = done;
  }

  /** It is over. */
  end(): void {
    this.root.hidden = true;
  }
}
