/**
 * Logs as traces, where no compiler is: records made by hand.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Answers } from "../../experiments/recorder/answers.ts";
import { LineWriter } from "../../experiments/recorder/line_writer.ts";
import { Kind } from "../../experiments/recorder/log_file.ts";
import { RepConverter } from "../../experiments/recorder/to_rep.ts";

/** A word: its upper byte, and the rest. */
const word = (kind: number, operand: number | bigint): bigint =>
  BigInt(kind) << 56n | BigInt.asUintN(56, BigInt(operand));
/** A size and a site. */
const sized = (size: number, site = 0): bigint =>
  BigInt(size) << 24n | BigInt(site);
const whole = (value: number): bigint => BigInt(value);

/** What `log` becomes: the text, and what was answered. */
function converted(
  log: readonly (readonly bigint[])[],
  texts: readonly string[] = [""],
): { text: string; answers: string; leftOut: number } {
  const decoder = new TextDecoder();
  let text = "", answers = "";
  const lines = new LineWriter((piece) => text += decoder.decode(piece));
  const other = new LineWriter((piece) => answers += decoder.decode(piece));
  const rep = new RepConverter(lines, new Answers(other, 0x10000));
  rep.begin(texts);
  for (const record of log) {
    const words = new Uint32Array(new BigUint64Array(record).buffer);
    rep.record(words, 0);
  }
  rep.end();
  lines.flush();
  other.flush();
  return { text, answers, leftOut: rep.leftOut };
}

Deno.test("ids count allocations, sites are defined where they are used", () => {
  const { text } = converted([
    [word(Kind.MALLOC, 0x10010), sized(100, 2)],
    [word(Kind.CALLOC, 0x10080), sized(7, 1)],
    [word(Kind.FREE, 0x10010)],
    [word(Kind.MALLOC, 0x10010), sized(2 ** 39, 3)],
    [word(Kind.REALLOC, 0x20010), sized(9), whole(0x10080)],
    [word(Kind.REALLOC, 0x10080), sized(8), whole(0)],
    [word(Kind.FREE, 0)],
  ], ["", "main (a.c:1)", "f (a.c:2)", "main (a.c:1)"]);
  assertEquals(
    text,
    "S 1 f (a.c:2)\na 0 100 s1\nS 2 main (a.c:1)\nc 1 7 s2\nf 0\n" +
      "a 2 549755813888 s2\nr 1 9\nr 3 8\nf -1\n",
  );
});

Deno.test("what was refused or is not known changes no block", () => {
  const { text, leftOut } = converted([
    [word(Kind.WIDE, 0), whole(2 ** 62)],
    [word(Kind.MALLOC, 0), sized(2 ** 40 - 1)],
    [word(Kind.MALLOC, 0x10010), sized(5)],
    [word(Kind.REALLOC, 0), sized(6), whole(0x10010)],
    [word(Kind.FREE, 0x55550)],
    [word(Kind.MALLOC, 0x10010), sized(7)],
    [word(Kind.REALLOC, 0), sized(0), whole(0x10010)],
    [word(Kind.FREE, 0x10010)],
  ]);
  assertEquals(
    text,
    "# refused: a of 4611686018427388000 bytes\na 0 5\n" +
      "# refused: r of 6 bytes\nf 0\na 1 7\nr 1 0\n",
  );
  assertEquals(leftOut, 2);
});

Deno.test("threads are numbered from 0 on, and numbers are used again", () => {
  const { text } = converted([
    [word(Kind.THREAD, 0)],
    [word(Kind.THREAD, 1)],
    [word(Kind.MALLOC, 0x10010), sized(1)],
    [word(Kind.THREAD, 2)],
    [word(Kind.THREAD_END, 1)],
    [word(Kind.THREAD, 3)],
    [word(Kind.THREAD, 0)],
    [word(Kind.THREAD_END, 0)],
    [word(Kind.TRIM, 3)],
    [word(Kind.SBRK, -4096)],
    [word(Kind.MALLOPT, 0xff_fffen << 32n | 7n)],
  ]);
  assertEquals(
    text,
    "T 1\na 0 1\nT 2\nE 1\nT 1\nT 0\nt 3\nk -4096\no -2 7\n",
  );
});

Deno.test("answers are places in the heap, in arenas and in mappings", () => {
  const { answers } = converted([
    [word(Kind.MALLOC, 0x102a0), sized(24)],
    [word(Kind.CHUNK, 0x21)],
    [word(Kind.BREAK, 0x31000)],
    [word(Kind.MALLOC, 0x7f0000000010), sized(200000)],
    [word(Kind.CHUNK, 0x32002)],
    [word(Kind.MALLOC, 0x7f0004000b70), sized(30)],
    [word(Kind.CHUNK, 0x35)],
    [word(Kind.ARENA, 0x7f0004000000), whole(0x7f0004000030)],
    [word(Kind.FREE, 0x102a0)],
    [word(Kind.REALLOC, 0), sized(0), whole(0x7f0004000b70)],
  ]);
  assertEquals(
    answers,
    "0 H 2a0 24\nb 21000\n1 M 10 204784\n2 A1 0 b70 40\nh 1 0 7f0004000000\n" +
      "3 -\n4 0\n",
  );
});

Deno.test("names of phases fit their lines", () => {
  const bytes = new Uint8Array(16);
  new TextEncoder().encodeInto(" a\n\u{7f}b ", bytes);
  const name = [...new BigUint64Array(bytes.buffer)];
  const { text } = converted([[word(Kind.PHASE, 6), ...name]]);
  assertEquals(text, "p a??b\n");
});
