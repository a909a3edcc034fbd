/**
 * The size classes of musl's malloc and how many slots a new group gets.
 *
 * Source: musl 1.2.6 (mallocng), observed.
 *
 * @module
 */

/** Bytes of a unit: strides and offsets are multiples of it. */
export const UNIT = 16;
/** Bytes at the end of a slot that belong to the header of the next one. */
export const IN_BAND = 4;
/** Requests from here on are mappings of their own. */
export const MAPPED_FROM = 131_052;
/** The class of such mappings. */
export const MAPPING = 63;

/** Units of a slot, by class. */
const UNITS = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 18, 20, 25, 31, 36, 42, 50, 63],
  ...[72, 84, 102, 127, 146, 170, 204, 255, 292, 340, 409, 511, 584, 682, 818],
  ...[1023, 1169, 1364, 1637, 2047, 2340, 2730, 3276, 4095, 4680, 5460, 6552],
  8191,
] as const;

/** Number of classes, {@linkcode MAPPING} aside. */
export const CLASSES = UNITS.length;

/** Bytes of a slot of each class. */
export const STRIDE: readonly number[] = UNITS.map((units) => units * UNIT);

/** Units up to which {@linkcode CLASS_OF_UNITS} answers. */
const MOST_UNITS = UNITS[CLASSES - 1]!;
// The smallest class of at least u units, for u = 0..MOST_UNITS.
const CLASS_OF_UNITS = new Uint8Array(MOST_UNITS + 1);
for (let u = 0, c = 0; u <= MOST_UNITS; u++) {
  if (u > UNITS[c]!) c++;
  CLASS_OF_UNITS[u] = c;
}

/** The class of a request of `size` < {@linkcode MAPPED_FROM} bytes: its slot less 4 bytes holds it. */
export function classOf(size: number): number {
  return CLASS_OF_UNITS[(size + IN_BAND + UNIT - 1) >> 4]!;
}

/** Slots of a group of class 0..8, by how many slots of it there are. */
const SMALL_COUNTS = [
  [30, 30, 30],
  [31, 15, 15],
  [20, 10, 10],
  [31, 15, 7],
  [25, 12, 6],
  [21, 10, 5],
  [18, 8, 4],
  [31, 15, 7],
  [28, 14, 6],
] as const;
/** Slots of a group of a higher class, by class modulo 4. */
const COUNTS = [28, 24, 20, 32] as const;
/** A group of two slots is laid into a slot if it is no longer than this. */
export const LONGEST_NESTED = 2048;
/** No group is longer than this. */
const LONGEST_GROUP = 2 ** 20;

/** Slots of a new group of class `c` while `used` slots of the class exist. */
export function slotsOf(c: number, used: number): number {
  const stride = STRIDE[c]!;
  let count: number;
  if (c < SMALL_COUNTS.length) {
    const row = SMALL_COUNTS[c]!;
    count = row.find((n) => 4 * n <= used) ?? row[2];
  } else {
    count = COUNTS[c % 4]!;
    while (count % 2 === 0 && 4 * count > used) count /= 2;
    while (stride * count >= LONGEST_GROUP) count /= 2;
  }
  return count === 1 && stride + UNIT <= LONGEST_NESTED ? 2 : count;
}

/** The slots that a mapped group of class `c` is reduced to while few are in use. */
export function reducedSlots(c: number, count: number): number {
  const bytes = STRIDE[c]! * count;
  switch (c % 4) {
    case 1:
      return bytes > 32_768 ? 2 : count;
    case 2:
      return bytes > 16_384 ? 3 : count;
    case 0:
      return bytes > 32_768 ? 3 : bytes > 8192 ? 5 : count;
    default:
      return count;
  }
}
