/**
 * Classes of size and of lifetime, which colours tell apart.
 *
 * @module
 */

/** Number of classes; the last one has no upper limit. */
export const CLASSES = 8;

/** Least bytes of class 1; each class is 4 times as long as the one before. */
const SIZE = 32;
/** Least operations of class 1; each class lives 8 times as long. */
const LIFETIME = 8;

/** The class of a block of so many bytes. */
export function sizeClass(bytes: number): number {
  return classOf(Math.log2(bytes / SIZE) / 2);
}

/** The class of a block that lives for so many operations. */
export function lifetimeClass(operations: number): number {
  return classOf(Math.log2(operations / LIFETIME) / 3);
}

/** By class, but for the last: less than so many bytes. */
export const SIZE_LIMITS: readonly number[] = limits((k) => SIZE * 4 ** k);

/** By class, but for the last: less than so many operations. */
export const LIFETIME_LIMITS: readonly number[] = limits((k) =>
  LIFETIME * 8 ** k
);

function classOf(steps: number): number {
  return Math.max(0, Math.min(CLASSES - 1, Math.floor(steps) + 1));
}

function limits(limit: (k: number) => number): number[] {
  return Array.from({ length: CLASSES - 1 }, (_, k) => limit(k));
}
