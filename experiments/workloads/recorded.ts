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
    summary: "the recorded program",
    values: { quick: ["python"], default: PROGRAMS },
  },
};

/** The requests of the program that `cell` names. */
export function recordedTrace(cell: Cell): Trace {
  const file = `traces/${cell.text("program")}.rep.gz`;
  return readRep(file, () => cell.data(file));
}
