/**
 * Real allocators and models as cells: the real ones answer from the recorded
 * table of `data/`, the models are run.
 *
 * @module
 */
import type { Cell, Parameter } from "../../experiment/experiment.ts";
import { read } from "../../measures/csv.ts";
import type { Trace } from "../../traces/trace.ts";
import {
  REAL_TABLE,
  SAMPLES,
  SIDE_BY_SIDE,
  sideBySide,
} from "../../workloads/side_by_side.ts";

/** Pages that a real process writes beside its heap: variables of the C library. */
export const OTHER_PAGES = 8;

/** The real ones, as the recorded table calls them. */
export const REAL: readonly string[] = [
  "glibc 2.36",
  "glibc 2.43",
  "jemalloc 5.3.0",
  "jemalloc 5.3.1",
  "mimalloc 2.0.9",
  "mimalloc 3.6.0",
  "tcmalloc 2.10",
  "tcmalloc 2.18.1",
  "musl 1.2.6",
];

/** Specs of models of some of them, by the names of those. */
export const MODELS: Readonly<Record<string, string>> = {
  "glibc 2.36": "glibc:version=2.36",
  "glibc 2.43": "glibc:version=2.43",
  "musl 1.2.6": "musl",
};

/** How the model of `real` is called, as no value may hold what a spec does. */
export function modelOf(real: string): string {
  return `model of ${real}`;
}

/** The spec of the model that the cell names. */
export function specOf(cell: Cell): string {
  const who = cell.text("who");
  return MODELS[who.replace(modelOf(""), "")] ?? who;
}

/** Bytes of a page. */
export const PAGE = 4096;

/** The parameters of both experiments; `others` are models of none of them. */
export function subjects(
  others: readonly string[],
): Readonly<Record<"who" | "workload", Parameter>> {
  return {
    who: {
      summary: "a real allocator with its version, a model of it, or a spec",
      values: {
        default: [...REAL, ...Object.keys(MODELS).map(modelOf), ...others],
      },
    },
    workload: {
      summary: "a recorded program; map, churn or lifetimes as they come",
      values: { quick: ["python", "map"], default: SIDE_BY_SIDE },
    },
  };
}

/** What the recorded table says of a cell. */
export interface Recorded {
  /** The row of its real allocator, without words; undefined: it is a model. */
  row: Readonly<Record<string, number>> | undefined;
  /** Operations between the samples of its workload. */
  every: number;
}

/** Looks the cell up; `RangeError` if the table lacks what it needs. */
export async function recordedOf(cell: Cell): Promise<Recorded> {
  const stream = await cell.data(REAL_TABLE);
  const { names, rows } = read(await new Response(stream).text());
  const [workload, who] = [cell.text("workload"), cell.text("who")];
  const all = rows
    .map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]!])))
    .filter((row) => row.workload === workload);
  const row = all.find(({ allocator }) => allocator === who);
  if (all.length === 0 || (!row && REAL.includes(who))) {
    throw new RangeError(`data/${REAL_TABLE} has no ${who} on ${workload}`);
  }
  const numbers = row && Object.fromEntries(
    Object.entries(row).filter(([, text]) => text !== "")
      .map(([name, text]): [string, number] => [name, Number(text)])
      .filter(([, value]) => !Number.isNaN(value)),
  );
  const every = Math.ceil(Number(all[0]!.operations) / SAMPLES);
  return { row: numbers, every };
}

/** The requests of the cell. */
export function requestsOf(cell: Cell): Promise<Trace> {
  const name = cell.choice("workload", SIDE_BY_SIDE);
  const file = `side by side: ${name}`;
  return cell.trace(
    file,
    () => Promise.resolve(sideBySide(name, (path) => cell.data(path))),
  );
}
