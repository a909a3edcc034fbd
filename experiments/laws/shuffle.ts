/**
 * Random orders.
 *
 * @module
 */
import type { Prng } from "./prng.ts";

/** `values` in random order, each order as likely: Fisher and Yates. */
export function shuffled(
  values: Int32Array,
  draw: Pick<Prng, "below">,
): Int32Array<ArrayBuffer> {
  const result = Int32Array.from(values);
  for (let i = result.length - 1; i > 0; i--) {
    const j = draw.below(i + 1);
    const value = result[i]!;
    result[i] = result[j]!;
    result[j] = value;
  }
  return result;
}
