/**
 * The conformance suite over the whole registry: every entry as it comes, and
 * every spec that an entry names as worth knowing.
 *
 * @module
 */
import { parseSpec } from "../allocators/entry.ts";
import { ALLOCATORS } from "../allocators/registry.ts";
import { CONFORMANCE } from "../experiments/harness/conformance.ts";
import { lottery } from "../experiments/harness/conformance.ts";

for (const entry of ALLOCATORS) {
  for (const text of [entry.name, ...entry.examples ?? []]) {
    Deno.test(`${text} conforms`, async (t) => {
      const { values } = parseSpec(text, ALLOCATORS);
      for (const check of CONFORMANCE) {
        await t.step(check.name, () => {
          check.run((source) =>
            entry.create(values, { source, draw: lottery(1) })
          );
        });
      }
    });
  }
}
