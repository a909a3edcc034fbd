/**
 * Every CSV of the quick run, byte by byte. What differs is written beside the
 * kept file as `x.changed.csv`; after an intended change `deno task golden`
 * replaces the kept files.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { GOLDEN, kept, quickRun } from "./golden/quick.ts";
import { processTest } from "./runner/lab.ts";

processTest("the quick run writes the golden files", async (folder) => {
  const now = await quickRun(folder);
  const golden = kept();
  assertEquals([...now.keys()], [...golden.keys()].sort(), "file names");
  const changed = [...now].filter(([name, text]) => golden.get(name) !== text);
  for (const [name, text] of changed) {
    const path = GOLDEN + name.replace(/\.csv$/, ".changed.csv");
    Deno.writeTextFileSync(path, text);
  }
  assert(changed.length === 0, `changed: ${changed.map(([name]) => name)}`);
});
