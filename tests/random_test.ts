/**
 * What experiments declare to be random, proved by a second seed: every cell
 * that is declared to draw nothing has the rows of the golden files, and of
 * those that draw some cell of each experiment has others.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { readParameters } from "../experiments/experiment/result_files.ts";
import { read } from "../experiments/measures/csv.ts";
import { EXPERIMENTS } from "../experiments/questions/mod.ts";
import { kept } from "./golden/quick.ts";
import { contents, ok, processTest } from "./runner/lab.ts";

const program = new URL("./golden/every_seed.ts", import.meta.url).pathname;
/** Not of single cells. */
const SHARED = /^(statistics|differences|claims)\.csv$/;

/** The rows of every cell but their seed, by cell; `parameters` of each. */
function cellsIn(files: ReadonlyMap<string, string>) {
  const cells = new Map<string, { parameters: string; rows: string[] }>();
  for (const [file, text] of [...files].sort()) {
    if (!/^[^/]+\.csv$/.test(file) || SHARED.test(file)) continue;
    for (const row of read(text).rows) {
      const [experiment, allocator, _, parameters, seed] = row;
      const key = `${experiment} ${allocator} ${parameters}`;
      const cell = cells.get(key) ?? { parameters: parameters!, rows: [] };
      cells.set(key, cell);
      cell.rows.push(`${file},${row.toSpliced(4, 1)}`);
      assert(seed !== "", key);
    }
  }
  return cells;
}

processTest("seeds matter where an experiment says so", async (folder) => {
  const args = ["experiments", "--scale", "quick", "--seed", "2"];
  await ok([...args, "--out", folder], { program });
  const one = cellsIn(kept());
  const two = cellsIn(contents(folder));
  assertEquals([...two.keys()].sort(), [...one.keys()].sort());
  for (const { name, random } of EXPERIMENTS) {
    let drawing = 0;
    let others = 0;
    for (const [key, { parameters, rows }] of one) {
      if (!key.startsWith(`${name} `)) continue;
      const point = Object.fromEntries(readParameters(parameters));
      const draws = typeof random === "function" ? random(point) : random;
      if (!draws) assertEquals(two.get(key)!.rows, rows, `${key} draws`);
      else {
        drawing++;
        if (`${two.get(key)!.rows}` !== `${rows}`) others++;
      }
    }
    assertEquals(others > 0, drawing > 0, `${name} draws nothing`);
  }
});
