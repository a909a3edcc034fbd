/**
 * What glibc's mtrace() writes.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { Op } from "../../experiments/traces/trace.ts";
import { bytes, rows } from "./files.ts";

/** Rows without their lines. */
async function requests(...lines: string[]): Promise<number[][]> {
  const trace = openTrace("t", () => [bytes(lines.join("\n"))]);
  return (await rows(trace)).map((row) => row.slice(0, 3));
}

Deno.test("a log of mtrace is what the program did", async () => {
  assertEquals(
    await requests(
      "= Start",
      "@ ./a.out:[0x1190] + 0x5609a3ad44a0 0x64",
      "@ ./a.out:[0x11a3] + 0x5609a3ad4510 0x100",
      "@ ./a.out:[0x11b8] < 0x5609a3ad44a0",
      "@ ./a.out:[0x11b8] > 0x5609a3ad4620 0x12c",
      "@ ./a.out:[0x11c8] - 0x5609a3ad4620",
      "@ ./a.out:[0x11d4] - 0x5609a3ad4510",
      "= End",
    ),
    [
      [Op.MALLOC, 0, 100],
      [Op.MALLOC, 1, 256],
      [Op.REALLOC, 0, 300],
      [Op.FREE, 0, 0],
      [Op.FREE, 1, 0],
    ],
  );
});

Deno.test("callers of any form, refusals, and blocks from before", async () => {
  assertEquals(
    await requests(
      "@ [0x7f10] - 0x30", // from before the call of mtrace()
      "@ /lib/x86_64-linux-gnu/libc.so.6:(strdup+0x1a)[0x7f] + 0x10 0x4",
      "@ /my programs/a b:(main+0x1d)[0x8048] + 0x20 0",
      "@ ./a.out:[0x1190] + (nil) 0xffffffffffff",
      "@ ./a.out:[0x1190] ! 0x10 0xffffffffffff",
      "@ ./a.out:[0x11b8] < 0x40", // from before, too
      "@ ./a.out:[0x11b8] > 0x50 0x8",
      "@ ./a.out:[0x1190] + 0x10 0x9", // freed where nobody saw it
      "the program's own line + 0x10 0x4",
      "@ ./a.out:[0x11d4] - 0x2", // cut off
    ),
    [
      [Op.MALLOC, 0, 4],
      [Op.MALLOC, 1, 0],
      [Op.MALLOC, 2, 8],
      [Op.FREE, 0, 0],
      [Op.MALLOC, 0, 9],
    ],
  );
  assertEquals(
    await requests(
      "= Start",
      "@ ./a:[0x1] + 0x10 0x8",
      "@ ./a:[0x1] < 0x10",
      "@ ./a:[0x1] > 0x10 0x9",
      "@ ./a:[0x1] +",
      "@ ./a:[0x1] + 0x20",
    ),
    [[Op.MALLOC, 0, 8], [Op.REALLOC, 0, 9]],
  );
});
