/**
 * Inputs that can be read only once (standard input, pipes, devices) as files,
 * so that several cells can read them.
 *
 * They are parsed while they are copied: the first line that is wrong ends the
 * run, however much would follow.
 *
 * @module
 */
import type { ReadOptions } from "../traces/lines.ts";
import { openTrace } from "../traces/open_trace.ts";
import { Failure, Interrupted } from "./failure.ts";
import type { Folder } from "./folder.ts";

/** Bytes of the longest input that is copied: 4 GiB. */
export const MAX_SPOOL: number = 2 ** 32;

/** A trace that can be read only once. */
export interface Once {
  /** How cells name it. */
  path: string;
  /** Opens it. */
  open(): Promise<ReadableStream<Uint8Array>>;
  /** How it is read. */
  options?: ReadOptions;
}

/** Copies of inputs in a folder; they go when they are disposed of. */
export class Spool implements Disposable {
  /** The copy of each input, by the path that cells name. */
  readonly files: Map<string, string> = new Map();
  readonly #folder: Folder;
  readonly #most: number;

  /** Copies go to `folder`, each of `most` bytes at most. */
  constructor(folder: Folder, most: number = MAX_SPOOL) {
    this.#folder = folder;
    this.#most = most;
  }

  /**
   * Copies `input`. Throws `SyntaxError` with file and line, `Failure` if it
   * is too long, `Interrupted` as soon as `signal` says so.
   */
  async add(input: Once, signal: AbortSignal): Promise<void> {
    const stopped = Promise.withResolvers<never>();
    const stop = () => stopped.reject(new Interrupted("Interrupted"));
    signal.addEventListener("abort", stop);
    try {
      if (signal.aborted) stop();
      await Promise.race([this.#copy(input, signal), stopped.promise]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #copy(
    { path, open, options }: Once,
    signal: AbortSignal,
  ): Promise<void> {
    // A killed process leaves it behind; the next run sweeps it away.
    const copy = this.#folder.hidden(`.spool-${this.files.size}.tmp`);
    this.files.set(path, copy);
    const file = (await Deno.create(copy)).writable.getWriter();
    const most = this.#most;
    async function* copied(): AsyncGenerator<Uint8Array> {
      let bytes = 0;
      for await (const chunk of await open()) {
        signal.throwIfAborted();
        bytes += chunk.length;
        if (bytes > most) {
          throw new Failure(
            `${path} is longer than ${most} bytes: save it as a file first`,
          );
        }
        await file.write(chunk);
        yield chunk;
      }
    }
    try {
      const trace = openTrace(path, copied, { ...options, holds: "any" });
      for await (const _ of trace.blocks());
    } finally {
      await file.close();
    }
  }

  /** Removes the copies. */
  [Symbol.dispose](): void {
    for (const copy of this.files.values()) {
      try {
        Deno.removeSync(copy);
      } catch { /* it was not made */ }
    }
  }
}
