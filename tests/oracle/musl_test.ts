/**
 * The simulated musl repeats recorded runs of the real one.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { firstMuslDifference } from "./musl.ts";
import { muslRuns } from "./musl_fixtures.ts";

Deno.test("recorded runs of the real musl are repeated", async (t) => {
  for await (const [name, run] of muslRuns()) {
    await t.step(name, async () => {
      const difference = await firstMuslDifference(run, (op, check) => {
        if (op % 100 === 0) check();
      });
      assertEquals(difference, undefined);
    });
  }
});
