/**
 * Rows of long lines: fewer of them, and every peak.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { readSheet } from "../../experiments/report/figure/table.ts";

const HEADER = "experiment,allocator,workload,parameters,seed,layer,op,bytes";
const LOOKS = { values: ["op", "bytes"], apart: ["layer"] };

function* file(rows: number): Generator<string> {
  yield HEADER;
  for (let op = 0; op < rows; op++) {
    const bytes = op === 77_777 ? 9_999 : op === 50_001 ? -5 : op % 100;
    yield `e,first_fit,w,k=1,1,heap,${op},${bytes}`;
    if (op % 1000 === 0) yield `e,first_fit,w,k=1,1,pool,${op},1`;
  }
  yield "other,first_fit,w,k=1,1,heap,0,7";
}

Deno.test("a long line is thinned, a short one is not", () => {
  const short = readSheet(file(1000), LOOKS).table("e");
  assertEquals(short.length, 1001);
  assertEquals([0, 1, 2].map((i) => short.text(i, "layer")), [
    "heap",
    "pool",
    "heap",
  ]);
  const long = readSheet(file(100_000), LOOKS).table("e");
  assert(long.length > 5000 && long.length < 10_200, `${long.length}`);
  const values = Array.from({ length: long.length }, (_, i) => ({
    layer: long.text(i, "layer"),
    op: Number(long.text(i, "op")),
    bytes: Number(long.text(i, "bytes")),
  }));
  const heap = values.filter(({ layer }) => layer === "heap");
  assertEquals(values.length - heap.length, 100);
  assert(heap.some(({ op, bytes }) => op === 77_777 && bytes === 9_999));
  assert(heap.some(({ op, bytes }) => op === 50_001 && bytes === -5));
  assertEquals([heap[0]!.op, heap.at(-1)!.op], [0, 99_999]);
  assertEquals(
    heap.map(({ op }) => op),
    heap.map(({ op }) => op).sort((a, b) => a - b),
  );
  const gaps = heap.slice(1).map(({ op }, i) => op - heap[i]!.op);
  assert(Math.max(...gaps) < 100, "as many rows everywhere");
});

Deno.test("fields in quotes hold commas and ends of lines", () => {
  const text = 'experiment,words\ne,"a,""b""\nc"\ne,d\n';
  const table = readSheet(text).table("e");
  assertEquals([table.text(0, "words"), table.text(1, "words")], [
    'a,"b"\nc',
    "d",
  ]);
});
