/**
 * What a workload is: parameters and a stream of random numbers in, a trace
 * out, and nothing else.
 *
 * @module
 */
import type { Option, Options, Values } from "../../allocators/entry.ts";
import { unknownNames } from "../../allocators/names.ts";
import { parseLaw } from "../laws/distributions.ts";
import type { Value } from "../experiment/experiment.ts";
import type { Prng } from "../laws/prng.ts";
import { type Trace, TraceBuilder } from "../traces/trace.ts";

/** The most objects that a parameter can ask for, to be live at once. */
export const MOST_OBJECTS: number = 2 ** 22;

/** A workload as the list of workloads names it. */
export interface Workload {
  /** Lower case, digits, `_`. */
  name: string;
  /** One sentence. */
  summary: string;
  /** What can be set. */
  parameters: Options;
  /**
   * The trace; values not given take their fallback. Throws `RangeError` that
   * names an unknown parameter or what a value should be.
   */
  build(values: Readonly<Record<string, Value>>, draw: Prng): Trace;
}

/** Turns a typed workload into a list entry. */
export function define<O extends Options>(
  workload: Omit<Workload, "parameters" | "build"> & {
    parameters: O;
    build(values: Values<O>, draw: Prng): Trace;
  },
): Workload {
  const { name, parameters, build } = workload;
  return {
    ...workload,
    build: (values, draw) =>
      build(complete(name, parameters, values) as Values<O>, draw),
  };
}

/**
 * `values` with the fallbacks of what is not given; `RangeError` names an
 * unknown parameter of `name`, or what a value should be.
 */
export function complete(
  name: string,
  parameters: Options,
  values: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const complete = Object.fromEntries(
    Object.entries(parameters).map(([key, { fallback }]) => [key, fallback]),
  );
  const wrong = unknownNames(
    Object.keys(values),
    Object.keys(parameters),
    (key) => `parameter "${key}" of ${name}`,
  );
  if (wrong !== undefined) throw new RangeError(wrong);
  for (const [key, value] of Object.entries(values)) {
    const parameter = parameters[key]!;
    const parsed = parameter.parse(`${value}`);
    if (parsed === undefined) {
      throw new RangeError(
        `Bad parameter "${key}=${value}" of ${name}: expects ${parameter.expects}`,
      );
    }
    complete[key] = parsed;
  }
  return complete;
}

/** A parameter that is a law, as text. */
export function law(fallback: string, summary: string): Option<string> {
  return {
    summary,
    fallback,
    expects: "a law such as uniform:1:1999",
    parse: (text) => parseLaw(text) && text,
  };
}

/**
 * A trace that is made while it is read, in memory for a few blocks however
 * long it is. `play` begins anew for each reading, so it must fork its random
 * numbers; it yields when the builder is `ready`, at least every few thousand
 * operations.
 */
export function lazyTrace(
  name: string,
  play: (trace: TraceBuilder) => Iterable<void>,
): Trace {
  let names: readonly string[] = [];
  return {
    name,
    get names() {
      return names;
    },
    *blocks() {
      const trace = new TraceBuilder();
      names = trace.names;
      for (const _ of play(trace)) yield* trace.drain();
      yield* trace.drain(true);
    },
  };
}
