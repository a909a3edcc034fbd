/**
 * The simulated jemalloc repeats recorded runs of the real one.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import runs from "./fixtures/jemalloc.gz" with { type: "bytes" };
import { gunzip } from "./fixtures.ts";
import { generateFor } from "./generate_jemalloc.ts";
import { firstMisplaced } from "./placed.ts";

Deno.test("recorded runs of the real jemalloc are repeated", async (t) => {
  const all = (await gunzip(runs)).split(/^= /m).slice(1);
  assert(all.length > 15);
  for (const text of all) {
    const end = text.indexOf("\n");
    const name = text.slice(0, end);
    const [kind = "", seed, steps, spec = ""] = name.split(" ");
    await t.step(name, async () => {
      const trace = generateFor(kind, Number(seed), Number(steps));
      const output = text.slice(end + 1);
      const run = { spec, trace, output };
      const difference = await firstMisplaced(run, (op, check) => {
        if (op % 500 === 0) check();
      });
      assertEquals(difference, undefined);
    });
  }
});
