/**
 * Buffers of a computation in steps: a law of our own for those who have no
 * lifetimes of a compiler.
 *
 * Every step makes a result and a few buffers of its own. A result lives until
 * the last step that reads it, mostly the next, now and then one much later;
 * the others die with their step. Sizes are powers of two times a little odd
 * number of kilobytes, as tensors' are.
 *
 * @module
 */
import type { Prng } from "../laws/prng.ts";
import type { Buffer } from "../traces/lifetimes.ts";

/** Bytes of the smallest buffer. */
const LEAST = 1024;

/** The buffers of `steps` steps. */
export function stepBuffers(steps: number, draw: Prng): Buffer[] {
  const size = () => LEAST * (1 + draw.below(7)) * 2 ** draw.below(6);
  return Array.from({ length: steps }, (_, step) => {
    const far = draw() < 0.15 ? draw.below(steps - step) : 0;
    const lives = 2 + Math.max(draw.below(2), far);
    const result = { lower: step, upper: step + lives, size: size() };
    const own = Array.from(
      { length: draw.below(3) },
      () => ({ lower: step, upper: step + 1, size: size() }),
    );
    return [...own, result];
  }).flat();
}
