/**
 * Page requests in the words of the kernel's tracers, real and made up.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { Op } from "../../experiments/traces/trace.ts";
import ftrace from "./fixtures/ftrace.txt.gz" with { type: "bytes" };
import perf from "./fixtures/perf.txt.gz" with { type: "bytes" };
// What trace-cmd 3.1.6 extracts of a buffer of its own, and reports.
import traceCmd from "./fixtures/trace-cmd.txt.gz" with { type: "bytes" };
import { bytes, complaint, pieces, rows } from "./files.ts";

const open = (file: Uint8Array) =>
  openTrace("p", () => pieces(file, 1000), { holds: "pages" });

/** Op, slot, size and extra of every row. */
async function read(text: string) {
  const trace = open(bytes(text));
  const all = (await rows(trace)).map((row) => row.slice(0, 4));
  return { rows: all, names: trace.names, leftOut: trace.leftOut };
}

const ALLOC = "a-7 [001] ..... 5.000001: mm_page_alloc: page=00000000d2be5665 ";

Deno.test("one request, in the words of four tracers", async () => {
  const words = [
    ALLOC + "pfn=0x1f4 order=3 migratetype=2 gfp_flags=GFP_KERNEL\n",
    "  a-7     [001]     5.000001: mm_page_alloc:        page=0xffffea0 " +
    "pfn=500 order=3 migratetype=2 gfp_flags=GFP_KERNEL|__GFP_ZERO\n",
    "  a     7 [001]     5.000001:   kmem:mm_page_alloc: page=0x1f4 pfn=0x1f4 " +
    "order=3 migratetype=2 nr_free=3650 gfp_flags=GFP_KERNEL\n",
    " 5.000001 |   1)               |  /* mm_page_alloc: page=00000000d2be5665 " +
    "pfn=500 order=3 migratetype=2 gfp_flags=GFP_KERNEL */\n",
    "   1)               |  /* mm_page_alloc: page=00000000d2be5665 " +
    "pfn=500 order=3 migratetype=2 gfp_flags=GFP_KERNEL */\n",
  ];
  for (const text of words) {
    assertEquals(await read("cpus=2\n" + text), {
      rows: [[Op.CLIENT, 0, 0, 0], [Op.MALLOC, 0, 3, 2]],
      names: ["cpu1"],
      leftOut: 0,
    }, text);
  }
});

/** The event `event` of page frame `frame`, a line. */
function line(event: string, frame: number, micros = 0): string {
  const time = (5 + micros / 1e6).toFixed(6);
  const rest = event === "alloc" ? " migratetype=1 gfp_flags=GFP_KERNEL" : "";
  return `a-7 [000] d..1. ${time}: mm_page_${event}: page=00ab pfn=${frame} ` +
    `order=0${rest}\n`;
}

const [a, f] = [[Op.MALLOC, 0, 0, 1], [Op.FREE, 0, 0, 0]];

Deno.test("a page that is freed in a batch is freed once", async () => {
  const cases: [events: [string, number][], leftOut: number][] = [
    [[["alloc", 7], ["free", 7], ["free_batched", 7], ["alloc", 7]], 0],
    [[["alloc", 7], ["free_batched", 7], ["free", 7], ["alloc", 7]], 0],
    [[["alloc", 7], ["pagevec_free", 7], ["free_direct", 7], ["alloc", 7]], 0],
    [[["alloc", 7], ["free_batched", 7], ["alloc", 7]], 0],
    [[["free_batched", 9], ["free", 9], ["alloc", 7], ["free", 7], [
      "alloc",
      7,
    ]], 1],
    [[["alloc", 7], ["alloc", 7]], 0], // the free was not recorded
  ];
  for (const [events, leftOut] of cases) {
    const text = events.map(([event, frame]) => line(event, frame)).join("");
    const { rows, leftOut: left } = await read(text);
    const requests = rows.filter(([op]) => op !== Op.CLIENT);
    assertEquals([requests, left], [[a, f, a], leftOut], text);
  }
});

Deno.test("refused requests, fallbacks and other events are passed over", async () => {
  const { rows } = await read(
    line("alloc", 7) +
      "a-7 [000] d.s. 5.0: mm_page_alloc_extfrag: page=ffffea00 pfn=26235008 " +
      "alloc_order=3 fallback_order=3 pageblock_order=9 alloc_migratetype=0 " +
      "fallback_migratetype=2 fragmenting=1 change_ownership=1\n" +
      "a-7 [000] ..... 5.0: mm_page_alloc: page=0000000000000000 pfn=0x0 " +
      "order=9 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE\n" +
      "a-7 [000] ..... 5.0: mm_page_alloc: page=(null) pfn=0 order=9 " +
      "migratetype=1 gfp_flags=GFP_KERNEL\nCPU:0 [LOST 12 EVENTS]\n" +
      "a-7 [000] ..... 5.000100: kmalloc: call_site=x ptr=y bytes_req=1\n" +
      line("free", 7, 2500),
  );
  assertEquals(rows.slice(1), [a, [Op.TIME, -1, 2500, 0], f]);
});

Deno.test("what a zone does with lists of CPUs is no request", async () => {
  const inside =
    "order=0 migratetype=1 percpu_refill=1\na-7 [000] d..3. 5.0: " +
    "mm_page_pcpu_drain: page=00000000e9eda7de pfn=0x7 order=0 migratetype=1\n";
  const text = "a-7 [000] d..3. 5.0: mm_page_alloc_zone_locked: " +
    "page=0000000032101b27 pfn=0x7 " + inside;
  const { rows } = await read(line("alloc", 7) + text + line("free", 7));
  assertEquals(rows.slice(1), [a, f]);
});

Deno.test("refused requests and unknown frees are counted", async () => {
  const trace = open(bytes(
    ALLOC + "pfn=0x0 order=0 migratetype=1 gfp_flags=GFP_ATOMIC\n" +
      line("alloc", 7) + line("free", 9) + line("free", 7),
  ));
  await rows(trace);
  assertEquals([trace.refused, trace.leftOut], [1, 1]);
});

Deno.test("a block is freed by parts", async () => {
  const { rows } = await read(
    ALLOC + "pfn=8 order=2 migratetype=0 gfp_flags=GFP_KERNEL\n" +
      [9, 8, 11, 10].map((frame) => line("free", frame)).join(""),
  );
  const split = (slot: number, half: number) => [Op.SPLIT, slot, half, 0];
  const free = (slot: number) => [Op.FREE, slot, 0, 0];
  assertEquals(rows.filter(([op]) => op !== Op.CLIENT), [
    [Op.MALLOC, 0, 2, 0],
    split(0, 1),
    split(0, 2),
    free(2),
    free(0),
    split(1, 0),
    free(0),
    free(1),
  ]);
});

Deno.test("an event that is not whole is refused", async () => {
  const expected = "order and, of an allocation, migratetype 0 .. 5";
  for (const rest of ["", " order=0", " order=0 migratetype=7"]) {
    const text = ALLOC + "pfn=500" + rest;
    const message = await complaint(open(bytes(line("alloc", 7) + text)));
    assertEquals(message.startsWith(`p:2: Expected ${expected}, got`), true);
  }
});

Deno.test("what a 6.18 kernel recorded of small programs", async () => {
  for (const file of [ftrace, perf, traceCmd]) {
    const stream = new Blob([Uint8Array.from(file)]).stream()
      .pipeThrough(new DecompressionStream("gzip"));
    const text = await new Response(stream).text();
    const frees = text.match(/mm_page_free:/g)!.length;
    assertEquals(text.match(/mm_page_free_batched:/g)!.length > 20, true);
    const trace = open(file);
    const all = await rows(trace);
    const freed = all.filter(([op]) => op === Op.FREE).length;
    assertEquals(freed + trace.leftOut, frees);
    assertEquals(freed > 40, true);
  }
});
