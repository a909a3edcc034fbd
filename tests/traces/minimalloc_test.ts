/**
 * Buffers with lifetimes as a trace.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { Op } from "../../experiments/traces/trace.ts";
import { bytes, complaint, pieces, rows } from "./files.ts";

const open = (text: string) => openTrace("m", () => pieces(bytes(text), 9));
const HEAD = "id,lower,upper,size\n";

Deno.test("buffers are requests in the order of time", async () => {
  const text = HEAD + "b,5,9,20\na,0,5,10\n\nc,5,7,30\n";
  assertEquals(await rows(open(text)), [
    [Op.MALLOC, 0, 10, 0, 3],
    [Op.FREE, 0, 0, 0, 3],
    [Op.MALLOC, 0, 20, 0, 2],
    [Op.MALLOC, 1, 30, 0, 5],
    [Op.FREE, 1, 0, 0, 5],
    [Op.FREE, 0, 0, 0, 2],
  ]);
  const many = Array.from({ length: 9000 }, (_, i) => `${i},${i},${i + 2},8\n`);
  assertEquals((await rows(open(HEAD + many.join("")))).length, 18_000);
});

Deno.test("rows that are none are refused", async () => {
  const cases: [text: string, says: string][] = [
    [HEAD + "a,1,2\n", "m:2: Expected `id,lower,upper,size`, got"],
    [HEAD + "a,1,2,3\n" + HEAD, "m:3: Expected `id,lower,upper,size`, got"],
    [HEAD + "a,2,2,3\n", "m:2: Expected lower < upper, got"],
    [HEAD, "No requests found in m"],
  ];
  for (const [text, says] of cases) {
    const message = await complaint(open(text));
    assertEquals(message.slice(0, says.length), says);
  }
});
