/**
 * The heap as rows of bytes.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  askedShare,
  layOut,
  rowLabels,
} from "../../../experiments/lab/page/rows.ts";
import { prng } from "../../../experiments/laws/prng.ts";

Deno.test("blocks follow each other in rows of 64 bytes", () => {
  const { pieces, rowBytes, starts } = layOut([
    { address: 0x1000, bytes: 48 },
    { address: 0x1030, bytes: 32 },
    { address: 0x1050, bytes: 16 },
  ]);
  assertEquals(rowBytes, 64);
  assertEquals(starts, [0x1000, 0x1040]);
  assertEquals(
    pieces.map(({ row, from, to, block }) => [row, from, to, block]),
    [[0, 0, 0.75, 0], [0, 0.75, 1, 1], [1, 0, 0.25, 1], [1, 0.25, 0.5, 2]],
  );
});

Deno.test("a long block is cut and does not make the others small", () => {
  const { pieces, rowBytes, starts } = layOut([
    { address: 0, bytes: 32 },
    { address: 32, bytes: 134_000 },
    { address: 134_032, bytes: 32 },
  ]);
  assertEquals(rowBytes, 64);
  assertEquals(starts, [0, 64, 134_032]);
  assertEquals(pieces.map(({ isCut }) => isCut), [false, false, true, false]);
  assertEquals(pieces[2]!.end, 1);
});

Deno.test("a block is long from the first byte on that two rows do not hold", () => {
  const cut = (bytes: number) =>
    layOut([{ address: 0, bytes }]).pieces.some(({ isCut }) => isCut);
  assertEquals([cut(128), cut(129)], [false, true]);
});

Deno.test("what does not touch begins a row", () => {
  const { starts } = layOut([
    { address: 0, bytes: 16 },
    { address: 32, bytes: 16 },
    { address: 2 ** 40, bytes: 16 },
  ]);
  assertEquals(starts, [0, 32, 2 ** 40]);
});

Deno.test("pieces are the blocks, in order, whatever their lengths", () => {
  const random = prng(7);
  for (let round = 0; round < 200; round++) {
    const blocks: { address: number; bytes: number }[] = [];
    let address = 0;
    for (let i = 1 + random.below(400); i > 0; i--) {
      if (random.below(10) === 0) address += 1 + random.below(5000);
      const bytes = random.below(4) === 0
        ? (1 + random.below(100_000))
        : 16 * (1 + random.below(20));
      blocks.push({ address, bytes });
      address += bytes;
    }
    const { pieces, rowBytes, starts } = layOut(blocks);
    let block = -1;
    let end = 1;
    for (const piece of pieces) {
      if (piece.block !== block) {
        assertEquals(end, 1, "a block ends before the next one begins");
        assertEquals(piece.block, ++block);
        end = 0;
      }
      assertEquals(piece.begin, end);
      assert(0 <= piece.from && piece.from < piece.to && piece.to <= 1);
      const { address, bytes } = blocks[block]!;
      const at = address + piece.begin * bytes;
      const place = starts[piece.row]! + piece.from * rowBytes;
      assert(Math.abs(at - place) < 1e-3, "a row begins where it says");
      end = piece.end;
    }
    assertEquals(block, blocks.length - 1);
  }
});

Deno.test("the part that was asked for ends within one of the pieces", () => {
  const piece = (begin: number, end: number) => ({ begin, end });
  assertEquals(askedShare(piece(0, 1), 0.25), 0.25);
  assertEquals(askedShare(piece(0, 0.5), 0.75), 1);
  assertEquals(askedShare(piece(0.5, 1), 0.75), 0.5);
  assertEquals(askedShare(piece(0.5, 1), 0.25), 0);
});

Deno.test("rows have the digits that tell one from the next", () => {
  assertEquals(rowLabels([0x7fff12345600, 0x7fff12345640]), [
    "345600",
    "345640",
  ]);
  assertEquals(rowLabels([0, 2 ** 24, 2 ** 25]), ["0", "1000000", "2000000"]);
});
