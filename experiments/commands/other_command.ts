/**
 * Which command takes a file that another was given.
 *
 * @module
 */
import { kindIn } from "../kernel_text/explain.ts";
import { Failure } from "../runner/failure.ts";
import { UnknownFormat } from "../traces/format.ts";
import { FORMATS } from "../traces/formats.ts";

/** Characters of a line that tells that a file is a trace. */
const MAX_TELLING = 4096;

/** Throws `Failure` if the file that begins with `lines` is a trace. */
export function refuseTrace(file: string, lines: readonly string[]): void {
  const format = FORMATS.find(({ line }) =>
    lines.some((text) => text.length <= MAX_TELLING && line?.test(text.trim()))
  );
  if (!format) return;
  throw new Failure(
    `${file} is a trace (${format.name}): deno task run replay takes it`,
  );
}

/** `run`; what is no trace but can be explained is sent there. */
export async function orExplain(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const kind = error instanceof UnknownFormat && kindIn(error.lines);
    if (!kind) throw error;
    throw new Failure(
      `${error.file} is no trace but ${kind.name}: ` +
        "deno task run explain takes it",
    );
  }
}
