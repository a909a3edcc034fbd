/**
 * Typed arrays that grow.
 *
 * @module
 */

/** The typed arrays that models keep state in. */
export type Words =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float64Array;

/** A copy of `array` with room for `length` entries, the new ones `fill`. */
export function longer<T extends Words>(
  array: T,
  length: number,
  fill = 0,
): T {
  const copy = new (array.constructor as new (length: number) => T)(length);
  copy.set(array);
  if (fill !== 0) copy.fill(fill, array.length);
  return copy;
}
