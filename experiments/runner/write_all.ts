/**
 * Writes that take what they are given, whole.
 *
 * @module
 */

/** Milliseconds to wait for a full pipe that does not block. */
const PATIENCE = 2;

/** Writes all of `what` to `to`, at most `most` bytes at a time. */
export function writeAll(
  to: { writeSync(bytes: Uint8Array): number },
  what: string | Uint8Array,
  most = Infinity,
): void {
  const bytes = typeof what === "string"
    ? new TextEncoder().encode(what)
    : what;
  for (let done = 0; done < bytes.length;) {
    try {
      done += to.writeSync(bytes.subarray(done, done + most));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE);
    }
  }
}
