/**
 * What experiments about containers share: the program, and how much of the
 * memory that its elements took comes back.
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
import { type Process, replayProcess } from "../../experiment/process.ts";
import { ENDINGS } from "../../workloads/containers/program.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { CONTAINER } from "../../workloads/containers/workload.ts";

/** How many elements. */
export const ELEMENTS: Parameter = {
  summary: "elements of the container",
  values: { quick: [20_000], default: [100_000], full: [1_000_000] },
};

/** Meaning of the measures of {@linkcode returns}. */
export const RETURN_COLUMNS: readonly Column[] = [
  bytes("filled_resident_bytes", "Resident memory that the elements added."),
  bytes("filled_footprint_bytes", "Footprint that the elements added."),
  ratio("element_bytes", "Footprint that each element added, on average."),
  ratio(
    "returned_ratio",
    "Share of the resident memory that the elements added which is returned when they go; a " +
      "program that erases them one by one then holds a copy of the keys.",
  ),
  ratio(
    "probed_ratio",
    "Share returned once 2000 bytes were requested and freed.",
  ),
  ratio(
    "trimmed_ratio",
    "Share returned after malloc_trim(0), where there is one.",
  ),
  bytes("footprint_fall_bytes", "Footprint returned when the elements went."),
  ratio("header_bytes", "Metadata that the elements added, per element."),
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
    workloadTrace(cell, CONTAINER, {
      ...values,
      trim: heap.control ? "on" : "off",
    });
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
