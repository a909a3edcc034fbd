/**
 * What ltrace prints.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { Op } from "../../experiments/traces/trace.ts";
import { bytes, complaint, rows } from "./files.ts";

const open = (lines: readonly string[], pids?: number[]) =>
  openTrace("t", () => [bytes(lines.join("\n"))], { ...(pids && { pids }) });

/** Rows without their lines. */
async function requests(...lines: string[]): Promise<number[][]> {
  return (await rows(open(lines))).map((row) => row.slice(0, 4));
}

Deno.test("a log of ltrace is what the program did", async () => {
  assertEquals(
    await requests(
      "malloc(7) = 0x162104cad40",
      "malloc(7) = 0x162104cad60",
      "malloc(7) = 0x162104cad80",
      "malloc(1024) = 0x162104cada0",
      "free(0x162104cad40) = <void>",
      "free(0x162104cad60) = <void>",
      "free(0x162104cad80) = <void>",
    ),
    [
      [Op.MALLOC, 0, 7, 0],
      [Op.MALLOC, 1, 7, 0],
      [Op.MALLOC, 2, 7, 0],
      [Op.MALLOC, 3, 1024, 0],
      [Op.FREE, 0, 0, 0],
      [Op.FREE, 1, 0, 0],
      [Op.FREE, 2, 0, 0],
    ],
  );
});

Deno.test("each form of a call makes the request that it is", async () => {
  assertEquals(
    await requests(
      "__libc_start_main(0x401136, 1, 0x7ffe, 0 <unfinished ...>",
      'printf("malloc(%d) = %p\\n", 7, 0x10)            = 17',
      "a.out->calloc(3, 8)                              = 0x20",
      "malloc@libc.so.6(9, 0x7ffe, ...)                 = 0x40 <0.000123>",
      "[0x40115a] realloc(nil, 5)                       = 0x60",
      "09:15:02 realloc(0x60, 50)                       = 0x80",
      "09:15:02.123456 memalign(64, 100)                = 0xc0",
      "1700000000.123456 _Znwm(24, 0x7ffe, 0)           = 0x100",
      "  0.000123 operator new[](unsigned long)(25)     = 0x140",
      "operator new(unsigned long, std::align_val_t)(26, 32) = 0x160",
      "operator delete(void*, unsigned long)(0x100, 24) = <void>",
      "_ZdaPv(0x140)                                    = <void>",
      "my_malloc(9)                                     = 0x200",
      "realloc(0x80, 0)                                 = 0",
      "malloc(99999999999999)                           = nil",
      "realloc(0x20, 99999999999999)                    = nil",
      "free(nil)                                        = <void>",
      "free(0x7777) = <void>", // from strdup, for example
      "valloc(1)                                        = 0x1000",
      "malloc(7 <no return ...>",
      "--- SIGSEGV (Segmentation fault) ---",
      "+++ killed by SIGSEGV +++",
    ),
    [
      [Op.CALLOC, 0, 24, 0],
      [Op.MALLOC, 1, 9, 0],
      [Op.MALLOC, 2, 5, 0],
      [Op.REALLOC, 2, 50, 0],
      [Op.MEMALIGN, 3, 100, 64],
      [Op.MALLOC, 4, 24, 0],
      [Op.MALLOC, 5, 25, 0],
      [Op.MEMALIGN, 6, 26, 32],
      [Op.FREE, 4, 0, 0],
      [Op.FREE, 5, 0, 0],
      [Op.FREE, 2, 0, 0],
      [Op.FREE, -1, 0, 0],
      [Op.MEMALIGN, 2, 1, 4096],
    ],
  );
});

Deno.test("a call may be interrupted, and shown twice", async () => {
  assertEquals(
    await requests(
      "qsort(0x7ffe, 3, 8, 0x401136 <unfinished ...>",
      "  malloc(4)                                      = 0x10",
      "<... qsort resumed> )                            = <void>",
      "malloc(8 <unfinished ...>",
      "  malloc@libc.so.6(8)                            = 0x20",
      "<... malloc resumed> )                           = 0x20",
      "free(0x20 <unfinished ...>",
      "  free@libc.so.6(0x20)                           = <void>",
      "<... free resumed> )                             = <void>",
      "malloc(5 <unfinished ...>",
      "<... malloc resumed> )                           = 0x30",
    ),
    [
      [Op.MALLOC, 0, 4, 0],
      [Op.MALLOC, 1, 8, 0],
      [Op.FREE, 1, 0, 0],
      [Op.MALLOC, 1, 5, 0],
    ],
  );
});

Deno.test("threads of a program are named together", async () => {
  const lines = [
    "[pid 71] 09:15:02 malloc(9 <unfinished ...>",
    "[pid 72] 09:15:02 malloc(8) = 0x10",
    "[pid 71] 09:15:02 <... malloc resumed> ) = 0x20",
    "72 free(0x20) = <void>",
  ];
  assertEquals(
    await complaint(open(lines)),
    "t:2: Expected one process, or --pid with some of 71 (1 call), " +
      `72 (2 calls), got "${lines[1]}"`,
  );
  const [first, ...rest] = await rows(open(lines, [71, 72]));
  assertEquals(first!.slice(0, 3), [Op.MALLOC, 0, 8]);
  assertEquals(rest.map(([op, slot]) => [op, slot]), [[0, 1], [Op.FREE, 1]]);
  assertEquals((await rows(open(lines, [72]))).length, 1);
});

Deno.test("what cannot be is refused with its line", async () => {
  const cases: [line: string, expected: string][] = [
    ["malloc() = 0x30", "numbers of 0 .. 2^64 - 1"],
    ["malloc(99999999999999999999) = 0x30", "numbers of 0 .. 2^64 - 1"],
    ["free() = <void>", "numbers of 0 .. 2^64 - 1"],
    ["malloc(5) = <error>", "an address"],
    ["_ZnwmS11align_val_t(5) = 0x30", "a function that allocates"],
    [
      "posix_memalign(0x7ffe, 64, 100) = 0",
      "the block's address (ltrace does not show it)",
    ],
  ];
  for (const [line, expected] of cases) {
    assertEquals(
      await complaint(open(["malloc(1) = 0x10", line])),
      `t:2: Expected ${expected}, got "${line}"`,
    );
  }
});
