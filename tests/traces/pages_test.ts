/**
 * Page requests as text: `.pages` files and recorded trace points.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { MAX_LINE } from "../../experiments/traces/lines.ts";
import { readPages } from "../../experiments/traces/pages_reader.ts";
import { Op, type Trace } from "../../experiments/traces/trace.ts";
import { readPageTrace } from "../../experiments/traces/page_events.ts";

const bytes = (text: string) => () => [new TextEncoder().encode(text)];

/** Every row: op, slot, size, extra. */
async function rows(trace: Trace): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const { length, op, slot, size, extra } of trace.blocks()) {
    for (let i = 0; i < length; i++) {
      rows.push([op[i]!, slot[i]!, size[i]!, extra[i]!]);
    }
  }
  return rows;
}

Deno.test(".pages: order and type of each request", async () => {
  const text = "# zone\na 7 9 1\n\na 8 0 2\r\nf 7\na 7 3 0\n";
  assertEquals(await rows(readPages("t.pages", bytes(text))), [
    [Op.MALLOC, 0, 9, 1],
    [Op.MALLOC, 1, 0, 2],
    [Op.FREE, 0, 0, 0],
    [Op.MALLOC, 0, 3, 0],
  ]);
});

Deno.test(".pages: errors have their line", async () => {
  const cases: [string, string][] = [
    ["a 1 0 1\na 1 0 1\n", "t:2: Expected an id that is not live"],
    ["a 1 0 1\nf 2\n", "t:2: Expected a live id"],
    ["a 1 0\n", "t:1: Expected `a id order type`"],
    ["a 1 0 3\n", "t:1: Expected `a id order type`"],
    ["a 1 0 1\nx\n", "t:2: Expected `a id order type`"],
    ["", "t:1: Expected an operation"],
    [`a 1 0 1${" ".repeat(MAX_LINE)}\n`, "t:1: Expected at most"],
  ];
  for (const [text, message] of cases) {
    await assertRejects(
      () => rows(readPages("t", bytes(text))),
      SyntaxError,
      message,
    );
  }
});

Deno.test("trace points: CPUs are clients, unknown frees are left out", async () => {
  const text =
    "# head\na,001,500,0,1\nf,001,77,0,\na,000,600,3,0\nf,000,500,0,\n";
  const trace = readPageTrace("t", bytes(text));
  assertEquals(await rows(trace), [
    [Op.CLIENT, 0, 0, 0],
    [Op.MALLOC, 0, 0, 1],
    [Op.CLIENT, 1, 0, 0],
    [Op.MALLOC, 1, 3, 0],
    [Op.FREE, 0, 0, 0],
  ]);
  assertEquals(trace.names, ["cpu1", "cpu0"]);
  await assertRejects(
    () => rows(readPageTrace("t", bytes("a,0,5,0,1\na,0,5,0,1\n"))),
    SyntaxError,
    "t:2: Expected a page frame that is free",
  );
});
