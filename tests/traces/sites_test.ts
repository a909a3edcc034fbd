import { assertEquals, assertRejects } from "@std/assert";
import { readRep } from "../../experiments/traces/rep_reader.ts";
import { writeRep } from "../../experiments/traces/rep_writer.ts";
import { Op, type Trace } from "../../experiments/traces/trace.ts";
import { bytes, pieces } from "./files.ts";

const RECORDED = `S 1 parse_header (http.c:214) < main (http.c:9)
S 2 cache::put(int) < main (http.c:12)
R 1638400
a 1 16 s1
c 2 32 s2
N 1500
m 3 64 100 s1
r 1 40 s2
a 4 8
a 5 8
r 2 50
`;

async function recorded(trace: Trace): Promise<number[][]> {
  const all: number[][] = [];
  for await (const { length, op, size, site } of trace.blocks()) {
    for (let i = 0; i < length; i++) all.push([op[i]!, size[i]!, site[i]!]);
  }
  return all;
}

const ROWS = [
  [Op.RESIDENT, 1638400, 0],
  [Op.MALLOC, 16, 1],
  [Op.CALLOC, 32, 2],
  [Op.TIME, 1500, 0],
  [Op.MEMALIGN, 100, 1],
  [Op.REALLOC, 40, 2],
  [Op.MALLOC, 8, 0],
  [Op.MALLOC, 8, 0],
  [Op.REALLOC, 50, 0],
];
const SITES = [
  "",
  "parse_header (http.c:214) < main (http.c:9)",
  "cache::put(int) < main (http.c:12)",
];

Deno.test("requests have sites, and recorders say time and resident bytes", async () => {
  const windows = RECORDED.replaceAll("\n", " \r\n");
  for (const text of [RECORDED, windows]) {
    for (const length of [1, 7, 1000]) {
      const trace = readRep("t.rep", () => pieces(bytes(text), length));
      assertEquals(await recorded(trace), ROWS);
      assertEquals(trace.sites, SITES);
      assertEquals(await recorded(trace), ROWS, "read a second time");
      assertEquals(trace.sites, SITES);
    }
  }
});

Deno.test("sites, times and resident bytes are written as they were read", async () => {
  let text = "";
  for await (
    const part of writeRep(readRep("t.rep", () => [bytes(RECORDED)]))
  ) text += part;
  const again = readRep("again.rep", () => [bytes(text)]);
  assertEquals(await recorded(again), ROWS);
  assertEquals(again.sites, SITES);
});

Deno.test("rows of a block have nothing of the block before", async () => {
  let text = "S 1 f\n";
  const expected: number[] = []; // extra + site of each row
  for (let id = 0; id < 60_000; id++) {
    const kind = Math.floor(id / 7000) % 4; // by runs that cross blocks
    text += [
      `a ${id} 8\n`,
      `m ${id} 64 8\n`,
      `a ${id} 8 s1\n`,
      `f ${id - 7000}\n`,
    ][kind]!;
    expected.push([0, 64, 1, 0][kind]!);
  }
  const found: number[] = [];
  for await (
    const block of readRep("t", () => pieces(bytes(text), 65536)).blocks()
  ) {
    for (let i = 0; i < block.length; i++) {
      found.push(block.extra[i]! + block.site[i]!);
    }
  }
  assertEquals(found.length, expected.length);
  assertEquals(found.findIndex((sum, i) => sum !== expected[i]), -1);
});

Deno.test("a site that does not fit is refused with its line", async () => {
  const refused = async (text: string, message: string) => {
    const trace = readRep("t.rep", () => [bytes(text)]);
    await assertRejects(() => recorded(trace), SyntaxError, message);
  };
  const site = "s and the number of a site that an S line above defines";
  await refused("a 1 16 s1\n", `t.rep:1: Expected ${site}, got "a 1 16 s1"`);
  await refused("S 1 f\na 1 16 s2\n", `t.rep:2: Expected ${site}`);
  await refused("S 1 f\na 1 16 s0\n", `t.rep:2: Expected ${site}`);
  await refused("S 1 f\na 1 16 1\n", "t.rep:2: Expected the end of the line");
  await refused("S 1 f\nm 1 8 16 sx\n", `t.rep:2: Expected ${site}`);
  await refused("S 2 f\n", "t.rep:1: Expected the number of the next site, 1");
  await refused("S 1\n", "t.rep:1: Expected at most 4096 printable characters");
  await refused(`S 1 ${"f".repeat(4097)}\n`, "t.rep:1: Expected at most 4096");
  await refused("S 1 a\u0007b\n", "t.rep:1: Expected at most 4096 printable");
  await refused("S 1 f\nf 1 1\n", "t.rep:2: Expected the end of the line");
  await refused("N -1\n", "t.rep:1: Expected microseconds");
  await refused(
    "S 1 f\na 1 16 s1 s1\n",
    "t.rep:2: Expected the end of the line",
  );
});
