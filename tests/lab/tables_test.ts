/**
 * What the maps show as rows: the first of them as a table, all as CSV.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Driver } from "./driver.ts";

/** Blocks more than become text at once, a few of them freed. */
const BLOCKS = 9000;

Deno.test("CSV has every block in view of every map", async () => {
  const lines = Array.from(
    { length: BLOCKS },
    (_, i) => `a ${i} ${1 + i % 90}`,
  );
  for (let i = 0; i < BLOCKS; i += 7) lines.push(`f ${i}`);
  const lab = new Driver();
  const specs = ["first_fit", "glibc:version=2.43"];
  const { lanes, operations } = await lab.load(
    { kind: "text", text: lines.join("\n") },
    specs,
  );
  const all = lanes.map(({ height }) => ({
    x0: 0,
    x1: operations + 1,
    y0: 0,
    y1: height,
  }));
  const { rows, pieces } = await lab.ask(
    { kind: "csv", ticket: 1, views: all },
    "csv",
  );
  assertEquals(pieces.length, 5);
  const text = await new Blob(pieces).text();
  const [head, ...body] = text.trimEnd().split("\n");
  assertEquals(
    head,
    "allocator,object,address,requested_bytes,born_op,freed_op",
  );
  assertEquals([rows, body.length], [2 * BLOCKS, 2 * BLOCKS]);
  for (const [lane, spec] of specs.entries()) {
    const ask = { kind: "table", ticket: 2, lane, view: all[lane]! } as const;
    const table = await lab.ask(ask, "table");
    assertEquals([table.isCut, table.rows.length], [true, 500]);
    assertEquals(
      body.slice(lane * BLOCKS, lane * BLOCKS + 500),
      table.rows.map((row) => `${spec},${row.join()}`),
    );
  }
  // Object 7 k was freed by the k-th free.
  const last = body[BLOCKS - 3]!.split(",").slice(1);
  const freed = (BLOCKS - 3) % 7 === 0
    ? `${BLOCKS + (BLOCKS - 3) / 7 + 1}`
    : "";
  assertEquals(
    [last[0], last[2], last[3], last[4]],
    [`${BLOCKS - 3}`, `${1 + (BLOCKS - 3) % 90}`, `${BLOCKS - 2}`, freed],
  );
  const [part] = all;
  const half = { ...part!, x0: 0, x1: BLOCKS / 2 };
  const first = await lab.ask({ kind: "csv", ticket: 3, views: [half] }, "csv");
  assertEquals(first.rows, BLOCKS / 2 - 1);
});
