/**
 * Whether a file can be written where somebody wants it, before it is made.
 *
 * @module
 */
import { dirname } from "node:path";
import { Failure, firstLine } from "../runner/failure.ts";

/** Throws `Failure` unless a file can be written at `path`; makes its folder. */
export function checkPlace(path: string): void {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    Deno.openSync(`${path}.tmp`, { write: true, create: true }).close();
    Deno.removeSync(`${path}.tmp`);
  } catch (error) {
    const why = error instanceof Deno.errors.NotCapable
      ? "only the folder that you call from and the project's data are open"
      : firstLine(error);
    throw new Failure(`Cannot write ${path}: ${why}`);
  }
}
