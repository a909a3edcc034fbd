/**
 * Blocks on the map as they were asked for, or whole.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Blocks } from "../../experiments/lab/protocol.ts";
import { Driver } from "./driver.ts";

/** Rows of pixels, a byte of the heap each. */
const ROWS = 32_768;

/** Rows that are of the colour of live blocks after the last operation, by block. */
async function liveRows(lab: Driver, blocks: Blocks): Promise<number[]> {
  const { pixels } = await lab.ask({
    kind: "draw",
    ticket: 1,
    lane: 0,
    view: { x0: 6, x1: 7, y0: 0, y1: ROWS },
    axis: "op",
    colour: "kind",
    blocks,
    width: 1,
    height: ROWS,
    dark: false,
  }, "drawn");
  const bytes = new Uint8Array(pixels);
  const runs: number[] = [];
  let inside = false;
  for (let y = ROWS - 1; y >= 0; y--) { // the lowest address comes last
    const isLive = bytes[4 * y] === 0 && bytes[4 * y + 1] === 114;
    if (isLive && !inside) runs.push(0);
    if (isLive) runs[runs.length - 1]!++;
    inside = isLive;
  }
  return runs;
}

Deno.test("a block is drawn as asked for, or with all that is usable", async () => {
  const text = "a 0 100; a 1 20; a 2 300; f 1; a 3 9; r 0 61";
  const lab = new Driver();
  for (
    const [spec, usable] of [
      ["buddy:page=64", [128, 64, 512]],
      ["kmalloc", [128, 16, 512]],
      ["glibc", [72, 24, 312]],
    ] as const
  ) {
    await lab.load({ kind: "text", text }, [spec]);
    const sorted = (rows: number[]) => rows.sort((a, b) => a - b);
    assertEquals(sorted(await liveRows(lab, "asked")), [9, 61, 300], spec);
    const whole = sorted(await liveRows(lab, "whole"));
    const expected = sorted([...usable]);
    // blocks that touch are one run.
    const sum = (rows: number[]) => rows.reduce((n, row) => n + row, 0);
    assertEquals(sum(whole), sum(expected), spec);
    // Asked for again, and as it was before.
    assertEquals(sum(await liveRows(lab, "whole")), sum(expected), spec);
    assertEquals(sorted(await liveRows(lab, "asked")), [9, 61, 300], spec);
  }
});
