/**
 * Containers of a million elements against recorded C++ programs; the others
 * of the recordings are compared by tests/oracle/prove_phases.ts.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { ownPages, RECORDINGS } from "./recorded_programs.ts";

/** Recordings that take a few seconds each, and differ little from others. */
const LONG = [
  "std map ordered_pin",
  "std map ordered",
  "std map rand",
  "std map ordered_rerase",
  "std smap rand",
  "pool map ordered",
  "pool map rand",
  "pool map ordered_erase",
  "pool map ordered_pin",
  "pool map ordered_rerase",
  "pool smap rand",
];

for (const { name, recorded, simulate } of RECORDINGS) {
  if (LONG.includes(name)) continue;
  Deno.test(`recorded program: ${name}`, async () => {
    const simulated = await simulate();
    assertEquals(simulated.figures, recorded.figures);
    const own = ownPages(recorded, simulated);
    assert(Math.max(...own) - Math.min(...own) <= 8, `${own}`);
    assert(Math.min(...own) >= 0 && Math.max(...own) <= 300, `${own}`);
  });
}
