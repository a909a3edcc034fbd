/**
 * The requests of a cell, as a workload makes them.
 *
 * @module
 */
import type { Cell, Value } from "./experiment.ts";
import { type Prng, prng } from "../laws/prng.ts";
import type { Trace } from "../traces/trace.ts";

/** What makes a trace from the values of its parameters. */
export interface Builder {
  /** Its name, unique in the project. */
  name: string;
  /** The trace. */
  build(values: Readonly<Record<string, Value>>, draw: Prng): Trace;
}

/**
 * The trace that `workload` makes from `values`, by default the parameters of
 * `cell`, and from its seed.
 */
export function workloadTrace(
  cell: Cell,
  workload: Builder,
  values: Readonly<Record<string, Value>> = cell.parameters,
): Promise<Trace> {
  const { seed } = cell;
  const name = JSON.stringify([workload.name, values, seed]);
  return cell.trace(name, () => workload.build(values, prng(seed)));
}
