/**
 * What `deno task mutate` plants.
 *
 * @module
 */

/** A fault to plant: `find`, which occurs once in `symbol`, becomes `replace`. */
export interface Mutation {
  /** What is wrong afterwards. */
  fault: string;
  /** Path relative to the project. */
  file: string;
  /** A declaration of the file, or `Class.member`. */
  symbol: string;
  /** Text of the sound code. */
  find: string;
  /** Text of the faulty code. */
  replace: string;
  /** Arguments of `deno test` for this fault; by default the table's. */
  tests?: readonly string[];
}

/** Faults, and the tests that should notice them. */
export interface MutationTable {
  /** Name on the command line. */
  name: string;
  /** Arguments of `deno test`: paths relative to the project, a filter. */
  tests?: readonly string[];
  /** Instead of tests: a program that prints what it notices and exits with 1. */
  judge?: string;
  /** The faults. */
  mutations: readonly Mutation[];
  /** A short run takes every so many-th fault. */
  shortStep: number;
}

/** A fault of one piece of text. */
export function fault(
  words: string,
  [file, symbol]: readonly [file: string, symbol: string],
  find: string,
  replace: string,
): Mutation {
  return { fault: words, file, symbol, find, replace };
}
