/**
 * Finished cells: in memory or not, in files of many, and what several of them
 * say together.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { CellFile } from "../../experiments/runner/cell_file.ts";
import { Gather } from "../../experiments/runner/gather.ts";
import type { Kept } from "../../experiments/runner/kept.ts";
import type { Summary } from "../../experiments/runner/manifest.ts";
import { NewCell } from "../../experiments/runner/new_cell.ts";
import type { Grid } from "../../experiments/runner/plan.ts";
import { differences, statistics } from "../../experiments/runner/seeds.ts";
import { scratch } from "../../experiments/runner/folder.ts";
import { processTest } from "./lab.ts";

const KEPT: Kept = {
  experiment: "e",
  allocator: "a",
  parameters: {},
  seed: 1,
  workload: "w",
  measures: { n: 1 },
  inputs: {},
  tables: {},
};

processTest("rows of any length come back, cell by cell", (folder) => {
  using file = new CellFile(scratch(folder));
  const sizes = [0, 10, 2 ** 20, 2 ** 20 + 1, 3 * 2 ** 20 + 7];
  for (const [i, size] of sizes.entries()) {
    const cell = new NewCell(() => scratch(folder));
    for (let left = size; left > 0; left -= 100_000) {
      cell.write(new Uint8Array(Math.min(left, 100_000)).fill(65 + i));
    }
    const kept = { ...KEPT, tables: { "": { bytes: size } } };
    assert(cell.fits(kept));
    assert(!cell.fits({ ...kept, tables: { "": { bytes: size + 1 } } }));
    file.append(`${i}`, kept, cell);
    cell.discard();
  }
  assertEquals([...Deno.readDirSync(folder)], [], "nobody sees these files");
  const found = [...file.cells()];
  assertEquals(found.map(({ id }) => Number(id)), sizes.map((_, i) => i));
  for (const [i, cell] of found.entries()) {
    let bytes = 0;
    const isWhole = file.rows(cell, (table, piece) => {
      assertEquals(table, "");
      assert(piece.every((byte) => byte === 65 + i));
      bytes += piece.length;
    });
    assertEquals([isWhole, bytes], [true, sizes[i]]);
  }
  return Promise.resolve();
});

Deno.test("small writes become large ones, in order", () => {
  const written: number[][] = [];
  const gather = new Gather((bytes) => written.push([...bytes]));
  const sizes = [1, 100, 2 ** 17 - 50, 2 ** 17 + 1, 3];
  sizes.forEach((size, i) => gather.write(new Uint8Array(size).fill(i)));
  gather.flush();
  gather.flush();
  assertEquals(written.map(({ length }) => length), [
    101,
    2 ** 17 - 50,
    2 ** 17 + 1,
    3,
  ]);
  const all = sizes.flatMap((size, i) => Array(size).fill(i));
  assertEquals(written.flat().join(), all.join());
});

const GRID: Grid = {
  experiment: "e",
  scale: "default",
  allocators: ["a", "b", "c"],
  parameters: { x: [1, 2, 3], y: ["u", "v"] },
  random: true,
  seeds: [1, 2],
};

/** The cells of {@linkcode GRID} but for the points that `lacks` names. */
function cells(lacks: Readonly<Record<string, string>>): Summary[] {
  return GRID.allocators.flatMap((allocator, a) =>
    [1, 2, 3].flatMap((x) =>
      ["u", "v"].filter((y) => !(lacks[allocator] ?? "").includes(`${x}${y}`))
        .flatMap((y) =>
          GRID.seeds.map((seed) => ({
            ...KEPT,
            allocator,
            parameters: { x, y },
            seed,
            measures: { n: 100 * a + 10 * x + seed * a },
          }))
        )
    )
  );
}

Deno.test("allocators are compared at the points that both have", () => {
  const told = (lacks: Record<string, string>) =>
    [...differences(cells(lacks), GRID)].map((row) =>
      `${row.allocator}${row.parameters}-${row.against}=${row.mean}`
        .replace(/x=|y=|;/g, "")
    );
  const all = ["1u", "1v", "2u", "2v", "3u", "3v"];
  assertEquals(told({}), [
    ...all.map((point) => `b${point}-a=101.5`),
    ...all.map((point) => `c${point}-a=203`),
  ]);
  // Where the first has not run, the next one is the first.
  assertEquals(told({ a: "1u 2v 3v", b: "1v 3v" }), [
    "b2u-a=101.5",
    "b3u-a=101.5",
    "c1u-b=101.5",
    "c1v-a=203",
    "c2u-a=203",
    "c2v-b=101.5",
    "c3u-a=203",
  ]);
  assertEquals(told({ b: all.join(), c: all.join() }), []);
  assertEquals([...statistics(cells({ a: "1u" }))].length, 17);
});
