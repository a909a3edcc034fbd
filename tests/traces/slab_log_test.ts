/**
 * Requests for kernel objects in the words of the kernel's tracers, real and
 * made up.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import inodes from "../../data/traces/shmem_inodes_7.2.txt.gz" with {
  type: "bytes",
};
import older from "../../data/traces/shmem_inodes_6.12.txt.gz" with {
  type: "bytes",
};
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { Op } from "../../experiments/traces/trace.ts";
import mixed from "./fixtures/kmem_events_7.2.txt.gz" with { type: "bytes" };
import { bytes, complaint, pieces, rows } from "./files.ts";

const open = (file: Uint8Array) => openTrace("s", () => pieces(file, 1000));

/** Op, slot and size of every row but the marks. */
async function read(text: string) {
  const trace = open(bytes(text));
  const all = (await rows(trace)).map((row) => row.slice(0, 3));
  const { leftOut, refused } = trace;
  return { rows: all, leftOut, refused };
}

const SITE = "call_site=f+0x21/0x40 [m]";
const HEAD = "a-7 [003] ..... 5.000001: ";
const REST = "bytes_req=688 bytes_alloc=696 gfp_flags=GFP_KERNEL node=-1\n";
const alloc = (ptr: string, rest = REST) =>
  `${HEAD}kmem_cache_alloc: ${SITE} ptr=${ptr} ${rest}`;
const free = (ptr: string) =>
  `${HEAD}kmem_cache_free: ${SITE} ptr=${ptr} name=x\n`;
const [on3, a, f] = [[Op.THREAD, 3, 0], [Op.MALLOC, 0, 688], [Op.FREE, 0, 0]];

Deno.test("one request, in the words of four tracers", async () => {
  const words = [
    alloc("00000000d2be5665"),
    `  a-7     [003]     5.000001: kmem_cache_alloc:     ${SITE} ` +
    `ptr=0xff11000005987918 name=x ${REST}`,
    `  a     7 [003]     5.000001:  kmem:kmem_cache_alloc: (f+0x21) ${SITE} ` +
    `ptr=0xff11000005987918 name=x ${REST}`,
    `a-7 [003] 5.000001: kmem_cache_alloc_node: ${SITE} ptr=ff11 ${REST}`,
    `   3)               |  /* kmem_cache_alloc: ${SITE} ptr=00000000d2be5665 ` +
    `${REST.trimEnd()} */\n`,
  ];
  for (const text of words) {
    assertEquals(await read(text), {
      rows: [on3, a],
      leftOut: 0,
      refused: 0,
    }, text);
  }
});

Deno.test("objects are told apart by all that differs in the kernel", async () => {
  const [one, other] = ["ff11000005987918", "ff11000105987918"];
  const text = alloc(one) + alloc(other) + free(one) + free(other);
  assertEquals((await read(text)).rows, [
    on3,
    a,
    [Op.MALLOC, 1, 688],
    f,
    [Op.FREE, 1, 0],
  ]);
});

Deno.test("what was there before, what was refused, what went unseen", async () => {
  const cases: [
    text: string,
    rows: number[][],
    leftOut: number,
    refused?: number,
  ][] = [
    [alloc("a1") + free("a2") + free("a1"), [on3, a, f], 1],
    [alloc("a1") + alloc("a1"), [on3, a, f, a], 0],
    [
      alloc("(null)") + alloc("0000000000000000") + alloc("a1"),
      [
        on3,
        a,
      ],
      0,
      2,
    ],
    [alloc("a1") + `${HEAD}kfree: ${SITE} ptr=(nil)\n` + free("a1"), [
      on3,
      a,
      f,
    ], 0],
    [
      alloc("a1") + `${HEAD}mm_page_alloc: page=1 pfn=1 order=0\n` + free("a1"),
      [on3, a, f],
      0,
    ],
  ];
  for (const [text, rows, leftOut, refused = 0] of cases) {
    assertEquals(await read(text), { rows, leftOut, refused }, text);
  }
});

Deno.test("CPUs are threads", async () => {
  const text = alloc("a1") + free("a1").replace("[003]", "[012]");
  assertEquals((await read(text)).rows, [on3, a, [Op.THREAD, 12, 0], f]);
});

Deno.test("kmalloc may ask for any size", async () => {
  const text = ["8 bytes_alloc=8", "5000 bytes_alloc=8192"].map((sizes, i) =>
    `${HEAD}kmalloc: ${SITE} ptr=a${i} bytes_req=${sizes} gfp_flags=0\n`
  ).join("");
  assertEquals((await read(text)).rows, [
    on3,
    [Op.MALLOC, 0, 8],
    [Op.MALLOC, 1, 5000],
  ]);
});

Deno.test("two caches, no sizes, no pointer: one line says where", async () => {
  const kmalloc = `${HEAD}kmalloc: ${SITE} ptr=a2 ${REST}`;
  const named = REST.replace("bytes_req", "name=y bytes_req");
  const cases = {
    [alloc("a1") + alloc("a2", REST.replace("688", "640"))]:
      "s:2: Expected allocations of one cache, a cache (688 of 696 bytes); grep " +
      "takes one of several, got",
    [alloc("a1") + kmalloc]: "s:2: Expected allocations of one cache, a cache",
    [kmalloc + alloc("a1")]:
      "s:2: Expected allocations of one cache, kmalloc; grep",
    [alloc("a1", named) + alloc("a2", named.replace("=y", "=z"))]:
      "s:2: Expected allocations of one cache, y (688 of 696 bytes); grep",
    [alloc("a1", "gfp_flags=0\n")]:
      "s:1: Expected bytes_req and bytes_alloc, got",
    [alloc("____ptrval____")]:
      "s:1: Expected a pointer of hexadecimal digits, got",
    [alloc("a1").replace("[003]", "[65536]")]: "s:1: Expected a CPU of 0 ..",
    [free("a1")]: "No requests found in s",
  };
  for (const [text, begin] of Object.entries(cases)) {
    const said = await complaint(open(bytes(text)));
    assertEquals(said.slice(0, begin.length), begin);
  }
});

Deno.test("recorded caches: 2,501 allocations, 1 free of an object from before", async () => {
  for (const [file, bytes] of [[inodes, 688], [older, 752]] as const) {
    const trace = open(file);
    const all = await rows(trace);
    const of = (op: number) => all.filter((row) => row[0] === op);
    assertEquals([of(Op.MALLOC).length, of(Op.FREE).length], [2501, 2501]);
    assertEquals(of(Op.MALLOC).every(([, , size]) => size === bytes), true);
    assertEquals(of(Op.THREAD), [[Op.THREAD, 0, 0, 0, 13]]);
    assertEquals(trace.leftOut, 1);
  }
});

Deno.test("a recording of all caches is of none", async () => {
  assertEquals(
    (await complaint(open(mixed))).slice(0, 61),
    "s:16: Expected allocations of one cache, names_cache (192 of ",
  );
});
