import { assertEquals, assertMatch } from "@std/assert";
import { MAX_LINE } from "../../experiments/traces/lines.ts";
import { readRep } from "../../experiments/traces/rep_reader.ts";
import { Op, type Trace } from "../../experiments/traces/trace.ts";
import { bytes, complaint, gzip, pieces, rows } from "./files.ts";
import { decimal } from "./plain_reader.ts";

function rep(text: string): Trace {
  return readRep("t.rep", () => [bytes(text)]);
}

const EVERY_OPERATION = `# recorded by nobody
0
5
17
1

a 7 100
c 8 200
@web server
m 9 64 300
w 7 90 10
g 9 0 300
r 7 0
f 7
r 7 50
r 7 60
f -1
t 4096
o -2 131072
k -4096
p load
a 10 9007199254740992
@web server
f 8
`;
const ITS_ROWS = [
  [Op.MALLOC, 0, 100, 0, 7],
  [Op.CALLOC, 1, 200, 0, 8],
  [Op.CLIENT, 0, 0, 0, 9],
  [Op.MEMALIGN, 2, 300, 64, 10],
  [Op.WRITE, 0, 10, 90, 11],
  [Op.READ, 2, 300, 0, 12],
  [Op.REALLOC, 0, 0, 0, 13],
  [Op.FREE, 0, 0, 0, 14],
  [Op.REALLOC, 0, 50, 0, 15],
  [Op.REALLOC, 0, 60, 0, 16],
  [Op.FREE, -1, 0, 0, 17],
  [Op.TRIM, -1, 4096, 0, 18],
  [Op.MALLOPT, -1, 131072, -2, 19],
  [Op.SBRK, -1, -4096, 0, 20],
  [Op.PHASE, 1, 0, 0, 21],
  [Op.MALLOC, 3, 2 ** 53, 0, 22],
  [Op.CLIENT, 0, 0, 0, 23],
  [Op.FREE, 1, 0, 0, 24],
];

Deno.test("every operation becomes a row", async () => {
  const trace = rep(EVERY_OPERATION);
  assertEquals(await rows(trace), ITS_ROWS);
  assertEquals(trace.names, ["web server", "load"]);
  assertEquals(await rows(trace), ITS_ROWS, "read a second time");
  assertEquals(trace.names.length, 2);
});

Deno.test("neither chunks nor compression nor line ends change a trace", async () => {
  const windows = EVERY_OPERATION.replaceAll("\n", " \t\r\n");
  const spacious = EVERY_OPERATION.replaceAll(/^|(?<=\d) (?=\d)/gm, " \t");
  const cut = EVERY_OPERATION.trimEnd(); // no line feed at the end
  for (const text of [EVERY_OPERATION, windows, spacious, cut]) {
    for (const file of [bytes(text), await gzip(bytes(text))]) {
      for (const length of [1, 2, 7, 64, 1000]) {
        const trace = readRep("t.rep", () => pieces(file, length));
        assertEquals(await rows(trace), ITS_ROWS);
        assertEquals(trace.names, ["web server", "load"]);
      }
    }
  }
});

Deno.test("a header has two or four lines, or none", async () => {
  for (
    const header of ["", "3\n2\n", "0\n3\n2\n1\n", "12\r\n3 \n2\n18446744073\n"]
  ) {
    const [row] = await rows(rep(header + "a 1 10"));
    assertEquals(row!.slice(0, 3), [Op.MALLOC, 0, 10]);
    if (header === "") continue;
    assertEquals(await complaint(rep(header)), "No requests found in t.rep");
  }
  const operation = "Expected an operation (a c r m f w g t o k p @ T E S N R)";
  const even = "Expected a header of 2 or 4 lines of digits";
  for (
    const [text, message] of [
      ["", "No requests found in t.rep"],
      ["# empty\n\n", "No requests found in t.rep"],
      ["1\n", `t.rep:2: ${even}, got ""`],
      ["1\n2\n3\na 1 1", `t.rep:4: ${even}, got "a 1 1"`],
      ["1\n2\n3\n4\n5\n", `t.rep:5: ${operation}, got "5"`],
      ["a 1 1\n5\n", `t.rep:2: ${operation}, got "5"`],
      ["-1\n2\n", `t.rep:1: ${operation}, got "-1"`],
    ]
  ) assertEquals(await complaint(rep(text!)), message);
});

Deno.test("sizes are exact to 2^53 and toward 0 beyond", async () => {
  const sizes = ["0", "007", "999999999999999", "9007199254740991"];
  sizes.push("9007199254740993", "18446744073709551615");
  const text = sizes.map((size, id) => `a ${id} ${size}\n`).join("");
  const read = (await rows(rep(text))).map((row) => row[2]);
  assertEquals(read, sizes.map(decimal));
  assertEquals(read.at(-1), 18446744073709549568);
  const big = "a 9007199254740991 1\nf 9007199254740991\na 9007199254740990 1";
  assertEquals((await rows(rep(big))).map((row) => row[1]), [0, 0, 0]);
});

Deno.test("what does not fit is refused with its line", async () => {
  const bytesOf = "a number of bytes, 0 .. 2^64 - 1";
  const operation = "an operation (a c r m f w g t o k p @ T E S N R)";
  const id = "an id of 0 .. 2^53 - 1";
  const name = "a name of at most 256 printable characters";
  const freeable = "an id that is not freed yet, or -1";
  const cases: [line: string, expected: string][] = [
    ["x 1 2", operation],
    ["A 2 5", operation],
    ["a2 5", operation],
    ["phase", operation],
    ["á 2 5", operation],
    ["a", id],
    ["a 2", bytesOf],
    ["a 2 x", bytesOf],
    ["a 2 -1", bytesOf],
    ["a 2 1.5", bytesOf],
    ["a 2 1e3", bytesOf],
    ["a 2 0x10", bytesOf],
    ["a 2 +5", bytesOf],
    ["a 2 18446744073709551616", bytesOf],
    ["a -2 5", id],
    ["a 9007199254740992 5", id],
    ["a 2 5 6", "the end of the line"],
    ["a 2 5 # no", "the end of the line"],
    ["f 1 2", "the end of the line"],
    ["m 2 64", bytesOf],
    ["m 2 -64 5", bytesOf],
    ["t -1", bytesOf],
    ["o 1", "an integer"],
    ["o 1 a", "an integer"],
    ["k 18446744073709551616", "an integer"],
    ["k -18446744073709551616", "an integer"],
    ["a 1 5", "an id that is not live"],
    ["c 1 5", "an id that is not live"],
    ["m 1 64 5", "an id that is not live"],
    ["f -2", freeable],
    ["f 0", freeable],
    ["w 2 0 1", "a live id"],
    ["g 0 0 0", "a live id"],
    ["w 1 0 11", "an access within 10 bytes"],
    ["g 1 9 2", "an access within 10 bytes"],
    ["p", name],
    ["p \u0007", name],
    ["@", name],
    ["@" + "x".repeat(257), name],
  ];
  for (const [line, expected] of cases) {
    const text = `# comment\na 0 5\na 1 10\nf 0\n${line}\na 3 3\n`;
    const short = line.length > 60 ? line.slice(0, 60) + "..." : line;
    const shown = short.replace("\u0007", "?");
    assertEquals(
      await complaint(rep(text)),
      `t.rep:5: Expected ${expected}, got ${JSON.stringify(shown)}`,
    );
  }
});

Deno.test("after realloc to 0 an id holds NULL", async () => {
  const text = "a 1 10\nr 1 0\n";
  assertEquals(await complaint(rep(text + "f 1\na 1 5\nf 1")), "");
  assertEquals(await complaint(rep(text + "a 1 5\nf 1")), "");
  assertEquals(await complaint(rep(text + "r 1 0\nw 1 0 0\nr 1 0")), "");
  for (const line of ["f 1\nf 1", "w 1 0 0", "a 1 5\nf 1\nf 1"]) {
    const message = await complaint(rep(text + line));
    const number = 2 + line.split("\n").length;
    assertMatch(message, RegExp(`^t\\.rep:${number}: Expected (a live|an) id`));
  }
  // the id keeps its slot until it is freed
  const slots = (await rows(rep(text + "a 2 5\na 1 5\nf 1\na 3 5")))
    .map((row) => row[1]);
  assertEquals(slots, [0, 0, 1, 0, 0, 0]);
});

Deno.test("free of an id that was never allocated is free(NULL)", async () => {
  // as scripts of Stanford's malloc laboratory have it
  const text = `a 1 0
a 2 100
r 2 200
r 2 5
f 2
f 1
f 3
r 4 100
a 5 10
r 5 0
`;
  const all = await rows(rep(text));
  assertEquals(all.length, 10);
  assertEquals(all[6], [Op.FREE, -1, 0, 0, 7]);
  const freed = "Expected an id that is not freed yet, or -1";
  for (const id of [1, 2]) {
    const message = `t.rep:11: ${freed}, got "f ${id}"`;
    assertEquals(await complaint(rep(text + `f ${id}`)), message);
  }
  // ids need no order: 7 is freed already, 6 and 2^53 - 1 were never there
  const odd = "a 9 1\na 7 1\nf 7\nf 6\nf 9007199254740991\na 8 1\nf 10\n";
  assertEquals((await rows(rep(odd))).length, 7);
  assertEquals(
    await complaint(rep(odd + "f 7")),
    `t.rep:8: ${freed}, got "f 7"`,
  );
});

Deno.test("a line has an end", async () => {
  const comment = "#".repeat(MAX_LINE);
  assertEquals(await complaint(rep(comment + "\na 1 1")), "");
  const hash = '"' + "#".repeat(60) + '..."';
  for (const rest of ["#\na 1 1", "#".repeat(9e5), "#"]) {
    const file = bytes("a 1 1\n" + comment + rest);
    for (const length of [9999, 1e6]) {
      assertEquals(
        await complaint(readRep("t.rep", () => pieces(file, length))),
        `t.rep:2: Expected a line of at most ${MAX_LINE} bytes, got ${hash}`,
      );
    }
  }
});

Deno.test("a line without end is not read to its end", async () => {
  let read = 0;
  function* file(): Generator<Uint8Array> {
    for (; read < 1e6; read++) yield bytes("#".repeat(1000));
  }
  assertEquals(
    (await complaint(readRep("t.rep", file))).slice(0, 8),
    "t.rep:1:",
  );
  assertEquals(read, Math.floor(MAX_LINE / 1000));
});

Deno.test("a file may have 65,536 names", async () => {
  const text = Array.from({ length: 65536 }, (_, i) => `@${i}\n`).join("");
  assertEquals(await complaint(rep(text + text + "a 1 1")), "");
  assertEquals(
    await complaint(rep(text + "@one more")),
    't.rep:65537: Expected at most 65536 names, got "@one more"',
  );
});

Deno.test("a file is closed when its reader has enough", async () => {
  let closed = 0;
  function* file(): Generator<Uint8Array> {
    try {
      for (;;) yield bytes("a 1 16\nf 1\n".repeat(10000));
    } finally {
      closed++;
    }
  }
  for await (const block of readRep("t.rep", file).blocks()) {
    assertEquals(block.length, 8192);
    break;
  }
  assertEquals(closed, 1);
});
