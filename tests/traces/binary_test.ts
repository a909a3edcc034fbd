/**
 * Formats without lines: workloads of glibc's tracer, replays of bytehound.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { Op } from "../../experiments/traces/trace.ts";
import { byteReplay, workload } from "./binary.ts";
import { complaint, gzip, joined, pieces, rows, zstd } from "./files.ts";

const open = (file: Uint8Array, length = 1000) =>
  openTrace("b", () => pieces(file, length));

/** Op, slot, size and extra of every row. */
async function read(file: Uint8Array, length?: number): Promise<number[][]> {
  return (await rows(open(file, length))).map((row) => row.slice(0, 4));
}

const EVERY_CALL = workload(
  0,
  [
    [2, 1, 300],
    [3, 2, 2 ** 40],
    [0],
    [4, 3, 1, 500], // moves
    [4, 3, 3, 600], // stays
    [12, 4, 4096, 70],
    [2, 0, 99], // refused
    [5, 0],
    [5, 2],
    [4, 0, 3, 0], // frees
    [4, 5, 0, 8], // is malloc
    [2, 5, 9], // its free was not seen
    [5, 77], // not seen
  ],
);

Deno.test("every call of a workload", async () => {
  const expected = [
    [Op.MALLOC, 0, 300, 0],
    [Op.CALLOC, 1, 2 ** 40, 0],
    [Op.REALLOC, 0, 500, 0],
    [Op.REALLOC, 0, 600, 0],
    [Op.MEMALIGN, 2, 70, 4096],
    [Op.FREE, -1, 0, 0],
    [Op.FREE, 1, 0, 0],
    [Op.FREE, 0, 0, 0],
    [Op.MALLOC, 0, 8, 0],
    [Op.FREE, 0, 0, 0],
    [Op.MALLOC, 0, 9, 0],
  ];
  for (const file of [EVERY_CALL, await gzip(EVERY_CALL), zstd(EVERY_CALL)]) {
    for (const length of [1, 7, 1000]) {
      assertEquals(await read(file, length), expected);
    }
  }
  const trace = open(EVERY_CALL);
  assertEquals((await trace.format()).name, ".wl");
  const all = await rows(trace);
  assertEquals(trace.leftOut, 1);
  const [first, second] = all.map((row) => row[4]!); // offsets of the calls
  assertEquals(
    EVERY_CALL.subarray(first, second),
    Uint8Array.of(2, 1, 130, 44),
  );
});

Deno.test("threads wait for signals, and take turns", async () => {
  const calls = (pointer: number, count: number) =>
    Array.from({ length: count }, () => [[2, pointer, 8], [5, pointer]]).flat();
  const file = workload(
    2,
    [[2, 1, 100], [6, 1], [7, 2], [5, 2]],
    [[7, 1], [5, 1], [2, 2, 200], [6, 2]],
  );
  assertEquals(await read(file), [
    [Op.MALLOC, 0, 100, 0],
    [Op.THREAD, 1, 0, 0],
    [Op.FREE, 0, 0, 0],
    [Op.MALLOC, 0, 200, 0],
    [Op.THREAD_END, 1, 0, 0],
    [Op.FREE, 0, 0, 0],
  ]);
  // one thread has three times the calls of the other: both end together
  const mixed = await read(workload(0, calls(1, 60), calls(2, 180)));
  const turns = mixed.filter(([op]) => op === Op.THREAD).length;
  assertEquals(turns > 10, true, `${turns} turns`);
  assertEquals(mixed.at(-1)![0] === Op.FREE || mixed.at(-1)![0] === 13, true);
  const long = await read(workload(0, calls(1, 9000), calls(2, 9000)));
  const frees = long.filter(([op]) => op === Op.FREE);
  assertEquals(frees.length, 18_000, "more than a block holds");
});

Deno.test("a workload that cannot be is refused", async () => {
  const body = (...numbers: number[]) => workload(1, [[2, 1, 8], numbers]);
  const cases: [file: Uint8Array, says: string][] = [
    [body(9, 5), "b:12: Expected a code of 0 .. 7, or 12, got "],
    [body(7, 1), "Expected signal 1, which nobody gives, got"],
    [body(6, 2), "Expected a signal of 1 .. 1, got"],
    [body(2, 5), "Expected more bytes, got"], // the 1 is taken for a size
    [body(2, 5, 8).subarray(0, -2), "Expected more bytes, got"],
    [Uint8Array.of(8, 1, 9, 0, 10, 1, 11, 99, 1), "Expected an offset in"],
    [Uint8Array.of(8, 1, 9, 0, 10, 1, 1), "No requests found in b"],
    [Uint8Array.of(8, 1, 9, 0, 10, 1, 11, 8, 11, 9, 1), "Expected fewer thr"],
    [Uint8Array.of(8, 1, 9, 0, 10, 2, 11, 10, 11, 10, 1), "another for each"],
    [
      Uint8Array.of(8, 1, 9, 0, 10, 0x90, 0, 1),
      "Expected at most 1024 threads",
    ],
    [
      Uint8Array.of(8, 1, 9, 0, 10, 2, 11, 11, 11, 13, 1, 5, 0, 5, 0, 1),
      "Expected the end of the thread's calls",
    ],
    [Uint8Array.of(8, 1, 9, 0xff, 0xff, 0x7f, 10, 0, 1), "Expected fewer sig"],
  ];
  for (const [file, says] of cases) {
    const message = await complaint(open(file));
    assertEquals(message.includes(says), true, `${message} lacks ${says}`);
  }
  const digits = joined(
    workload(0, []).subarray(0, -1),
    Uint8Array.of(2, ...new Array(12).fill(0xff), 1),
  );
  assertEquals(
    (await complaint(open(digits))).includes("a number of at most 64 bits"),
    true,
  );
});

Deno.test("a replay of bytehound", async () => {
  const file = byteReplay(
    3,
    [1, 0, 5_000_000, 100],
    [1, 2, 5_000_400, 50],
    [3, 0, 5_001_500, 900],
    [2, 2, 5_001_600, 0],
    [1, 2, 5_009_000, 2 ** 63],
  );
  const expected = [
    [Op.MALLOC, 0, 100, 0],
    [Op.MALLOC, 1, 50, 0],
    [Op.TIME, -1, 1500, 0],
    [Op.REALLOC, 0, 900, 0],
    [Op.FREE, 1, 0, 0],
    [Op.TIME, -1, 9000, 0],
    [Op.MALLOC, 1, 2 ** 63, 0],
  ];
  for (const length of [1, 33, 1000]) {
    assertEquals(await read(file, length), expected);
  }
  assertEquals((await open(file).format()).name, "bytehound");
  assertEquals((await rows(open(file)))[3]![4], 3, "operations are numbered");
  const many = Array.from({ length: 9000 }, (_, i) => [
    [1, 0, 2000 * i, 8],
    [2, 0, 2000 * i + 1000, 0],
  ]).flat() as [number, number, number, number][];
  for (const length of [16, 1000, 1e6]) {
    const all = await read(byteReplay(1, ...many), length);
    assertEquals(all.length, 4 * 9000 - 1);
  }
});

Deno.test("a replay of bytehound that cannot be is refused", async () => {
  const cases: [file: Uint8Array, says: string][] = [
    [
      byteReplay(2, [1, 0, 0, 8], [1, 0, 0, 8]),
      "b:2: Expected a slot that is free",
    ],
    [
      byteReplay(2, [1, 0, 0, 8], [2, 1, 0, 8]),
      "b:2: Expected a slot that is taken",
    ],
    [
      byteReplay(2, [1, 0, 0, 8], [3, 1, 0, 8]),
      "b:2: Expected a slot that is taken",
    ],
    [
      byteReplay(2, [1, 0, 0, 8], [4, 1, 0, 8]),
      "b:2: Expected operation 1, 2 or 3",
    ],
    [
      byteReplay(2, [1, 0, 0, 8], [1, 2 ** 40, 0, 8]),
      "b:2: Expected a slot of 0",
    ],
    [
      byteReplay(2, [1, 0, 0, 8], [2, 0, 0, 0]).subarray(0, -3),
      'b:2: Expected a whole operation, 32 bytes, got "29 bytes"',
    ],
    [byteReplay(2), "b:1: Expected a trace"],
  ];
  for (const [file, says] of cases) {
    const message = await complaint(open(file));
    assertEquals(message.slice(0, says.length), says);
  }
});
