/**
 * Compares all recorded runs with the simulation. Prints the first that
 * differs and exits with 1, or prints nothing and exits with 0.
 *
 * @module
 */
import { fixtures, mismatch } from "./fixtures.ts";

/** The first mismatch, after it was printed; whether there was none. */
async function main(): Promise<boolean> {
  for await (const fixture of fixtures()) {
    try {
      const difference = mismatch(fixture);
      if (difference === undefined) continue;
      console.log(`${fixture.name}: ${difference}`);
    } catch (error) {
      console.log(`${fixture.name}: ${error}`);
    }
    return false;
  }
  return true;
}

if (import.meta.main) Deno.exit(await main() ? 0 : 1);
