/**
 * A hundred thousand damaged traces: each is read as the plain reader reads
 * it, or refused with its line, and none takes long.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { decompress } from "../../experiments/traces/decompress.ts";
import { Names, wholeLines } from "../../experiments/traces/lines.ts";
import { Block, Op } from "../../experiments/traces/trace.ts";
import { prng } from "../../experiments/laws/prng.ts";
import { RepParser } from "../../experiments/traces/rep_reader.ts";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { ValgrindParser } from "../../experiments/traces/valgrind.ts";
import { byteReplay, workload } from "./binary.ts";
import { bytes, collected, gzip, joined, pieces, rows } from "./files.ts";
import { plainRead } from "./plain_reader.ts";

const REP = [
  "0\n5\n9\n1\na 7 100\nc 8 200\n@web server\nm 9 64 300\nw 7 90 10\n" +
  "g 9 0 300\nr 7 0\nf 7\nr 7 50\nr 7 60\nf -1\nt 4096\no -2 131072\n" +
  "k -4096\np load\na 10 9007199254740993\n@web server\nf 8\n",
  "2\n4\na 1 16\na 2 32\nr 1 64\nf 2\nr 2 0\nf 1\nf 2\n",
  "# comment\n\na 0 1\r\na 1 2\r\nr 0 0\r\na 0 3\r\nf 0\r\nf 1\r\n",
  "a 1 18446744073709551615\nf 1\np x\np y\np x\nk 5\nt 0\n",
  "S 1 f (a.c:1) < main\nR 4096\na 1 16 s1\nS 2 g\nc 2 8 s2\nN 77\n" +
  "m 3 64 100 s1\nr 1 9 s2\nr 2 5\n",
];
const VALGRIND = [
  "==42== Memcheck\n--42-- malloc(24) = 0x10\n--42-- calloc(7,9) = 0x20\n" +
  "--42-- realloc(0x10,500) = 0x40\n--42-- realloc(0x0,15)malloc(15) = 0x10\n" +
  "--42-- realloc(0x10,0)free(0x10)\n--42--  = 0\n--42-- free(0x20)\n" +
  "--42-- _ZnwmSt11align_val_t(size 128, al 64) = 0x80\n--42-- _ZdlPv(0x80)\n",
];
const LOGS = [
  ...VALGRIND,
  "= Start\n@ ./a:[0x1] + 0x10 0x8\n@ ./a:[0x1] + 0x20 0\n" +
  "@ ./a:[0x2] < 0x10\n@ ./a:[0x2] > 0x30 0x9\n@ [0x3] - 0x20\n= End\n",
  "malloc(7) = 0x10\ncalloc(7, 9) = 0x20\nmalloc(7 <unfinished ...>\n" +
  "<... malloc resumed> ) = 0x40\nrealloc(0x10, 500) = 0x10\n" +
  "free(0x20) = <void>\nrealloc(0x10, 0) = nil\n",
];
const HEAPTRACK = [
  "v 10400 3\nx 2 ./p\nX ./p\nI 1000 ff\nm 1 -\nm 1 x 5000 0 740 1000 299\n" +
  "t 5010 0\nt 6010 1\n+ 64 2 55a0\n+ 1f 1 55b0\nc 1\n- 55a0\nR 3df\n" +
  "+ 10 0 55a0\n- 55b0\nt 7 2\n+ ffffffffffffffff 3 ffffffffffffffff\n",
];
const PAGES = [
  "# tracer: nop\na-7 [001] ..... 1.000001: mm_page_alloc: page=0ff pfn=0x1f4 " +
  "order=0 migratetype=1 gfp_flags=GFP_KERNEL\na-7 [000] ..... 1.500002: " +
  "mm_page_free: page=0ff pfn=0x1f4 order=0\na 7 [000] 1.500003: kmem:" +
  "mm_page_free_batched: page=0ff pfn=500 order=0\n",
];
const BUFFERS = ["id,lower,upper,size\na,0,5,10\nb,3,9,20\nc,5,7,30\n"];
const OTHERS = [...HEAPTRACK, ...PAGES, ...BUFFERS].map(bytes);
const BINARY = [
  workload(2, [[2, 1, 300], [6, 1], [4, 3, 1, 500], [7, 2], [5, 3]], [
    [7, 1],
    [3, 2, 70],
    [6, 2],
    [12, 4, 64, 9],
    [5, 2],
  ]),
  byteReplay(3, [1, 0, 5000, 100], [1, 2, 5400, 50], [3, 0, 7000, 900], [
    2,
    2,
    7000,
    0,
  ]),
];
const SCRAPS = [
  ..." \n\t\r#@-0123456789acrfmtokwgpxsSNRé\0\x7f",
  "9007199254740992",
  "18446744073709551616",
  "f -1\n",
  "r 1 0\n",
  "a 1 5\n",
  "--42-- ",
  "--43-- ",
  " = 0x10",
  "malloc(7)",
  "free(0x10)",
  "m - ",
  " order=3 ",
  "mm_page_alloc: ",
  "pfn=0x1f4 ",
  "+ 8 1 ",
  "ffffffffffffffff",
].map(bytes);

/** Used again by every parser. */
const BLOCK = new Block();
const random = prng(20240101);
const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!;

/** One to three changes to a trace of `corpus`. */
function damaged(corpus: readonly (string | Uint8Array)[]): Uint8Array {
  const whole = pick(corpus);
  let file = typeof whole === "string" ? bytes(whole) : whole;
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const from = random.below(file.length + 1);
    const to = Math.min(file.length, from + random.below(12));
    const [head, cut, tail] = [
      file.subarray(0, from),
      file.subarray(from, to),
      file.subarray(to),
    ];
    switch (random.below(5)) {
      case 0:
        file = joined(head, tail);
        break;
      case 1:
        file = joined(head, cut, cut, tail);
        break;
      case 2:
        file = joined(head, pick(SCRAPS), tail);
        break;
      case 3:
        file = joined(head, pick(SCRAPS), cut, tail);
        break;
      case 4:
        file = joined(tail, bytes("\n"), head);
        break;
    }
  }
  return file;
}

/** The parser's rows, or the number of the line that it refuses. */
function parse(
  parser: RepParser | ValgrindParser,
  file: Uint8Array,
): number[][] | number {
  const text = joined(file, bytes(file.at(-1) === 10 ? "" : "\n"));
  BLOCK.length = 0;
  try {
    if (file.length > 0) parser.parse(text, 0);
    parser.end();
  } catch (error) {
    return refusal(error);
  }
  const { length, op, slot, size, extra, line, site } = BLOCK;
  return Array.from(
    { length },
    (_, i) => [op[i]!, slot[i]!, size[i]!, extra[i]!, line[i]!, site[i]!],
  );
}

/** The line in an error, which must be one that a user understands. */
function refusal(error: unknown): number {
  assert(error instanceof SyntaxError, `${error}`);
  assertMatch(error.message, /^fuzz:\d+: Expected [^\n]+, got "[^\n]*"$/);
  return Number(error.message.split(":")[1]);
}

Deno.test("90,000 damaged traces are read as they should be", () => {
  let [good, slowest] = [0, 0];
  for (let i = 0; i < 90000; i++) {
    const file = damaged(REP);
    const before = performance.now();
    const result = parse(new RepParser("fuzz", new Names(), BLOCK), file);
    slowest = Math.max(slowest, performance.now() - before);
    const text = new TextDecoder().decode(file);
    const [ours, plain] = [result, plainRead(text)].map((r) => `${r}`);
    assertEquals(ours, plain, JSON.stringify(text));
    if (typeof result !== "number") good++;
  }
  assert(slowest < 1000, `${slowest} ms`);
  assert(good > 9000 && good < 81000, `${good} are good`);
});

Deno.test("10,000 damaged recordings of valgrind are read or refused", () => {
  let [good, slowest] = [0, 0];
  for (let i = 0; i < 10000; i++) {
    const file = damaged(VALGRIND);
    const before = performance.now();
    const result = parse(new ValgrindParser("fuzz", {}, BLOCK), file);
    slowest = Math.max(slowest, performance.now() - before);
    if (typeof result !== "number") {
      assertContract(result);
      good++;
    }
  }
  assert(slowest < 1000, `${slowest} ms`);
  assert(good > 1000 && good < 9000, `${good} are good`);
});

Deno.test("10,000 damaged files of other formats are read or refused", async () => {
  let [good, slowest] = [0, 0];
  for (let i = 0; i < 10000; i++) {
    const file = damaged([...OTHERS, ...BINARY]);
    const before = performance.now();
    try {
      const holds = "any" as const;
      assertContract(await rows(openTrace("fuzz", () => [file], { holds })));
      good++;
    } catch (error) {
      if (/^No requests found in fuzz/.test(`${(error as Error).message}`)) {
        continue;
      }
      refusal(error);
    }
    slowest = Math.max(slowest, performance.now() - before);
  }
  assert(slowest < 1000, `${slowest} ms`);
  assert(good > 1000 && good < 9000, `${good} are good`);
});

Deno.test("2,000 damaged files are read alike in any pieces", async () => {
  for (let i = 0; i < 2000; i++) {
    const plain = damaged([...REP, ...LOGS, ...OTHERS, ...BINARY]);
    const file = i % 2 > 0 ? await gzip(plain) : plain;
    const outcomes = [1 + random.below(9), 1000].map(async (length) => {
      try {
        return await rows(openTrace("fuzz", () => pieces(file, length)));
      } catch (error) {
        // Said of the file as a whole.
        const whole =
          /^(No requests found in fuzz|fuzz: Expected requests for)/;
        if (whole.test(`${(error as Error).message}`)) return 0;
        return refusal(error);
      }
    });
    const [one, other] = await Promise.all(outcomes);
    assertEquals(one, other);
    if (typeof one !== "number") assertContract(one!);
  }
});

Deno.test("2,000 damaged gzip files are refused or right", async () => {
  const original = bytes(REP.join("").repeat(20));
  const whole = await gzip(original);
  for (let i = 0; i < 2000; i++) {
    const file = whole.slice();
    // past the header, whose time and system mean nothing
    file[10 + random.below(file.length - 10)]! ^= 1 << random.below(8);
    const end = random.below(4) > 0 ? file.length : random.below(file.length);
    const chunks = wholeLines(
      decompress("t", pieces(file.subarray(0, end), 64)),
    );
    try {
      assertEquals(await collected(chunks), end > 0 ? original : bytes(""));
    } catch (error) {
      assert(error instanceof SyntaxError, `${error}`);
      assertMatch(error.message, /^t: Cannot decompress: [^\n]+$/);
    }
  }
});

/** Fails if what is live is allocated, or what nobody holds is freed. */
function assertContract(all: readonly number[][]): void {
  const live = new Map<number, boolean>(); // by slot; false: it holds NULL
  for (const [op, slot, size] of all) {
    assert(
      Number.isInteger(slot) && slot! >= -1 && size! <= 2 ** 64,
      JSON.stringify(all),
    );
    if (op === Op.FREE) {
      assert(slot === -1 || live.delete(slot!), JSON.stringify(all));
    } else if (op === Op.REALLOC) {
      live.set(slot!, size! > 0 || !live.get(slot!));
    } else if (op! < Op.TRIM) {
      assert(!live.get(slot!), JSON.stringify(all));
      live.set(slot!, true);
    }
  }
}
