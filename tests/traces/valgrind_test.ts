/**
 * `fixtures/perl.txt.gz` is what valgrind 3.19 printed on Debian 12 with
 * `--trace-malloc=yes` about `perl -e 'my %h; $h{$_} = "x" x $_ for 1..300;
 * print join ",", sort keys %h'`; calls.cpp tells of `calls-*.txt`,
 * what each version prints of the same program.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Op } from "../../experiments/traces/trace.ts";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import calls319 from "./fixtures/calls-3.19.txt.gz" with { type: "bytes" };
import calls324 from "./fixtures/calls-3.24.txt.gz" with { type: "bytes" };
import calls327 from "./fixtures/calls-3.27.txt.gz" with { type: "bytes" };
import perl from "./fixtures/perl.txt.gz" with { type: "bytes" };
import { gunzip } from "../oracle/fixtures.ts";
import { bytes, complaint, gzip, pieces, rows } from "./files.ts";

/** Messages of process 42. */
function printed(...messages: string[]) {
  const text = messages.map((message) => `--42-- ${message}\n`).join("");
  return openTrace("t.txt", () => [bytes(text)]);
}

/** Rows of {@linkcode printed} without their lines. */
async function requests(...messages: string[]): Promise<number[][]> {
  return (await rows(printed(...messages))).map((row) => row.slice(0, 4));
}

/** What valgrind says at the end: allocations, frees and bytes. */
async function heapUsage(file: Uint8Array<ArrayBuffer>): Promise<number[]> {
  const all = await gunzip(file);
  const [, ...figures] =
    /total heap usage: ([\d,]+) allocs, ([\d,]+) frees, ([\d,]+) bytes/
      .exec(all)!;
  return figures.map((figure) => Number(figure.replaceAll(",", "")));
}

/** The same figures, counted as valgrind does: a realloc is both. */
function counted(all: readonly number[][]): number[] {
  const figures = [0, 0, 0];
  for (const [op, slot, size] of all) {
    if (op !== Op.FREE) figures[0]!++;
    if (op === Op.REALLOC || op === Op.FREE && slot! >= 0) figures[1]!++;
    figures[2]! += size!;
  }
  return figures;
}

Deno.test("a recorded program has the heap usage that valgrind says", async () => {
  const usage = await heapUsage(perl);
  assertEquals(usage, [2092, 1352, 356290]);
  assertEquals(counted(await rows(openTrace("perl", () => [perl]))), usage);
});

Deno.test("every function that valgrind replaces is understood", async (t) => {
  for (
    const [version, file, secret, left] of [
      ["3.19", calls319, 0, 0],
      ["3.24", calls324, 100, 2], // valloc(100), whose size is not printed
      ["3.27", calls327, 100, 2],
    ] as const
  ) {
    await t.step(version, async () => {
      const [allocations, frees, size] = await heapUsage(file);
      const trace = openTrace("calls", () => pieces(file, 1000));
      const all = await rows(trace);
      // valgrind counts the realloc to 2^46 bytes, which it refused
      assertEquals(counted(all), [
        allocations! - 1 - left / 2,
        frees! - 1 - left / 2,
        size! - 2 ** 46 - secret,
      ]);
      assertEquals(trace.leftOut, left);
      const count = (op: number) => all.filter((row) => row[0] === op).length;
      assertEquals(count(Op.MEMALIGN), secret ? 14 : 15);
      assertEquals(count(Op.CALLOC), 2);
      assertEquals(
        all.filter(([op, , size, align]) =>
          op === Op.MEMALIGN && size === 100 && align === 64
        ).length,
        6,
      );
    });
  }
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
      "posix_memalign(al 64, size 100)",
      " = 0x40",
      "posix_memalign(al 3, size 100)",
      " = 0",
      "posix_memalign(0x1FFF000578, 3, 100) = 0",
      "posix_memalign(0x1FFF000578, 64, 70368744177664) = 0x0",
      "posix_memalign(0x1FFF000578, 128, 7) = 0x80",
      "aligned_alloc(64, 9)",
      " = 0x100",
      "_ZdaPvmSt11align_val_t(0x100, 9, 64)",
      "free_aligned_sized(0x80, 128, 7)",
      "realloc(0x40,0)realloc() with size 0",
      " = 0x0",
      "malloc_usable_size(0x0) = 0",
      "malloc(5) = 0x40",
    ),
    [
      [Op.MALLOC, 0, 15, 0],
      [Op.REALLOC, 0, 21, 0],
      [Op.FREE, 0, 0, 0],
      [Op.MALLOC, 0, 1, 0],
      [Op.FREE, 0, 0, 0],
      [Op.MEMALIGN, 0, 100, 64],
      [Op.MEMALIGN, 1, 7, 128],
      [Op.MEMALIGN, 2, 9, 64],
      [Op.FREE, 2, 0, 0],
      [Op.FREE, 1, 0, 0],
      [Op.FREE, 0, 0, 0],
      [Op.MALLOC, 0, 5, 0],
    ],
  );
});

Deno.test("a block of valloc is left out, and counted", async () => {
  const trace = printed(
    "free(0x0)",
    " = 0x1000",
    "free(0x1000)",
    " = 0x2000",
    "realloc(0x2000,8) = 0x10",
    " = 0x3000",
    "malloc(9) = 0x3000",
    "free(0x3000)",
  );
  assertEquals((await rows(trace)).map(([op, , size]) => [op, size]), [
    [Op.FREE, 0],
    [Op.MALLOC, 8],
    [Op.MALLOC, 9],
    [Op.FREE, 0],
  ]);
  assertEquals(trace.leftOut, 4);
  assertEquals(
    await complaint(
      printed("free(0x0)", " = 0x1000", "free(0x1000)", "free(0x1000)"),
    ),
    't.txt:4: Expected the address of a live block, got "--42-- free(0x1000)"',
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
