/**
 * Sessions of page requests: blocks that are freed by parts, and time.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { BinaryBuddy } from "../../allocators/buddy/binary.ts";
import { LinuxBuddy } from "../../allocators/buddy/linux.ts";
import { PAGE, type PageAllocator } from "../../allocators/pages.ts";
import { PageSession } from "../../experiments/replay/page_session.ts";
import { Op, TraceBuilder } from "../../experiments/traces/trace.ts";

/** Pages in use, and as the session counts them, after each row. */
function inUse(pages: PageAllocator, rows: readonly number[][]): number[][] {
  const builder = new TraceBuilder();
  for (const [op, slot, size, extra] of rows) {
    builder.append(op!, slot!, size ?? 0, extra ?? 0);
  }
  const trace = builder.build("parts");
  const session = new PageSession(pages);
  const counts: number[][] = [];
  for (const block of trace.blocks() as Iterable<never>) {
    for (let row = 0; row < rows.length; row++) {
      session.run(trace, block, row, row + 1);
      const { allocated } = pages.usage();
      counts.push([allocated / PAGE, session.requested / PAGE, session.live]);
    }
  }
  pages.check();
  return counts;
}

const QUARTERS = [
  [Op.MALLOC, 0, 2, 0],
  [Op.SPLIT, 0, 1],
  [Op.SPLIT, 1, 2],
  [Op.FREE, 1],
  [Op.FREE, 0],
  [Op.FREE, 2],
];

Deno.test("Linux takes the parts of a block back one by one", () => {
  assertEquals(inUse(new LinuxBuddy({ pages: 1024 }), QUARTERS), [
    [4, 4, 1],
    [4, 4, 2],
    [4, 4, 3],
    [3, 3, 2],
    [1, 1, 1],
    [0, 0, 0],
  ]);
});

Deno.test("other allocators get a block back with its last part", () => {
  const settings = { page: 4096, orders: 11, pages: 1024 };
  const pages = new BinaryBuddy({ ...settings, pick: "head" });
  assertEquals(inUse(pages, QUARTERS), [
    [4, 4, 1],
    [4, 4, 2],
    [4, 4, 3],
    [4, 3, 2],
    [4, 1, 1],
    [0, 0, 0],
  ]);
});

Deno.test("a refused block has no parts", () => {
  const full = new LinuxBuddy({ pages: 1 });
  assertEquals(inUse(full, QUARTERS).at(-1), [0, 0, 0]);
});

Deno.test("lists that were long shrink second by second", () => {
  const pages = new LinuxBuddy({ pages: 65_536, pcp: 63 });
  const held = Array.from({ length: 9000 }, () => pages.allocPages(0));
  for (const pfn of held) pages.freePages(pfn, 0);
  const cached = () => pages.usage().cached / PAGE;
  const before = cached();
  const after = [1e6, 2e6, 1e15].map((time) => {
    inUse(pages, [[Op.TIME, -1, time]]);
    return cached();
  });
  // by an eighth of the most that a CPU holds, down to the least
  assertEquals([before, ...after], [8001, 8192 - 1024, 5488, 620]);
});
