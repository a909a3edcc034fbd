/**
 * Runs of the real musl.
 *
 * @module
 */
import { firstMisplaced, type Look } from "./placed.ts";

/** A run of the real malloc. */
export interface MuslRun {
  /** How the program is linked. */
  build: "static" | "dyn";
  /** What it writes into its blocks. */
  fill: "none" | "all";
  /** What it asked, in the `.rep` form. */
  trace: string;
  /** What it got. */
  output: string;
}

/**
 * Where the simulated heap differs from a run for the first time, in words;
 * undefined: nowhere. Resident pages are compared where all is written:
 * elsewhere they depend on what the kernel does at a read.
 */
export function firstMuslDifference(
  { build, fill, trace, output }: MuslRun,
  look?: Look,
): Promise<string | undefined> {
  const spec = `musl:build=${build}:fill=${fill}`;
  // The first request of a static program writes its own variables, too.
  const own = build === "static" ? 1 : 0;
  const ownPages = fill === "none" ? undefined : own;
  return firstMisplaced({ spec, trace, output }, look, ownPages);
}
