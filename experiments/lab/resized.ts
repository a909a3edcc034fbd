/**
 * Arrays of another length, whose old memory is given back at once: of traces
 * with 10^7 operations the garbage would be as much as what is kept.
 *
 * @module
 */

/** Arrays that know how to look at a buffer. */
interface Kind<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): T;
}

/**
 * What `array` holds, with `length` elements: cut off, or zeros at the end.
 * `array` is empty from then on.
 */
export function resized<
  T extends Uint8Array | Uint32Array | Int32Array | Float64Array,
>(array: T & { buffer: ArrayBuffer }, length: number): T {
  const kind = array.constructor as unknown as Kind<T>;
  return new kind(array.buffer.transfer(length * kind.BYTES_PER_ELEMENT));
}
