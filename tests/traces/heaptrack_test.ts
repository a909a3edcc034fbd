/**
 * Raw recordings of heaptrack: both forms of the format, stacks as sites,
 * marks, and what is refused.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { Op } from "../../experiments/traces/trace.ts";
import recorded from "./fixtures/four.raw.zst" with { type: "bytes" };
import { bytes, complaint, pieces, rows } from "./files.ts";

const VERSION = "v 10400 3\n";
const PROGRAM = "x 8 /a/b/p q\nX ./p 7\n- 5\nI 1000 ffff\n";
const MODULES = "m 1 -\nm 1 x 5000 0 740 1000 299\n" +
  "m 14 /lib/my lib 12.so.6 7f0000 0 100 300 80\n";
const STACKS = "t 6010 0\nt 7f0310 1\nt 7f02ff 1\nt 5003 3\n";
const HEAD = VERSION + PROGRAM + MODULES + STACKS;

const open = (text: string) => openTrace("h", () => [bytes(text)]);

/** Op, slot, size and site of every row, and the sites. */
async function read(text: string) {
  const trace = open(text);
  const all: number[][] = [];
  for await (const { length, op, slot, size, site } of trace.blocks()) {
    for (let i = 0; i < length; i++) {
      all.push([op[i]!, slot[i]!, size[i]!, site[i]!]);
    }
  }
  return { rows: all, sites: trace.sites, leftOut: trace.leftOut };
}

Deno.test("requests, marks and sites of a raw recording", async () => {
  const text = HEAD + "+ 64 2 55a0\n+ 1f 4 55b0\nc 14\n- 55a0\nR 3df\n" +
    "+ 10 0 55a0\n- 55b0\n+ ffffffffffffffff 1 ffffffffffffffff\n";
  assertEquals(await read(text), {
    rows: [
      [Op.MALLOC, 0, 100, 1],
      [Op.MALLOC, 1, 31, 2],
      [Op.TIME, -1, 20_000, 0],
      [Op.FREE, 0, 0, 0],
      [Op.RESIDENT, -1, 0x3df * 4096, 0],
      [Op.MALLOC, 0, 16, 0],
      [Op.FREE, 1, 0, 0],
      [Op.MALLOC, 1, 2 ** 64, 3],
    ],
    sites: [
      "",
      "my lib 12.so.6+0x310 < p q+0x1010",
      "p q+0x3 < 0x7f02ff < p q+0x1010",
      "p q+0x1010",
    ],
    leftOut: 0,
  });
});

Deno.test("format 2 has no lengths", async () => {
  const text = "v 10200 2\nx /a/b/p q\nX ./p\nI 4000 ffff\nm -\n" +
    "m x 5000 0 740 1000 299\nm /lib/my lib.so 7f0000 300 80\n" + STACKS +
    "+ 8 2 10\nR 2\n";
  const { rows, sites } = await read(text);
  assertEquals(rows[1], [Op.RESIDENT, -1, 2 * 0x4000, 0]);
  assertEquals(sites, ["", "my lib.so+0x310 < p q+0x1010"]);
});

Deno.test("modules that are loaded later lie where others were", async () => {
  const { sites } = await read(
    HEAD + "+ 8 2 10\nm 1 -\nm 4 /l/b 7f0000 0 400\nt 7f0310 0\n+ 8 5 20\n" +
      "+ 8 2 30\nA\nS leak:x\n# what\n",
  );
  assertEquals(sites, ["", "my lib 12.so.6+0x310 < p q+0x1010", "b+0x310"]);
});

Deno.test("where no module lies a frame is an address", async () => {
  const { sites } = await read(
    HEAD + "+ 8 2 10\nm 1 -\nt 7f0310 0\n+ 8 5 20\n",
  );
  assertEquals(sites!.slice(2), ["0x7f0310"]);
});

Deno.test("stacks that look alike from inside are one site", async () => {
  const hex = (number: number) => number.toString(16);
  const stacks = [0x99, 0x88].flatMap((outermost, which) =>
    Array.from({ length: 12 }, (_, i) => {
      const caller = i === 0 ? 0 : 12 * which + i;
      return `t ${i === 0 ? hex(outermost) : hex(i)} ${hex(caller)}\n`;
    })
  );
  const { sites, rows } = await read(
    VERSION + stacks.join("") + "+ 8 c 10\n+ 8 18 20\n",
  );
  assertEquals(rows.map(([, , , site]) => site), [1, 1]);
  assertEquals(sites![1]!.split(" < ").length, 8);
});

Deno.test("what heaptrack did not see is left out", async () => {
  const { rows, leftOut } = await read(
    HEAD + "- 99\n+ 8 1 10\n+ 9 1 10\n- 10\n- 10\n",
  );
  assertEquals(rows.map(([op]) => op), [
    Op.MALLOC,
    Op.FREE,
    Op.MALLOC,
    Op.FREE,
  ]);
  assertEquals(leftOut, 2);
});

Deno.test("other lines are refused", async () => {
  const raw = "a raw recording, which `heaptrack --raw PROGRAM` makes";
  const cases: [text: string, says: string][] = [
    [
      VERSION + "X p\nI 1000 1\ns 6 malloc\n",
      `h:4: Expected ${raw}, got "s 6 `,
    ],
    [VERSION + "i 55 1 1\n", `h:2: Expected ${raw}, got "i 55 1 1"`],
    [VERSION + "a 64 1\n", `h:2: Expected ${raw}, got`],
    [VERSION + "+ 0\n", `h:2: Expected ${raw}, got`],
    ["v 10600 4\n", "h:1: Expected version 2 or 3 of heaptrack's format, got"],
    ["v 10000 1\n", "h:1: Expected version 2 or 3"],
    [HEAD + "+ 8 5 10\n", "h:13: Expected a stack that a t line above"],
    [HEAD + "t 8 5\n", "h:13: Expected a stack that a t line above"],
    [HEAD + "+ 8 x 10\n", "h:13: Expected a line of heaptrack"],
    [HEAD + "- 8 1\n", "h:13: Expected a line of heaptrack"],
    [HEAD + "m 1\n", "h:13: Expected a line of heaptrack"],
    [HEAD + "c ffffffffffffffff\n", "h:13: Expected a number below 2^53, got"],
    [HEAD, "No requests found in h"],
  ];
  for (const [text, says] of cases) {
    const message = await complaint(open(text));
    assertEquals(message.slice(0, says.length), says);
  }
});

Deno.test("a real recording", async () => {
  const trace = openTrace("four", () => pieces(recorded, 1000));
  const all = await rows(trace);
  assertEquals(trace.leftOut, 0);
  const allocations = all.filter(([op]) => op === Op.MALLOC);
  assertEquals(all.filter(([op]) => op === Op.FREE).length, allocations.length);
  assertMatch(trace.sites![1]!, /^libstdc\+\+\.so\.6\+0x/); // heaptrack's own
  const inner = trace.sites!.slice(2).map((site) => site.split(" < "));
  for (const frames of inner) {
    assertMatch(frames[0]!, /^four\+0x1[\da-f]{3}$/);
    assertMatch(frames.at(-1)!, /^four\+0x/); // _start
  }
  const nodes = inner.filter((frames) => frames.length === 5);
  assertEquals(nodes.length, 3, "node, table, page");
});
