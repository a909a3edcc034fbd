/**
 * Cells that failed, in words for whoever has to act.
 *
 * @module
 */
import { parametersText } from "../experiment/result_files.ts";
import { defect } from "./failure.ts";
import { type Job, nameOf } from "./job.ts";

/** An error as a worker tells it. */
interface Told {
  /** Class of the error. */
  error: string;
  message: string;
}

/** Why a cell failed, one line. */
export function failureText(job: Job, { error, message }: Told): string {
  const where = nameOf(job);
  const line = message.split("\n", 1)[0];
  if (job.module !== undefined) return `${where}: ${error}: ${line}`;
  if (error === "RangeError") { // most often a parameter, by another name
    const parameters = parametersText(job.key.parameters);
    return `${where}: ${line}${parameters && ` (${parameters})`}`;
  }
  return ["Failure", "SyntaxError"].includes(error)
    ? `${where}: ${line}`
    : defect(`${where}: ${error}: ${line}`);
}

/** A line for each experiment and allocator of which cells failed. */
export function failuresOf(jobs: readonly Job[]): string[] {
  const failed = jobs.filter((job) => job.failed !== undefined);
  return [...Map.groupBy(failed, nameOf).values()].map(([first, ...more]) =>
    first!.failed! + othersText(more.length)
  );
}

function othersText(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "; 1 more cell fails" : `; ${count} more cells fail`;
}
