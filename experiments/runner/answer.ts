/**
 * What becomes of a cell, as who ran it tells.
 *
 * @module
 */
import type { Kept } from "./kept.ts";

/** A cell that ran. */
export interface Ran {
  /** What it leaves besides its rows. */
  kept: Kept;
  /** Time it took. */
  seconds: number;
}

/** What became of a cell. */
export type Answer =
  | Ran
  | {
    /** The allocator cannot take part; why. */
    unsuitable: string;
  }
  | {
    /** Class of the error that ended it; "": it was not an error. */
    error: string;
    message: string;
  };
