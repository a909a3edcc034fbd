/**
 * The recorded table of real allocators: what each makes of the requests that
 * models are compared on, and what it gives back afterwards.
 *
 * @module
 */
import { bytes, type Column, count, ratio } from "../measures/columns.ts";
import { header, lines } from "../measures/csv.ts";
import { overLive } from "../replay/resident.ts";
import { SAMPLES } from "../workloads/side_by_side.ts";
import type { Replayer } from "./replayer.ts";

/** Seconds to idle: more than the 10 after which jemalloc's pages decay. */
const IDLE = 11;

const word = (name: string, description: string): Column => ({
  name,
  type: "string",
  unit: "",
  description,
});

const COLUMNS: readonly Column[] = [
  word("workload", "The requests."),
  word("allocator", "Who served them, with its version."),
  count("operations", "request", "How many they are."),
  ratio("peak_per_live", "Most resident bytes over most live bytes."),
  ratio("peak_per_live_small_pages", "The same with huge pages off."),
  ratio("mean_per_live", "Mean resident bytes over mean live bytes."),
  bytes("peak_bytes", "Most resident bytes."),
  bytes("end_bytes", "Resident bytes after the last request."),
  bytes("freed_bytes", "Resident bytes once all is freed."),
  bytes("idle_bytes", `Resident bytes ${IDLE} seconds later.`),
  bytes(
    "work_bytes",
    "Resident bytes after 10,000 small blocks, one at a time.",
  ),
  bytes("purged_bytes", "Resident bytes after the allocator's own purge."),
];

/** One workload as a file. */
export interface Workload {
  name: string;
  file: string;
  operations: number;
}

/** The first line. */
export function tableHeader(): string {
  return header(COLUMNS);
}

/**
 * The lines of one workload. What is measured while programs work is measured
 * one after the other; they idle together.
 */
export async function tableLines(
  { name, file, operations }: Workload,
  replayers: readonly Replayer[],
): Promise<string> {
  const every = Math.ceil(operations / SAMPLES);
  const manner = { every, exactly: operations };
  const working = [];
  for (const one of replayers) {
    const run = await one.memory(file, manner);
    const small = await one.memory(file, { ...manner, hugePages: false });
    working.push({ run, small });
  }
  const idling = await Promise.all(
    replayers.map((one) => one.memory(file, { ...manner, idle: IDLE })),
  );
  return lines(
    COLUMNS,
    working.map(({ run, small }, i) => {
      const { peak, mean } = overLive(run.curve);
      const { phases } = idling[i]!;
      return {
        workload: name,
        allocator: run.process.version,
        operations,
        peak_per_live: peak,
        peak_per_live_small_pages: overLive(small.curve).peak,
        mean_per_live: mean,
        peak_bytes: Math.max(...run.curve.map(({ resident }) => resident)),
        end_bytes: run.curve.at(-1)!.resident,
        freed_bytes: phases.get("freed"),
        idle_bytes: phases.get("idle"),
        work_bytes: phases.get("work"),
        purged_bytes: phases.get("purged"),
      };
    }),
  );
}
