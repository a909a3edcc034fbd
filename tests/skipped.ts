/**
 * Tests that need more than every machine has.
 *
 * @module
 */

import type { Missing } from "../experiments/real/glibc.ts";

export type { Missing };

/**
 * Registers a test that works with `what`. Where that is missing the test is
 * ignored, so that it does not count as passed, and a line says why.
 */
export function testWith<What extends object>(
  what: What | Missing,
  name: string,
  body: (what: What) => Promise<void>,
): void {
  const isMissing = "why" in what;
  if (isMissing) console.log(`SKIPPED ${name}: ${what.why}`);
  Deno.test({ name, ignore: isMissing, fn: () => body(what as What) });
}

/** Which of `commands` may not be run; undefined if all may. */
export function mayNotRun(...commands: string[]): Missing | undefined {
  const denied = commands.find((command) =>
    Deno.permissions.querySync({ name: "run", command }).state !== "granted"
  );
  return denied === undefined ? undefined : { why: `may not run ${denied}` };
}
