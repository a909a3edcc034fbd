/**
 * Real allocators and models as cells: the real ones answer from the recorded
 * table of `data/`, the models are run.
 *
 * @module
 */
import { combine, furthest, mean, near } from "../../experiment/claims.ts";
import type { Cell, Claim, Parameter } from "../../experiment/experiment.ts";
import { read } from "../../measures/csv.ts";
import type { Trace } from "../../traces/trace.ts";
import {
  REAL_TABLE,
  SAMPLES,
  SIDE_BY_SIDE,
  sideBySide,
} from "../../workloads/side_by_side.ts";

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

/** A model of a real allocator. */
interface Model {
  spec: string;
  /** Resident pages that both may be apart. */
  apart: number;
}

/**
 * Models of some of them, by the names of those. The recorded programs ran for
 * some 100 ns an operation. jemalloc's random offsets start from an address of
 * the process, and what it keeps depends on the time: 5.3.1 looks at it in steps
 * of 4 ms.
 */
export const MODELS: Readonly<Record<string, Model>> = {
  "glibc 2.36": { spec: "glibc:version=2.36", apart: 0 },
  "glibc 2.43": { spec: "glibc:version=2.43", apart: 0 },
  "jemalloc 5.3.0": { spec: "jemalloc:version=5.3.0:clock=100", apart: 8 },
  "jemalloc 5.3.1": { spec: "jemalloc:version=5.3.1:clock=100", apart: 32 },
  "musl 1.2.6": { spec: "musl", apart: 0 },
};

/** How the model of `real` is called, as no value may hold what a spec does. */
export function modelOf(real: string): string {
  return `model of ${real}`;
}

/** The spec of the model that the cell names. */
export function specOf(cell: Cell): string {
  const who = cell.text("who");
  return MODELS[who.replace(modelOf(""), "")]?.spec ?? who;
}

/** Bytes of a page. */
const PAGE = 4096;

/** A claim for each model: at `when` it has the resident pages of the real one. */
export function claimsOfModels(
  id: string,
  when: string,
  measure: string,
): Claim[] {
  return Object.entries(MODELS).map(([real, { apart }]) => ({
    id: `${id}-${real.replace(" ", "-")}`,
    statement: `${when} the simulated ${real} has as many resident pages as ` +
      (apart === 0 ? "the real one" : `the real one, give or take ${apart}`) +
      ": pages apart, the worst of eight workloads.",
    source: `${real} of Debian, recorded`,
    measured: furthest(
      0,
      SIDE_BY_SIDE.map((workload) =>
        combine(
          (one, other) => (one - other) / PAGE,
          mean(measure, { who: real, workload }),
          mean(measure, { who: modelOf(real), workload }),
        )
      ),
    ),
    expected: near(0, apart),
  }));
}

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
