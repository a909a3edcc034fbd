/**
 * Which format a file is in, and what is said if it is in none.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { FORMATS } from "../../experiments/traces/formats.ts";
import {
  type OpenedTrace,
  openTrace,
} from "../../experiments/traces/open_trace.ts";
import { Op } from "../../experiments/traces/trace.ts";
import { bytes, complaint, gzip, pieces, rows } from "./files.ts";

function open(text: string, pids?: number[]): OpenedTrace {
  const options = { holds: "any" as const, ...(pids && { pids }) };
  return openTrace("t", () => [bytes(text)], options);
}

/** A file of each format: two requests. */
const FILES: Readonly<Record<string, string>> = {
  ".rep": "2\n2\na 1 8\nf 1\n",
  ".pages": "# zone\na 1 3 0\nf 1\n",
  "page events": "# trace points\na,001,500,0,1\nf,001,500,0,\n",
  "page log": "# tracer: nop\ncc1-7 [001] ..... 1.000001: mm_page_alloc: " +
    "page=00ff pfn=0x1f4 order=0 migratetype=1 gfp_flags=GFP_KERNEL\n" +
    "cc1-7 [001] ..... 1.000002: mm_page_free: page=00ff pfn=0x1f4 order=0\n",
  "slab log": "# tracer: nop\ncc1-7 [001] ..... 1.000001: kmalloc: " +
    "call_site=f+0x1/0x2 ptr=00ff bytes_req=24 bytes_alloc=32 gfp_flags=0\n" +
    "cc1-7 [001] ..... 1.000002: kfree: call_site=f+0x1/0x2 ptr=00ff\n",
  heaptrack: "v 10400 3\nt 10 0\n+ 8 1 10\n- 10\n",
  valgrind: "==7== Memcheck\n--7-- malloc(8) = 0x10\n--7-- free(0x10)\n",
  mtrace: "= Start\n@ ./a:[0x1] + 0x10 0x8\n@ ./a:[0x2] - 0x10\n= End\n",
  ltrace: "malloc(8)        = 0x10\nfree(0x10)       = <void>\n",
  minimalloc: "id,lower,upper,size\na,0,5,8\n",
};
/** Formats without lines, which binary_test.ts covers. */
const BINARY = [".wl", "bytehound"];

Deno.test("every format is recognised by its lines, in any wrapping", async () => {
  const names = FORMATS.map(({ name }) => name);
  assertEquals(names, [...Object.keys(FILES), ...BINARY]);
  for (const { name, holds } of FORMATS.filter(({ line }) => line)) {
    const plain = FILES[name]!;
    const wrapped = [
      plain,
      plain.replaceAll("\n", "\r\n"),
      plain.replaceAll(/^/gm, "   \t"),
      "\ufeff" + plain,
      plain.trimEnd(),
    ];
    for (const text of wrapped) {
      for (const file of [bytes(text), await gzip(bytes(text))]) {
        for (const length of [1, 7, 1000]) {
          const trace = openTrace("t", () => pieces(file, length), {
            holds: "any",
          });
          assertEquals((await trace.format()).name, name, text);
          const all = (await rows(trace)).filter(([op]) =>
            op !== Op.CLIENT && op !== Op.THREAD
          );
          assertEquals(all.map(([op]) => op), [Op.MALLOC, Op.FREE]);
          assertEquals((await rows(trace)).length >= 2, true, "a second time");
        }
      }
    }
    const other = holds === "pages" ? "bytes" : "pages";
    const wrong = openTrace("t", () => [bytes(plain)], { holds: other });
    assertEquals(
      await complaint(wrong),
      `t: Expected requests for ${other}, got a trace that requests ${holds} (${name})`,
    );
  }
});

Deno.test("a log may begin with a prompt or what its program printed", async () => {
  const before = [
    "$ valgrind --trace-malloc=yes ./a.out\n",
    "Hello, world\n",
    "42\n",
    "[user@host ~]$ ltrace ./a.out\n\n",
    "p q r\n@ home\n",
    "Enter a number: ",
    `${"what a program prints\n".repeat(20_000)}`,
  ];
  for (const name of ["valgrind", "mtrace", "ltrace"]) {
    for (const lines of before) {
      const trace = open(lines + FILES[name]!);
      assertEquals((await trace.format()).name, name, lines.slice(0, 99));
      assertEquals((await rows(trace)).length, 2);
    }
  }
});

Deno.test("a file without requests is no empty success", async () => {
  const none = /^No requests found in t \(/;
  const cases: [text: string, says: RegExp][] = [
    ["==7== Memcheck, a memory error detector\n==7== HEAP SUMMARY:\n", none],
    ["= Start\n= End\n", none],
    ["\nMemory not freed:\n-----------------\n", none],
    ['puts("Hello") = 6\n+++ exited (status 0) +++\n', none],
    ['write(1, "x", 1)                       = 1\n', none],
    ["0\n0\n0\n1\n", /^No requests found in t$/],
    ["p begin\n@web\n", /^No requests found in t$/],
    ["f,001,500,0,\n", /^No requests found in t$/],
    ["Hello\n\nworld\n", /^t:1: Expected a trace \(\.rep, .*\), got "Hello"$/],
    ["", /^No requests found in t$/],
    ["\n \n", /^No requests found in t$/],
    ["\n\n x y\n", /^t:3: Expected a trace \(.*\), got "x y"$/],
    ["\0\x01\x02", /^t:1: Expected a trace /],
    ["a 1 x\n", /^t:1: Expected a number of bytes/],
    ["a quick brown fox", /^t:1: Expected an id of /],
  ];
  for (const [text, says] of cases) {
    assertMatch(await complaint(open(text)), says, text);
  }
  const hint = await complaint(open("==7== Memcheck\n"));
  assertEquals(
    hint,
    "No requests found in t (valgrind prints them with --trace-malloc=yes)",
  );
});

Deno.test("text without end is not searched to its end", async () => {
  let read = 0;
  function* text() {
    for (; read < 1e5; read++) yield bytes("what is this?\n".repeat(1000));
  }
  assertMatch(await complaint(openTrace("t", text)), /^t:1: Expected a trace/);
  assertEquals(read * 14_000 < 2 ** 21, true);
});

Deno.test("a stream that opens once is recognised and read", async () => {
  let opened = 0;
  let closed = 0;
  function* once() {
    opened++;
    try {
      yield bytes("==7== x\n");
      yield bytes("--7-- malloc(8) = 0x10\n");
    } finally {
      closed++;
    }
  }
  const trace = openTrace("-", once);
  await trace.format();
  await trace.format();
  for await (const block of trace.blocks()) assertEquals(block.length, 1);
  assertEquals([opened, closed], [1, 1]);
  const left = openTrace("-", () => {
    return function* () {
      try {
        for (;;) yield bytes("--7-- free(0x0)\n".repeat(9000));
      } finally {
        closed++;
      }
    }();
  });
  await left.format();
  for await (const _ of left.blocks()) break;
  assertEquals(closed, 2, "closed when its reader has enough");
  const broken = openTrace("t", () => Promise.reject(new Error("no file")));
  await assertRejects(() => broken.format(), Error, "no file");
});

Deno.test("what is left out is counted", async () => {
  const cases: [text: string, leftOut: number][] = [
    [FILES.mtrace! + "@ ./a:[0x2] - 0x10\n@ ./a:[0x2] - 0x99\n", 2],
    [FILES.ltrace! + "free(0x99) = <void>\nrealloc(0x98, 5) = 0x50\n", 1],
    [FILES["page events"]! + "f,001,7,0,\n", 1],
    [FILES.valgrind!, 0],
    [FILES[".rep"]!, 0],
  ];
  for (const [text, leftOut] of cases) {
    const trace = open(text);
    assertEquals(trace.leftOut, 0);
    await rows(trace);
    await rows(trace);
    assertEquals(trace.leftOut, leftOut, text);
  }
});

Deno.test("only logs that name processes can be asked for some", async () => {
  for (const name of [".rep", "mtrace", ".pages"]) {
    assertEquals(
      await complaint(open(FILES[name]!, [7])),
      `t:1: Expected a log that names processes, got "${name}"`,
    );
  }
  for (const name of ["valgrind", "ltrace"]) {
    const text = FILES[name]!.replace("malloc", "[pid 7] malloc");
    assertEquals((await open(text, [7]).format()).name, name);
  }
});

Deno.test("of several processes the user must choose", async () => {
  const text = "--42-- malloc(8) = 0x10\n==43== hello\n" +
    "--42-- malloc(9) = 0x20\n--43-- free(0x10)\n--43-- malloc(5) = 0x10\n" +
    "--42-- malloc(7)\n--43--  = 0x30\n--42-- free(0x20)\n";
  assertEquals(
    await complaint(open(text)),
    "t:4: Expected one process, or --pid with some of 42 (4 calls), " +
      '43 (2 calls), got "--43-- free(0x10)"',
  );
  const of = async (...pids: number[]) =>
    (await rows(open(text, pids))).map((row) => row.slice(0, 3));
  assertEquals(await of(42), [[0, 0, 8], [0, 1, 9], [Op.FREE, 1, 0]]);
  // the child frees what its parent had allocated before it forked
  assertEquals(await of(43), [[0, 0, 5]]);
  assertEquals((await of(42, 43)).length, 6);
  assertEquals(
    await complaint(open(text, [7])),
    "t: Expected --pid with some of 42 (4 calls), 43 (2 calls), got 7",
  );
  const many = Array.from({ length: 30 }, (_, i) => `--${i}-- free(0x0)\n`);
  const message = await complaint(open(many.join("")));
  assert(message.includes("11 (1 call), ..., got"), message);
});
