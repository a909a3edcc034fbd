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
 * What the real musl in `folder` prints for the trace in `file`, with resident
 * pages every so many operations; undefined if it is not there.
 */
export async function placesOf(
  folder: string,
  { build, fill }: Pick<MuslRun, "build" | "fill">,
  file: string,
  every: number,
): Promise<string | undefined> {
  const program = `${folder}/place_${build}`;
  const writes = fill === "all" ? ["-w"] : [];
  const args = ["-R", "-x", "-s", String(every), ...writes, file];
  try {
    const { code, stdout } = await new Deno.Command(program, { args }).output();
    if (code !== 0) throw new Error(`${program} ends with ${code}`);
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
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
