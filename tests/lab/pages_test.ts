/**
 * Page requests in the lab: blocks, their halves and lists are those of a plain
 * replay; CPUs change and seconds pass as there.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { PagedHeap } from "../../allocators/paged_heap.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { lottery } from "../../experiments/conformance/conformance.ts";
import { newPages } from "../../experiments/experiment/cell.ts";
import { Lane } from "../../experiments/lab/lane.ts";
import { PageProgram } from "../../experiments/lab/page_program.ts";
import { Requests } from "../../experiments/lab/requests.ts";
import { PageSession } from "../../experiments/replay/page_session.ts";
import { isMark } from "../../experiments/replay/replay.ts";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { Block, Op, type Trace } from "../../experiments/traces/trace.ts";
import { Driver } from "./driver.ts";

const SPEC = "linux_buddy:pages=4096";
/** Compacts while it serves: blocks move. */
const MOVING = "linux_buddy:version=7.2:pages=4096:defrag=1:pcp=63:min=64";

/** Random requests, as a file. */
function requests(count: number): Uint8Array<ArrayBuffer> {
  const draw = lottery(3);
  const live: number[] = [];
  const lines: string[] = [];
  for (let id = 0; id < count; id++) {
    if (draw() < (id < count / 2 ? 0.75 : 0.5) || live.length === 0) {
      lines.push(
        `a ${id} ${Math.floor(draw() ** 3 * 6)} ${id % 10 === 0 ? 0 : 1}`,
      );
      live.push(id);
    } else {
      lines.push(`f ${live.splice(Math.floor(draw() * live.length), 1)[0]}`);
    }
  }
  return new TextEncoder().encode(lines.join("\n") + "\n");
}

Deno.test("page requests: the state at any cursor is that of a replay", async () => {
  let moves = 0;
  for (const spec of [SPEC, MOVING]) {
    moves += await compared(spec);
  }
  assert(moves > 0, "no block was moved");
});

/** Compares the states under `spec`; how many blocks were moved. */
async function compared(spec: string): Promise<number> {
  const bytes = requests(9000);
  const driver = new Driver();
  const source = {
    kind: "file",
    name: "zone.pages",
    bytes: bytes.buffer,
  } as const;
  const { operations, lanes: [facts] } = await driver.load(source, [spec]);
  assertEquals(operations, 9000);
  assertEquals(facts!.failure, undefined);
  const cursors = new Set([1, 41, 700, 1999, 2000, 3000, 7777, 9000]);
  const pages = newPages(parseSpec(spec, ALLOCATORS), 1);
  let moves = 0;
  const session = new PageSession(pages, () => moves++);
  const trace = openTrace("zone.pages", () => [bytes], { holds: "pages" });
  let compared = 0;
  for await (const block of trace.blocks()) {
    for (let i = 0; i < block.length; i++) {
      session.run(trace, block, i, i + 1);
      if (isMark(block.op[i]!) || !cursors.has(session.op)) continue;
      const question = { kind: "state", ticket: 1, op: session.op } as const;
      const { lanes: [lane] } = await driver.ask(question, "states");
      const seen: unknown[] = [];
      new PagedHeap(pages).walk((address, bytes, kind) =>
        seen.push([address, bytes, kind])
      );
      const shown = lane!.blocks.map((
        { address, bytes, kind },
      ) => [address, bytes, kind]);
      assertEquals(shown, seen.slice(0, shown.length));
      const pfn = session.pfnOf(block.slot[i]!);
      const asked = block.op[i] === Op.MALLOC && pfn >= 0;
      assertEquals(lane!.address, asked ? pfn * pages.pageBytes : null);
      for (let order = 0; order < pages.orders; order++) {
        const free = [...pages.freeList!(order, 1)];
        const row = lane!.lists.find(({ list }) =>
          list === `order ${order} movable`
        );
        assertEquals(
          row?.members.map(({ address }) => address / pages.pageBytes) ?? [],
          free.slice(0, 64),
        );
        assertEquals(row?.blocks ?? 0, free.length);
      }
      assertEquals(
        lane!.pageblocks,
        [...pages.pageblockTypes!()].map((type) => "UMRHC"[type]).join(""),
      );
      assertEquals(lane!.pageblocks.length, 4096 / 512);
      // Each live block is one of the map, where it lies now.
      const strays = lane!.blocks.filter(({ kind, born }) =>
        kind === "live" && born === undefined
      );
      assertEquals(strays, []);
      compared++;
    }
  }
  assertEquals(compared, cursors.size);
  return moves;
}

Deno.test("a block of pages becomes two, and a CPU's turn comes in time", async () => {
  const block = new Block(8);
  block.push(Op.TIME, 0, 3e6, 0);
  block.push(Op.MALLOC, 0, 3, 1);
  block.push(Op.CLIENT, 0, 0, 0);
  block.push(Op.SPLIT, 0, 1, 0);
  block.push(Op.FREE, 0, 0, 0);
  const trace: Trace = {
    name: "split",
    names: ["cpu1"],
    blocks: () => [block],
  };
  const format = () => Promise.resolve({ holds: "pages" });
  const held = await Requests.of({ ...trace, format } as Trace, 100);
  assertEquals([held.length, held.holds], [3, "pages"]);
  assertEquals(held.seconds, [{ op: 0, second: 3 }]);
  assertEquals(held.bytesBefore(1), 8 * 4096);
  const pages = newPages(parseSpec(`${SPEC}:cpus=2`, ALLOCATORS), 1);
  const program = new PageProgram(pages, held);
  const rows = new Block(8);
  held.load(rows, 0, 3);
  program.run(rows, 0, 1);
  assertEquals(pages.cpu, 0);
  assertEquals(program.sizeOf(0), 8 * 4096);
  program.run(rows, 1, 2);
  assertEquals(pages.cpu, 1);
  assertEquals([program.sizeOf(0), program.sizeOf(1)], [4 * 4096, 4 * 4096]);
  assertEquals(program.addressOf(1), program.addressOf(0) + 4 * 4096);
  program.run(rows, 2, 3);
  assert(program.addressOf(0) < 0 && program.addressOf(1) >= 0);
  const lane = new Lane(parseSpec(SPEC, ALLOCATORS), held, 2 ** 20);
  while (lane.record());
  const { length, birth, death, bytes } = lane.rectangles;
  const rectangles = Array.from(
    { length },
    (_, i) => [birth[i], Math.min(death[i]!, 9), bytes[i]! / 4096],
  );
  assertEquals(rectangles, [[1, 2, 8], [2, 9, 4], [2, 3, 4]]);
});

Deno.test("who serves no pages says so in one line", async () => {
  const bytes = requests(10).buffer;
  const { line } = await new Driver().ask({
    kind: "load",
    source: { kind: "file", name: "zone.pages", bytes },
    allocators: ["glibc"],
    maxOperations: 100,
  }, "failed");
  assertMatch(line, /^zone\.pages requests pages, which glibc does not serve/);
});
