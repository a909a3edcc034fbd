/**
 * What experiments about containers have in common: the program, and how much
 * of the memory that the elements took comes back.
 *
 * @module
 */
import type { Allocator } from "../../../allocators/allocator.ts";
import {
  bytes,
  type Column,
  ratio,
  type Sample,
} from "../../measures/columns.ts";
import type { Cell, Outcome, Parameter } from "../../experiment/experiment.ts";
import { atEndOf, gain } from "../../measures/phases.ts";
import { prng } from "../../laws/prng.ts";
import { type Process, replayProcess } from "../../experiment/process.ts";
import { ENDINGS } from "../../workloads/containers/program.ts";
import { CONTAINER } from "../../workloads/containers/workload.ts";

/** How many elements. */
export const ELEMENTS: Parameter = {
  summary: "elements of the container",
  values: { quick: [20_000], default: [100_000], full: [1_000_000] },
};

/** Meaning of the measures of {@linkcode returns}. */
export const RETURN_COLUMNS: readonly Column[] = [
  bytes("filled_resident_bytes", "Growth of resident memory by all elements."),
  bytes("filled_footprint_bytes", "Growth of the footprint by all elements."),
  ratio("element_bytes", "filled_footprint_bytes per element."),
  ratio(
    "returned_ratio",
    "Share of the growth returned as elements went; a program that erases " +
      "them one by one holds a copy of the keys then.",
  ),
  ratio(
    "probed_ratio",
    "The same after a request of 2000 bytes came and went.",
  ),
  ratio("trimmed_ratio", "The same after malloc_trim(0), if there is one."),
  bytes("footprint_fall_bytes", "Fall of the footprint as elements went."),
  ratio("header_bytes", "Growth of metadata by all elements, per element."),
];

/** Runs the program of the cell; `preset` values come before its parameters. */
export function runContainer(
  cell: Cell,
  preset: Readonly<Record<string, string>> = {},
  atPhase?: Parameters<typeof replayProcess>[2],
): Promise<Process> {
  const known = Object.entries(cell.parameters).filter(([key]) =>
    Object.hasOwn(CONTAINER.parameters, key)
  );
  const values = { probe: 2000, ...preset, ...Object.fromEntries(known) };
  const traceFor = (heap: Allocator) =>
    CONTAINER.build(
      { ...values, trim: heap.control ? "on" : "off" },
      prng(cell.seed),
    );
  return replayProcess(cell, traceFor, atPhase);
}

/** The outcome of a run, with shares of the growth in resident memory. */
export function returns(cell: Cell, { samples }: Process): Outcome {
  const gone = samples.find(({ phase }) => ENDINGS.some((e) => e === phase))!;
  const start = atEndOf("start", samples);
  const filled = atEndOf("insert", samples);
  const grown = (sample: Sample) =>
    sample.resident_bytes! - start.resident_bytes!;
  const returned = (sample: Sample) => 1 - grown(sample) / grown(filled);
  const probed = atEndOf("probe", samples);
  const trimmed = samples.find(({ phase }) => phase === "trim");
  const elements = cell.number("elements");
  const footprint = gain("footprint_bytes", start, filled);
  return {
    workload: CONTAINER.name,
    samples,
    measures: {
      filled_resident_bytes: grown(filled),
      filled_footprint_bytes: footprint,
      element_bytes: footprint / elements,
      header_bytes: gain("metadata_bytes", start, filled) / elements,
      returned_ratio: returned(gone),
      probed_ratio: returned(probed),
      trimmed_ratio: returned(trimmed ?? probed),
      footprint_fall_bytes: gain("footprint_bytes", gone, filled),
    },
  };
}
