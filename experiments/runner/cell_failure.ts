/**
 * Cells that failed, in words for whoever has to act.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import { parametersText } from "../experiment/result_files.ts";
import { printable } from "../traces/lines.ts";
import { defect } from "./failure.ts";
import { type Job, nameOf } from "./job.ts";

/** Characters of a message that are shown. */
const MAX_LINE = 500;

/** An error as a worker tells it. */
interface Told {
  /** Class of the error; "": it was none. */
  error: string;
  message: string;
}

/** Why a cell failed, one line. */
export function failureText(job: Job, { error, message }: Told): string {
  const where = nameOf(job);
  const line = printable(message.split("\n", 1)[0]!, MAX_LINE);
  if (error === "") return `${where}: ${line}`;
  if (job.module !== undefined) return `${where}: ${printable(error)}: ${line}`;
  if (error === "RangeError") { // most often a parameter, by another name
    const parameters = parametersText(job.key.parameters);
    return `${where}: ${line}${parameters && ` (${parameters})`}`;
  }
  return ["Failure", "SyntaxError"].includes(error)
    ? `${where}: ${line}`
    : defect(`${where}: ${error}: ${line}`);
}

/**
 * A line for each experiment and allocator of which cells failed, and for each
 * module that cannot be used.
 */
export function failuresOf(jobs: readonly Job[]): string[] {
  const failed = jobs.filter((job) => job.failed !== undefined);
  return [...Map.groupBy(failed, subjectOf).values()].map(([first, ...more]) =>
    first!.failed! + (isBroken(first!) ? "" : othersText(more.length))
  );
}

function subjectOf(job: Job): string {
  return isBroken(job) ? job.failed! : nameOf(job);
}

/** Whether its module cannot be used at all. */
function isBroken(job: Job): boolean {
  return job.failed!.startsWith(`Cannot load ${job.module}: `);
}

function othersText(count: number): string {
  if (count === 0) return "";
  return `; ${plural(count, "more cell fails", "more cells fail")}`;
}
