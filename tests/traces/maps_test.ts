/**
 * The address space of a process, as files tell it.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { STACK_GUARD } from "../../allocators/os/layout.ts";
import { parseMaps, readMaps } from "../../experiments/traces/maps.ts";
import { bytes } from "./files.ts";

const MAPS = `555555554000-555555578000 r-xp 00000000 fe:00 917 /bin/a
555555579000-55555559a000 rw-p 00000000 00:00 0                          [heap]
7ffff7dd0000-7ffff7fff000 r-xp 00000000 fe:00 2043 /lib/libc.so.6
7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0                          [stack]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
`;

Deno.test("the maps of a process say where break and mappings are", () => {
  assertEquals(parseMaps("maps", MAPS), {
    heapStart: 0x5555_5557_9000,
    mmapTop: 0x7fff_f7ff_f000,
    occupied: [
      [0x5555_5555_4000, 0x5555_5557_8000],
      [0x7fff_f7dd_0000, 0x7fff_f7ff_f000],
      [0x7fff_fffd_e000 - STACK_GUARD, 0x7fff_ffff_f000],
    ],
  });
});

Deno.test("a recorded run is read up to its last mapping", async () => {
  const run = "T top_pad=0\n# bits=64 heap0=5000 anchor=7000\n" +
    "V 1000 3000 [heap]\nV 7000 8000 \nS 0 0\n0 H 10 24\nV 9000 a000 late\n";
  assertEquals(await readMaps("run", () => [bytes(run)]), {
    heapStart: 0x5000, // and what lies below it, lies there
    mmapTop: 0x8000,
    occupied: [[0x1000, 0x3000], [0x7000, 0x8000]],
  });
});

Deno.test("what jemalloc did at its start is not occupied", async () => {
  const run = "V 1000 3000 \nV 10000 18000 \nP 4000\nM 20000 4096\n" +
    "U 20000 4096\nM 12000 8192\nM 16000 8192\n" +
    "X 2800 64 libjemalloc.so.2\nX 2900 64 libc.so.6\nA 8 0\nM 10000 4096\n";
  assertEquals(await readMaps("run", () => [bytes(run)]), {
    heapStart: 0x4000,
    mmapTop: 0x18000,
    occupied: [[0x1000, 0x3000], [0x10000, 0x12000], [0x14000, 0x16000]],
    origins: {
      mappings: [[0x12000, 0x14000], [0x16000, 0x18000]],
      threadLocal: 0x2800,
    },
  });
});

const RECORDED =
  "V or D START END, P ADDRESS, or M, U or X START BYTES of a recorded run";
const GAP = "a gap within a mapping";

/** What is said of a line. */
function said(line: number, expected: string, got: string): string {
  return `m:${line}: Expected ${expected}, got "${got}"`;
}

for (
  const [text, says] of [
    ["", "m: No [heap], no P and no heap0= found"],
    ["\n1000-2000 r", 'm:1: Expected START-END ... NAME, got ""'],
    ["V 1000 2000 \nP zz", said(2, RECORDED, "P zz")],
    ["V 1000 2000 \nP 3000 7", said(2, RECORDED, "P 3000 7")],
    ["V 1000 2000 \nP 3000\nM 8000", said(3, RECORDED, "M 8000")],
    ["V 1000 2000 \nV 9000", said(2, RECORDED, "V 9000")],
    ["V 1000 2000 \nD 1ff0 1fe0", said(2, GAP, "D 1ff0 1fe0")],
    ["V 1000 2000 \nD 1ff0 2010", said(2, GAP, "D 1ff0 2010")],
    ["# of nobody", "m: No [heap], no P and no heap0= found"],
    ["1000-2000 rw-p 0 0 0 /a", "m: No [heap], no P and no heap0= found"],
    ["1000-2000 rw-p 0 0 0 [heap]", "m: No mappings found"],
    [
      "1000-2000 r\n1000-3000 r",
      'm:2: Expected whole pages above the mapping before, got "1000-3000 r"',
    ],
    [
      "1000-2001 r",
      'm:1: Expected whole pages above the mapping before, got "1000-2001 r"',
    ],
    ["a 0 100", 'm:1: Expected START-END ... NAME, got "a 0 100"'],
  ] as const
) {
  Deno.test(`${JSON.stringify(text)} is no address space`, async () => {
    const read = () => readMaps("m", () => [bytes(text)]);
    const { message } = await assertRejects(read, SyntaxError);
    assertEquals(message, says);
  });
}
