/**
 * The operations of the `.rep` form and the numbers behind each letter.
 *
 * @module
 */

/** An id as it is written. */
export const ID = "an id of 0 .. 2^53 - 1";
/** One that holds a block. */
export const LIVE = "a live id";
/** One that may be freed. */
export const FREEABLE = "an id that is not freed yet, or -1";
const BYTES = "a number of bytes, 0 .. 2^64 - 1";
const INTEGER = "an integer";
/** Threads are numbered up to here. */
export const LAST_THREAD = 65_535;
/** A thread as it is written. */
export const THREAD = `a thread of 0 .. ${LAST_THREAD}`;
/** One that may end. */
export const RUNNING = "a thread that has begun, not 0";
/** A site as it is written behind a request. */
export const SITE = "s and the number of a site that an S line above defines";
const MICROSECONDS = "microseconds, 0 .. 2^53 - 1";
/** An operation as it is written. */
export const OPERATION = "an operation (a c r m f w g t o k p @ T E S N R)";

/** The numbers after each letter. */
export const OPERANDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["a", [ID, BYTES]],
  ["c", [ID, BYTES]],
  ["r", [ID, BYTES]],
  ["m", [ID, BYTES, BYTES]],
  ["f", [FREEABLE]],
  ["w", [LIVE, BYTES, BYTES]],
  ["g", [LIVE, BYTES, BYTES]],
  ["t", [BYTES]],
  ["o", [INTEGER, INTEGER]],
  ["k", [INTEGER]],
  ["T", [THREAD]],
  ["E", [RUNNING]],
  ["N", [MICROSECONDS]],
  ["R", [BYTES]],
]);

/** A carriage return is a blank, so that files from Windows can be read. */
export const BLANKS = /[ \t\r]+/;

/** Letters that a site may follow. */
export const REQUESTS = "acrm";

const SIGNED = [FREEABLE, INTEGER];
const MAX_NUMBER = 2n ** 64n - 1n;

/** The number that `word` is, or the double next to it; undefined if it is not what is `expected`. */
export function operand(
  word: string | undefined,
  expected: string,
): number | undefined {
  const pattern = SIGNED.includes(expected) ? /^-?\d+$/ : /^\d+$/;
  if (!word || !pattern.test(word)) return undefined;
  const exact = BigInt(word);
  if (exact > MAX_NUMBER || exact < -MAX_NUMBER) return undefined;
  return towardZero(exact);
}

/** The site that `word` names; undefined if it names none. */
export function siteOf(word: string): number | undefined {
  return /^s\d+$/.test(word) && Number(word.slice(1)) || undefined;
}

/** The double at or next to `exact` on the side of 0. */
function towardZero(exact: bigint): number {
  const size = exact < 0n ? -exact : exact;
  const excess = BigInt(Math.max(0, size.toString(2).length - 53));
  const number = Number(size >> excess << excess);
  return exact < 0n ? -number : number;
}
