/**
 * The recorded programs of the project.
 *
 * @module
 */
import type { Cell, Parameter } from "../experiment/experiment.ts";
import { readRep } from "../traces/rep_reader.ts";
import type { Trace } from "../traces/trace.ts";

/** Names of the programs. */
export const PROGRAMS: readonly string[] = [
  "cc1",
  "perl",
  "sqlite",
  "bash",
  "python",
];

/** The parameter that names one. */
export const PROGRAM: Readonly<Record<"program", Parameter>> = {
  program: {
    summary: "recorded program",
    values: { quick: ["python"], default: PROGRAMS },
  },
};

/** The requests of the program that the parameter {@linkcode PROGRAM} names. */
export function recordedTrace(cell: Cell): Promise<Trace> {
  return programTrace(cell, cell.choice("program", PROGRAMS));
}

/** The requests of a program, one of {@linkcode PROGRAMS}. */
export function programTrace(cell: Cell, program: string): Promise<Trace> {
  const file = `traces/${program}.rep.gz`;
  return cell.trace(file, () => readRep(file, () => cell.data(file)));
}
