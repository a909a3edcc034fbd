/**
 * Slabs, groups and extents in the answer of why.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Slot } from "../../allocators/slab_view.ts";
import { pageOf } from "../../experiments/why/page.ts";
import { piecesOf } from "../../experiments/why/pieces.ts";
import { pieceRows, whyText } from "../../experiments/why/words.ts";
import { CLEARED_MAP, NODES, traceOf, why } from "./traces.ts";

Deno.test("the groups of musl: how many, in use of all, resident", async () => {
  const answer = await why(traceOf(CLEARED_MAP), {
    at: "filled",
    spec: "musl",
  });
  // Nodes of 48 bytes take slots of 64: all are in use but the last group's.
  const nodes = answer.pieces.find(({ name }) => name === "group [64]")!;
  assertEquals(nodes.used, NODES);
  assert(nodes.slots >= NODES && nodes.slots < NODES + 32);
  assert(nodes.resident >= 64 * NODES);
  assertMatch(
    whyText(answer),
    /\nIts groups:\n(?: .*\n)*? {2}group \[64\] +\d+ +2,000 of 2,0\d\d +\d/,
  );
  assertMatch(pageOf(answer), /<summary>Its groups<\/summary>/);
  const plain = await why(traceOf(CLEARED_MAP), { at: "filled" });
  assertEquals(plain.pieces, []);
  assert(!whyText(plain).includes("Its "));
});

Deno.test("pieces are added up by class, blocks of any length by place", () => {
  const piece = { kind: "extent", start: 0, bytes: 4096, count: 1 };
  const slab = { ...piece, kind: "slab", place: "full", count: 3 };
  const pieces = piecesOf({
    heap: {
      eachSlab(visit: (slab: unknown) => void) {
        visit({ ...piece, of: "", place: "dirty", slots: () => Slot.FREE });
        visit({ ...piece, of: "", place: "dirty", slots: () => Slot.FREE });
        visit({ ...slab, of: "[9]", slots: () => "x~+" });
      },
    } as never,
    os: { residentBytesIn: (_: number, bytes: number) => bytes / 2 } as never,
  });
  assertEquals(pieces, [
    { name: "extent, dirty", count: 2, slots: 2, used: 0, resident: 4096 },
    { name: "slab [9]", count: 1, slots: 3, used: 2, resident: 2048 },
  ]);
  const many = Array.from({ length: 12 }, (_, i) => ({
    ...pieces[1]!,
    name: `slab [${i}]`,
  }));
  const rows = pieceRows({ pieces: many } as never);
  assertEquals(rows.length, 9);
  assertEquals(rows[8], ["4 other classes", "4", "8 of 12", "8.000 KiB"]);
});
