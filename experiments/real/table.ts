/**
 * What was measured, as text, as CSV and as JSON.
 *
 * @module
 */
import {
  bytes,
  type Column,
  count,
  ratio,
  type Row,
} from "../measures/columns.ts";
import { columnsOf, header, lines } from "../measures/csv.ts";
import type { Middle } from "../measures/statistics.ts";
import { textTable } from "../measures/text_table.ts";
import { labelOf, type Measured } from "./measure.ts";

const KIB = 1024;

/** The table of all allocators, for a terminal. */
export function tableText(all: readonly Measured[]): string {
  const rows = tableRows(all);
  const numbers = rows[0]!.slice(2).map(() => "right" as const);
  return textTable(rows, ["left", "left", ...numbers]);
}

/** The cells of the table, names of columns first; two columns hold words. */
export function tableRows(all: readonly Measured[]): string[][] {
  const huge = all.some(({ huge = 0 }) => huge > 0);
  const failed = all.some(({ failures }) => failures > 0);
  const head = [
    "allocator",
    "version",
    "peak/live",
    "mean/live",
    "end KiB",
    "faults",
    "ns per operation",
    `to ${all[0]!.name}`,
  ];
  if (huge) head.push("huge KiB", "peak/live without");
  if (failed) head.push("refused");
  const rows = all.map((one) => [
    one.name,
    one.simulated ? "model" : one.version!,
    middleText(one.peak, 3),
    middleText(one.mean, 3),
    number(one.end / KIB),
    one.faults === undefined ? "" : number(one.faults),
    middleText(one.nanoseconds, 1),
    middleText(one.ratio, 2),
    ...(huge
      ? [
        one.huge === undefined ? "" : number(one.huge / KIB),
        one.peakWithoutHuge?.toFixed(3) ?? "",
      ]
      : []),
    ...(failed ? [number(one.failures)] : []),
  ]);
  return [head, ...rows];
}

/** `1.07`, or `17.2 (16.9..18.1)` where the ends of the interval differ. */
function middleText(middle: Middle | undefined, digits: number): string {
  if (middle === undefined) return "";
  const median = middle.median.toFixed(digits);
  const ends = middle.interval?.map((end) => end.toFixed(digits)) ?? [];
  return ends.every((end) => end === median)
    ? median
    : `${median} (${ends.join("..")})`;
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** The columns of {@linkcode rowOf}; before them `allocator` and `version`. */
export const COLUMNS: readonly Column[] = [
  ratio("peak_per_live", "Most resident bytes over most live bytes."),
  ratio("peak_per_live_low", "Low end of its 95 % interval."),
  ratio("peak_per_live_high", "High end of it."),
  ratio("mean_per_live", "Mean resident bytes over mean live bytes."),
  bytes("end_bytes", "Resident bytes after the last request."),
  bytes("start_bytes", "Resident bytes before the first, not counted above."),
  count("faults", "fault", "Minor page faults."),
  count("failures", "request", "Requests that were refused."),
  bytes("huge_bytes", "Most bytes in huge pages."),
  ratio("peak_per_live_small_pages", "Peak over live with huge pages off."),
  ratio("ns_per_operation", "CPU nanoseconds per request, no payload written."),
  ratio("ns_low", "Low end of its 95 % interval."),
  ratio("ns_high", "High end of it."),
  ratio("ns_to_first", "The same over that of the first allocator."),
  ratio("ns_to_first_low", "Low end of its 95 % interval."),
  ratio("ns_to_first_high", "High end of it."),
];

/** One allocator as a row. */
export function rowOf(one: Measured): Row {
  const ends = (middle?: Middle) =>
    middle && (middle.interval ?? [middle.median, middle.median]);
  return {
    allocator: one.name,
    version: one.simulated ? "model" : one.version,
    peak_per_live: one.peak.median,
    peak_per_live_low: ends(one.peak)?.[0],
    peak_per_live_high: ends(one.peak)?.[1],
    mean_per_live: one.mean.median,
    end_bytes: one.end,
    start_bytes: one.start,
    faults: one.faults,
    failures: one.failures,
    huge_bytes: one.huge,
    peak_per_live_small_pages: one.peakWithoutHuge,
    ns_per_operation: one.nanoseconds?.median,
    ns_low: ends(one.nanoseconds)?.[0],
    ns_high: ends(one.nanoseconds)?.[1],
    ns_to_first: one.ratio?.median,
    ns_to_first_low: ends(one.ratio)?.[0],
    ns_to_first_high: ends(one.ratio)?.[1],
  };
}

/** All rows as CSV. */
export function tableCsv(all: readonly Measured[]): string {
  return csvOf(all.map(rowOf));
}

/** Resident and live bytes of all over time, as CSV. */
export function curvesCsv(all: readonly Measured[]): string {
  return csvOf(
    all.flatMap((one) =>
      one.curve.map(({ op, live, resident, faults }) => ({
        allocator: labelOf(one),
        op,
        live_bytes: live,
        resident_bytes: resident,
        faults,
      }))
    ),
  );
}

function csvOf(rows: readonly Row[]): string {
  const columns = columnsOf(rows, COLUMNS);
  return header(columns) + lines(columns, rows);
}
