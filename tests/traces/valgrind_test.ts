/**
 * `fixtures/perl.txt.gz` is what valgrind 3.19 printed on Debian 12 with
 * `--trace-malloc=yes` about `perl -e 'my %h; $h{$_} = "x" x $_ for 1..300;
 * print join ",", sort keys %h'`; calls.cpp tells of `calls.txt`.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Op, type Trace } from "../../experiments/traces/trace.ts";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import calls from "./fixtures/calls.txt" with { type: "bytes" };
import perl from "./fixtures/perl.txt.gz" with { type: "bytes" };
import { bytes, complaint, gzip, pieces, rows } from "./files.ts";

/** Messages of process 42. */
function printed(...messages: string[]): Trace {
  const text = messages.map((message) => `--42-- ${message}\n`).join("");
  return openTrace("t.txt", () => [bytes(text)]);
}

/** Rows of {@linkcode printed} without their lines. */
async function requests(...messages: string[]): Promise<number[][]> {
  return (await rows(printed(...messages))).map((row) => row.slice(0, 4));
}

/** What valgrind says at the end: allocations, frees and bytes. */
async function heapUsage(text: AsyncIterable<string>): Promise<number[]> {
  let all = "";
  for await (const part of text) all += part;
  const [, ...figures] =
    /total heap usage: ([\d,]+) allocs, ([\d,]+) frees, ([\d,]+) bytes/
      .exec(all)!;
  return figures.map((figure) => Number(figure.replaceAll(",", "")));
}

/** The same figures, counted as valgrind does: a realloc is both. */
async function counted(trace: Trace): Promise<number[]> {
  const figures = [0, 0, 0];
  for (const [op, slot, size] of await rows(trace)) {
    if (op !== Op.FREE) figures[0]!++;
    if (op === Op.REALLOC || op === Op.FREE && slot! >= 0) figures[1]!++;
    figures[2]! += size!;
  }
  return figures;
}

Deno.test("a recorded program has the heap usage that valgrind says", async () => {
  const text = new Blob([perl]).stream()
    .pipeThrough(new DecompressionStream("gzip"))
    .pipeThrough(new TextDecoderStream());
  const usage = await heapUsage(text);
  assertEquals(usage, [2092, 1352, 356290]);
  assertEquals(await counted(openTrace("perl", () => [perl])), usage);
});

Deno.test("every function that valgrind replaces is understood", async () => {
  const text = new Blob([calls]).stream().pipeThrough(new TextDecoderStream());
  const [allocations, frees, size] = await heapUsage(text);
  const trace = openTrace("calls", () => pieces(calls, 1000));
  // valgrind counts the realloc to 2^46 bytes, which it refused
  const refused = [allocations! - 1, frees! - 1, size! - 2 ** 46];
  assertEquals(await counted(trace), refused);
  const all = await rows(trace);
  const count = (op: number) => all.filter((row) => row[0] === op).length;
  assertEquals(count(Op.MEMALIGN), 7);
  assertEquals(count(Op.CALLOC), 2);
  assertEquals(count(Op.REALLOC), 3);
  assertEquals(all.find((row) => row[3] === 4096), [4, 41, 100, 4096, 64]);
});

Deno.test("each form of a call makes the request that it is", async () => {
  assertEquals(
    await requests(
      "malloc(24) = 0x10",
      "calloc(7,9) = 0x20",
      "memalign(al 64, size 128) = 0x40",
      "_ZnamSt11align_val_tRKSt9nothrow_t(size 100, al 32) = 0x60",
      "_Znwj(5) = 0x70",
      "__builtin_vec_new(6) = 0x80",
      "realloc(0x10,500) = 0x90",
      "realloc(0x0,15)malloc(15) = 0x10",
      "realloc(0x10,0)free(0x10)",
      " = 0",
      "malloc_usable_size(0x90) = 500",
      "mallinfo()",
      "_ZdaPvRKSt9nothrow_t(0x70)",
      "free(0x0)",
    ),
    [
      [Op.MALLOC, 0, 24, 0],
      [Op.CALLOC, 1, 63, 0],
      [Op.MEMALIGN, 2, 128, 64],
      [Op.MEMALIGN, 3, 100, 32],
      [Op.MALLOC, 4, 5, 0],
      [Op.MALLOC, 5, 6, 0],
      [Op.REALLOC, 0, 500, 0],
      [Op.MALLOC, 6, 15, 0],
      [Op.FREE, 6, 0, 0],
      [Op.FREE, 4, 0, 0],
      [Op.FREE, -1, 0, 0],
    ],
  );
});

Deno.test("newer versions of valgrind print other forms", async () => {
  assertEquals(
    await requests(
      "realloc(0x0,15) = 0x10",
      "reallocarray(0x10,3,7) = 0x20",
      " = 0x20",
      "realloc(0x20,0) = 0x0",
      "malloc(1) = 0x20",
      "free_sized(0x20, 1)",
    ),
    [
      [Op.MALLOC, 0, 15, 0],
      [Op.REALLOC, 0, 21, 0],
      [Op.FREE, 0, 0, 0],
      [Op.MALLOC, 0, 1, 0],
      [Op.FREE, 0, 0, 0],
    ],
  );
  assertEquals(
    await complaint(printed("posix_memalign(al 64, size 100)")),
    "t.txt:1: Expected a result (this version of valgrind keeps it back), " +
      'got "--42-- posix_memalign(al 64, size 100)"',
  );
});

Deno.test("requests that returned NULL are left out", async () => {
  assertEquals(
    await requests(
      "malloc(70368744177664) = 0x0",
      "malloc(8) = 0x10",
      "malloc(18446744073709551611)Argument 'size' has a fishy value",
      " = 0x0",
      "calloc(8589934592,8589934592)malloc(9) = 0x20",
      "realloc(0x10,70368744177664) = 0x0",
      "free(0x10)",
    ),
    [
      [Op.MALLOC, 0, 8, 0],
      [Op.MALLOC, 1, 9, 0],
      [Op.FREE, 0, 0, 0],
    ],
  );
});

Deno.test("a call that never gets a result waits for none", async () => {
  const overflow = "calloc(4294967296,4294967296)";
  const freed = ["malloc(8) = 0x10", "realloc(0x10,0)free(0x10)", " = 0"];
  const empty = ["realloc(0x0,8)malloc(8) = 0x10", "free(0x10)"];
  for (const messages of [[overflow], freed, empty]) {
    const many = Array.from({ length: 600 }, () => messages).flat();
    assertEquals(await complaint(printed("malloc(1) = 0x99", ...many)), "");
  }
});

Deno.test("threads may come between a call and its result", async () => {
  assertEquals(
    await requests(
      "malloc(361)malloc(334) = 0x10",
      "malloc(1)free(0x10)",
      "realloc(0x0,5)malloc(7) = 0x30",
      "malloc(5) = 0x40",
      " = 0x50",
      " = 0x60",
      "free(0x60)",
    ),
    [
      [Op.MALLOC, 0, 334, 0],
      [Op.FREE, 0, 0, 0],
      [Op.MALLOC, 0, 7, 0],
      [Op.MALLOC, 1, 5, 0],
      [Op.MALLOC, 2, 1, 0],
      [Op.MALLOC, 3, 361, 0],
      [Op.FREE, 3, 0, 0],
    ],
  );
});

Deno.test("whatever else is printed does not matter", async () => {
  const text = "==42== Memcheck, a memory error detector\nhello\r\n" +
    "--42-- REDIR: 0x4a (libc.so.6:malloc) redirected to 0x48 (malloc)\n" +
    "no line feed--42-- malloc(8) = 0x10\r\n" +
    "--00:00:00:01.234 42-- free(0x10)\n--42:1:mallocfr newSuperblock\n" +
    "--42-- malloc(9)";
  const expected = [[Op.MALLOC, 0, 8, 0, 4], [Op.FREE, 0, 0, 0, 5]];
  for (const file of [bytes(text), await gzip(bytes(text))]) {
    for (const length of [1, 10, 1000]) {
      const trace = openTrace("t.txt", () => pieces(file, length));
      assertEquals(await rows(trace), expected);
    }
  }
});

Deno.test("what cannot be is refused with its line", async () => {
  const live = "the address of a live block";
  const cases: [message: string, expected: string][] = [
    ["free(0x30)", live],
    ["realloc(0x30,5) = 0x40", live],
    ["malloc(5) = 0x10", "the address of no live block"],
    ["realloc(0x10,5) = 0x20", "the address of no live block"],
    ["zone_malloc(0x7, 24) = 0x30", "a function that allocates"],
    ["malloc() = 0x30", "numbers of 0 .. 2^64 - 1"],
    ["malloc(99999999999999999999) = 0x30", "numbers of 0 .. 2^64 - 1"],
    ["calloc(5) = 0x30", "numbers of 0 .. 2^64 - 1"],
    ["free()", "numbers of 0 .. 2^64 - 1"],
  ];
  for (const [message, expected] of cases) {
    const trace = printed("malloc(1) = 0x10", "malloc(2) = 0x20", message);
    assertEquals(
      await complaint(trace),
      `t.txt:3: Expected ${expected}, got "--42-- ${message}"`,
    );
  }
  const many = Array.from({ length: 501 }, () => "malloc(1)");
  assertEquals(
    await complaint(printed(...many)),
    't.txt:501: Expected results of the calls, got "--42-- malloc(1)"',
  );
});
