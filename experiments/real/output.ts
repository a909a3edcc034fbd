/**
 * What `replay.c` prints, which tells its lines.
 *
 * @module
 */
import type { Instant } from "../replay/resident.ts";

const PAGE = 4096;
const KILOBYTE = 1024;

/** What a run says of the process it ran in. */
export interface Process {
  /** The allocator by its own account, or that of the C library. */
  version: string;
  /** Whether addresses are randomised. */
  randomized: boolean;
  /** Huge pages of the machine: always, madvise or never. */
  hugePages: string;
}

/** What a replay cost in memory. */
export interface MemoryRun {
  process: Process;
  /** In the order of operations; the first is before all of them. */
  curve: readonly Instant[];
  /** Anonymous resident bytes before the first operation. */
  start: number;
  /** Most bytes in huge pages at the exact samples. */
  huge: number;
  /** Requests that were refused. */
  failures: number;
  /** Lines that tell its address space before the first request. */
  space: string;
  /** Resident bytes after all is freed, idling, a little work, a purge. */
  phases: ReadonlyMap<string, number>;
}

/** The words of every line. */
export type Rows = readonly (readonly string[])[];

/** The lines of `text`. */
export function rowsOf(text: string): Rows {
  return text.split("\n").map((line) => line.split(" "));
}

/**
 * What is wrong with where the functions lie, in words: they should be in
 * `object`, or in any C library if it is undefined. `realPath` follows links.
 */
export function strayOf(
  rows: Rows,
  object: string | undefined,
  realPath: (path: string) => string | undefined,
): string | undefined {
  const places = rows.filter(([key]) => key === "A")
    .map(([, name, ...path]) => ({ name: name!, path: path.join(" ") }));
  if (places.length === 0) return "it does not start";
  const stray = places.find(({ path }) =>
    object === undefined
      ? !/\/libc[.-][^/]*so/.test(path)
      : path !== object && realPath(path) !== object
  );
  return stray && `${stray.name} is that of ${stray.path}`;
}

/** What a replay cost; `version` where the allocator has no word for it. */
export function memoryRun(rows: Rows, version?: string): MemoryRun {
  const curve: Instant[] = [];
  const phases = new Map<string, number>();
  let [start, firstFaults, huge, failures] = [0, 0, 0, 0];
  let phase: string | undefined;
  for (const [key, ...words] of rows) {
    if (key === "F") phase = words[0];
    const numbers = words.map(Number);
    if (key === "E") huge = Math.max(huge, numbers[2]! * KILOBYTE);
    if (key !== "S") continue;
    const [op, live, pages, faults, refused] = numbers as [
      number,
      number,
      number,
      number,
      number,
    ];
    if (phase !== undefined) {
      phases.set(phase, pages * PAGE - start);
      continue;
    }
    if (op === 0) { // the second of two: files have been opened
      [start, firstFaults] = [pages * PAGE, faults];
      curve.length = 0;
    }
    failures = refused;
    const resident = pages * PAGE - start;
    curve.push({ op, live, resident, faults: faults - firstFaults });
  }
  const process = processOf(rows, version);
  const space = rows.filter(([key]) => /^[VDPX]$/.test(key!))
    .map((words) => words.join(" ")).join("\n");
  return { process, curve, start, huge, failures, space, phases };
}

/** What the process says of itself; `version` if its allocator has no word. */
export function processOf(rows: Rows, version?: string): Process {
  const after = (key: string) =>
    rows.find(([first]) => first === key)!.slice(1);
  return {
    version: version ?? versionOf(after("N")),
    randomized: after("R")[0] === "1",
    hugePages: after("H")[0]!,
  };
}

/** `mimalloc 209` is 2.0.9, `jemalloc 5.3.0-0-g54eaed1d8b5...` is 5.3.0. */
function versionOf([name, ...words]: readonly string[]): string {
  const version = words.at(-1)!;
  if (name !== "mimalloc") {
    return `${name} ${version.replace(/-\d+-g[\da-f]+$/, "")}`;
  }
  const digits = /^(\d)(\d)(\d)$/.exec(version) ??
    /^(\d+)(\d\d)(\d\d)$/.exec(version) ?? [];
  return `mimalloc ${digits.slice(1).map(Number).join(".")}`;
}
