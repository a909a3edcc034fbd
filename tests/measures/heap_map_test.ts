import { assert, assertEquals } from "@std/assert";
import type { BlockKind } from "../../allocators/allocator.ts";
import { HeapMap } from "../../experiments/measures/heap_map.ts";

type Blocks = [start: number, bytes: number, kind: BlockKind][];

function heap(blocks: Blocks) {
  return {
    walk(visit: (start: number, bytes: number, kind: BlockKind) => void) {
      for (const block of blocks) visit(...block);
    },
  };
}

/** Rows as `op..until offset+extent kind share`. */
function rows(map: HeapMap, end: number): string[] {
  return map.rows(end).map((r) =>
    `${r.op}..${r.until_op} ${r.offset_bytes}+${r.extent_bytes} ${r.kind} ${r.share_ratio}`
  );
}

Deno.test("neighbours that agree are one rectangle, in address and time", () => {
  const map = new HeapMap();
  map.look(0, heap([[4096, 64, "live"], [4160, 32, "free"]]));
  map.look(5, heap([[4096, 64, "live"], [4160, 32, "cached"]]));
  map.look(9, heap([[4096, 64, "live"]]));
  assertEquals(rows(map, 20), [
    "0..20 0+64 live 1",
    "0..5 64+32 free 1",
    "5..9 64+32 cached 1",
  ]);
});

Deno.test("one live byte in a cell is seen, its share rounded up", () => {
  const map = new HeapMap();
  map.look(
    0,
    heap([[0, 1, "live"], [1, 4095, "free"], [4096, 3 * 4096, "free"]]),
  );
  map.look(
    1,
    heap([[0, 700, "live"], [700, 800, "meta"], [1500, 14884, "free"]]),
  );
  assertEquals(rows(map, 2), [
    "0..1 0+128 live 0.0625",
    "0..1 128+16256 free 1",
    "1..2 0+640 live 1",
    "1..2 640+128 meta 0.75",
    "1..2 768+640 meta 1",
    "1..2 1408+128 meta 0.75",
    "1..2 1536+14848 free 1",
  ]);
});

Deno.test("the heap outgrows the raster and looks outnumber it", () => {
  const map = new HeapMap();
  for (let op = 0; op < 1000; op++) {
    map.look(
      op,
      heap([[2 ** 40, 4096 * (op + 1), "live"], [2 ** 46, 4096, "live"]]),
    );
  }
  const all = map.rows(1000);
  const ops = new Set(all.map(({ op }) => op));
  assert(ops.size >= 60 && ops.size <= 128, `${ops.size} looks`);
  const top = Math.max(
    ...all.map((r) => Number(r.offset_bytes) + Number(r.extent_bytes)),
  );
  assert(top >= 4096 * 990 && top <= 4096 * 1024 + 2 ** 16, `${top}`);
  for (const { kind, share_ratio } of all) {
    assertEquals(kind, "live");
    assert(Number(share_ratio) > 0);
  }
});

Deno.test("an instant is covered once, without gaps", () => {
  const map = new HeapMap();
  let state = 1;
  const draw = () => (state = Math.imul(state, 48271) >>> 0) / 2 ** 32;
  for (let op = 0; op < 300; op++) {
    const blocks: Blocks = [];
    let at = 0;
    while (at < 100_000) {
      const bytes = 16 + Math.floor(draw() * 2000);
      blocks.push([at, bytes, draw() < 0.5 ? "live" : "free"]);
      at += bytes;
    }
    map.look(op, heap(blocks));
  }
  const all = map.rows(300);
  for (const op of [0, 7, 100, 299]) {
    const here = all.filter((r) =>
      Number(r.op) <= op && op < Number(r.until_op)
    )
      .map((r) => [Number(r.offset_bytes), Number(r.extent_bytes)] as const)
      .toSorted(([a], [b]) => a - b);
    let end = 0;
    for (const [offset, extent] of here) {
      assertEquals(offset, end);
      end = offset + extent;
    }
    assert(end >= 100_000 && end < 104_000, `${end}`);
  }
});
