/**
 * Keeps the address of the page such that it tells what is shown.
 *
 * @module
 */
/// <reference lib="dom" />

/** Milliseconds until the address follows: browsers take few changes in a second. */
const WAIT = 300;

/** Writes what `fragment` gives; undefined: the address stays as it is. */
export class Linker {
  readonly #fragment: () => string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(fragment: () => string | undefined) {
    this.#fragment = fragment;
  }

  /** What is shown has changed. */
  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), WAIT);
  }

  /** The address tells it from now on. */
  now(): void {
    clearTimeout(this.#timer);
    const fragment = this.#fragment();
    if (fragment !== undefined) history.replaceState(null, "", `#${fragment}`);
  }
}
