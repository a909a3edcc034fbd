/**
 * The requests that a cell replays, without the replay.
 *
 * A cell asks for its trace before its heap serves a request, as the trace may
 * not depend on the allocator. A cell that plays against its allocator asks
 * where to write what it requests instead: it is played then. Whoever asks the
 * heap first has no requests that could be told.
 *
 * @module
 */
import { parseSpec, type Spec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { type Trace, TraceBuilder } from "../traces/trace.ts";
import { cellOf } from "./cell.ts";
import type { Cell, CellKey, Experiment, Point } from "./experiment.ts";

/** Ends a run that has told what it was run for. */
class Stopped extends Error {}

/** Whether cells of `experiment` replay a trace, or one that is played can be told. */
export async function hasTrace(experiment: Experiment): Promise<boolean> {
  const { name, allocators: [allocator = ""] } = experiment;
  const parameters = Object.fromEntries(
    Object.entries(experiment.parameters).map(([name, { values }]) =>
      [name, values.default[0]!] as const
    ),
  );
  let isAsked = false;
  const key = { experiment: name, allocator, parameters, seed: 1 };
  const cell = withoutHeaps(key, () => Promise.reject(new Stopped()), () => {
    isAsked = true;
    return Promise.reject(new Stopped());
  }, () => isAsked = true);
  try {
    await experiment.run(cell);
  } catch { /* it was stopped, or lacks what only a run has */ }
  return isAsked;
}

/**
 * The trace of the cell of `key`, or what it requests of its own allocator.
 * `data` opens files of the `data/` folder.
 *
 * Throws `RangeError` if the cell replays none, or if a parameter is wrong.
 */
export async function traceOfCell(
  experiment: Experiment,
  key: CellKey,
  data: Cell["data"],
): Promise<Trace> {
  let trace: Trace | undefined;
  let plays = false;
  const cell = withoutHeaps(key, data, async (_, make) => {
    trace = await make();
    throw new Stopped();
  }, () => plays = true);
  try {
    await experiment.run(cell);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  if (trace) return trace;
  if (plays) return await played(experiment, key);
  throw new RangeError(
    `${key.experiment} does not replay one trace with one allocator`,
  );
}

/** What the cell of `key` requests of its allocator. */
async function played(experiment: Experiment, key: CellKey): Promise<Trace> {
  const cell = cellOf(key, { spec, open: noFile, data: noFile });
  const record = new TraceBuilder();
  await experiment.run({ ...cell, record: () => record });
  return record.build(`${experiment.name} against ${key.allocator}`);
}

function noFile(path: string): Promise<never> {
  return Promise.reject(new RangeError(`${path}: not a file of the project`));
}

function spec(text: string): Spec {
  return parseSpec(text, ALLOCATORS);
}

/** Parameters of `experiment` from texts: values that it declares, or numbers. */
export function pointOf(
  { parameters }: Pick<Experiment, "parameters">,
  texts: Iterable<readonly [string, string]>,
): Point {
  return Object.fromEntries(
    [...texts].map(([name, text]) => {
      const declared = Object.values(parameters[name]?.values ?? {}).flat()
        .find((value) => String(value) === text);
      const number = Number(text);
      return [
        name,
        declared ?? (String(number) === text ? number : text),
      ] as const;
    }),
  );
}

/** What makes a heap or a page allocator serve. */
const SERVES = [
  "malloc",
  "calloc",
  "memalign",
  "realloc",
  "free",
  "allocPages",
  "freePages",
];

/** A cell whose heaps can be made, and serve nothing; `play` hears if it is a game. */
function withoutHeaps(
  key: CellKey,
  data: Cell["data"],
  trace: Cell["trace"],
  play: () => void,
): Cell {
  const cell = cellOf(key, { spec, open: noFile, data, trace });
  return {
    ...cell,
    heap(...given) {
      const made = cell.heap(...given);
      return { ...made, heap: still(made.heap) };
    },
    record() {
      play();
      throw new Stopped();
    },
    pages: (...given) => still(cell.pages(...given)),
  };
}

/** `served` itself, but for serving, which ends the run. */
function still<T extends object>(served: T): T {
  return new Proxy(served, {
    get(target, name) {
      if (SERVES.includes(String(name))) throw new Stopped();
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
