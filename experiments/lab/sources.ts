/**
 * Where the requests of the lab come from: a file, typed lines, a workload.
 *
 * @module
 */
import { prng } from "../laws/prng.ts";
import { openTrace } from "../traces/open_trace.ts";
import { readRep } from "../traces/rep_reader.ts";
import type { Trace } from "../traces/trace.ts";
import { WORKLOADS } from "../workloads/mod.ts";
import { unknownName, unknownNames } from "../../allocators/names.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { pointOf, traceOfCell } from "../experiment/requests.ts";
import type { Source } from "./protocol.ts";

/** Requests as OSTEP's malloc.py has them. */
const OSTEP = /^[+-]\d+(?:\s*,\s*[+-]\d+)*$/;
/** Bytes of a piece that is read at a time. */
const PIECE = 2 ** 20;

/**
 * The trace of `source`. Throws `SyntaxError` or `RangeError` with a line for
 * people, here or while it is read.
 */
export async function traceOf(
  source: Source,
  experiments: readonly Experiment[],
  allocator: string,
): Promise<Trace> {
  switch (source.kind) {
    case "file": {
      const bytes = new Uint8Array(source.bytes);
      return openTrace(source.name, () => piecesOf(bytes), { holds: "any" });
    }
    case "text":
      return typed(source.text);
    case "workload": {
      const workload = WORKLOADS.find(({ name }) => name === source.name);
      if (!workload) {
        const known = WORKLOADS.map(({ name }) => name);
        throw new RangeError(
          unknownName(`workload "${source.name}"`, source.name, known),
        );
      }
      return workload.build(source.parameters, prng(source.seed));
    }
    case "cell":
      return await traceOfExperiment(source, experiments, allocator);
  }
}

/** The trace that the cell of an experiment replays under `allocator`. */
function traceOfExperiment(
  { experiment: name, parameters, seed, files }: Source & { kind: "cell" },
  experiments: readonly Experiment[],
  allocator: string,
): Promise<Trace> {
  const experiment = experiments.find((one) => one.name === name);
  if (!experiment) {
    const known = experiments.map(({ name }) => name);
    throw new RangeError(
      unknownName(`experiment with a trace "${name}"`, name, known),
    );
  }
  const known = Object.keys(experiment.parameters);
  const unknown = unknownNames(
    Object.keys(parameters),
    known,
    (one) => `parameter "${one}" of ${name}`,
  );
  if (unknown !== undefined) throw new RangeError(unknown);
  const initial = Object.entries(experiment.parameters)
    .map(([one, { values }]) => [one, String(values.default[0])] as const);
  const key = {
    experiment: name,
    allocator,
    parameters: pointOf(experiment, [
      ...initial,
      ...Object.entries(parameters),
    ]),
    seed,
  };
  return traceOfCell(experiment, key, (path) => {
    const file = files.find(({ name }) => path.endsWith(`/${name}`));
    if (file) return Promise.resolve(new Blob([file.bytes]).stream());
    throw new RangeError(
      `This page has no data/${path}: make it by \`deno task lab data/${path}\``,
    );
  });
}

/** The trace of lines that somebody typed, `;` or line ends in between. */
export function typed(text: string): Trace {
  const lines = linesOf(text).map((line) => `${line}\n`).join("");
  return readRep("typed", () => [new TextEncoder().encode(lines)]);
}

/** The lines of a `.rep` trace that `text` stands for. */
export function linesOf(text: string): string[] {
  if (!OSTEP.test(text.trim())) {
    return text.split(/[;\n]/).map((op) => op.trim());
  }
  let objects = 0;
  return text.trim().split(",").map((op) => op.trim()).map((op) =>
    op.startsWith("+") ? `a ${objects++} ${op.slice(1)}` : `f ${op.slice(1)}`
  );
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    yield bytes.subarray(at, at + PIECE);
  }
}
