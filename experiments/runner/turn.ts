/**
 * Turns of the event loop.
 *
 * @module
 */

/** Resolves in a later turn: what has come from workers was delivered by then. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
