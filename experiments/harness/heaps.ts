/**
 * The heaps that experiments compare unless their question needs others.
 *
 * @module
 */

/** Specs that serve any size and grow as they must. */
export const HEAPS: readonly string[] = [
  "first_fit",
  "best_fit",
  "next_fit",
  "worst_fit",
  "kingsley",
  "tlsf",
  "glibc",
];

/** A sequential fit as the literature has it: no headers, no alignment. */
export function pure(policy: string): string {
  return `${policy}:header=0:align=1`;
}
