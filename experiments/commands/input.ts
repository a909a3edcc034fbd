/**
 * Opens what a command line names as input.
 *
 * @module
 */
import { resolve } from "node:path";
import { isReadOnce, openFile } from "../runner/files.ts";
import type { ReadOptions } from "../traces/lines.ts";
import { formatOf, type OpenedTrace } from "../traces/open_trace.ts";
import type { Once } from "../runner/spool.ts";
import type { Lab } from "./command.ts";

/** The bytes of `file`, `-` being standard input; `Failure` if it cannot be read. */
export async function openInput(
  lab: Lab,
  file: string,
): Promise<ReadableStream<Uint8Array>> {
  return file === "-"
    ? lab.stdin()
    : await openFile(resolve(lab.cwd, file), file);
}

/** Says what was left out of `trace`, once it is read. */
export function noteLeftOut(
  lab: Lab,
  file: string,
  { leftOut, refused }: OpenedTrace,
): void {
  const note = (what: string, calls: number) => {
    if (calls > 0) lab.note(`Note: ${file}: left out, ${what}: ${calls}`);
  };
  note("of blocks that are not known", leftOut);
  note("as they were refused when they were recorded", refused);
}

/** Those of `files` that can be read only once: pipes, and standard input. */
export function readOnce(
  lab: Lab,
  files: readonly string[],
  options: ReadOptions,
): Once[] {
  return files.filter((file) => isOnce(lab, file))
    .map((path) => ({ path, open: () => openInput(lab, path), options }));
}

/** Whether one of `files` requests bytes; what can be read only once may. */
export async function requestsBytes(
  lab: Lab,
  files: readonly string[],
): Promise<boolean> {
  for (const file of files) {
    if (isOnce(lab, file)) return true;
    const { holds } = await formatOf(file, () => openInput(lab, file));
    if (holds === "bytes") return true;
  }
  return false;
}

function isOnce(lab: Lab, file: string): boolean {
  return file === "-" || isReadOnce(resolve(lab.cwd, file));
}
