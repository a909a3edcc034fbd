/**
 * The heap at the cursor as rows of bytes: addresses from left to right, then
 * from top to bottom, as text is read.
 *
 * @module
 */
/// <reference lib="dom" />
import type { BlockRow } from "../protocol.ts";

/** Most rows, and pixels of one with its gap. */
const ROWS = 32;
const ROW = 18;
const GAP = 3;
/** Bytes that a label is about as wide as, in pixels a character. */
const CHARACTER = 7;

/** Where a block, or a part of it, is drawn: columns are shares of a row. */
export interface Piece {
  row: number;
  from: number;
  to: number;
  /** Index of the block. */
  block: number;
}

/** The pieces of `blocks`, and the bytes of a row: a power of two, 64 at least. */
export function layOut(
  blocks: readonly Pick<BlockRow, "address" | "bytes">[],
): { pieces: Piece[]; rowBytes: number; rows: number } {
  const total = blocks.reduce((sum, { bytes }) => sum + bytes, 0);
  const rowBytes = Math.max(64, 2 ** Math.ceil(Math.log2(total / ROWS)));
  const pieces: Piece[] = [];
  let at = 0; // bytes from the beginning of the first row
  let end = NaN;
  blocks.forEach(({ address, bytes }, block) => {
    // What does not touch the block before begins a row of its own.
    if (address !== end && block > 0) at = Math.ceil(at / rowBytes) * rowBytes;
    end = address + bytes;
    for (let left = bytes; left > 0;) {
      const column = at % rowBytes;
      const part = Math.min(left, rowBytes - column);
      pieces.push({
        row: Math.floor(at / rowBytes),
        from: column / rowBytes,
        to: (column + part) / rowBytes,
        block,
      });
      at += part;
      left -= part;
    }
  });
  return { pieces, rowBytes, rows: Math.ceil(at / rowBytes) };
}

/** Draws the rows; returns which block lies at a place of the canvas, -1: none. */
export function drawRows(
  canvas: HTMLCanvasElement,
  blocks: readonly BlockRow[],
  chosen: number | null,
): (x: number, y: number) => number {
  const { pieces, rows } = layOut(blocks);
  const scale = globalThis.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = Math.max(1, rows) * ROW;
  canvas.style.height = `${height}px`;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d")!;
  context.scale(scale, scale);
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  const style = getComputedStyle(canvas);
  for (const { row, from, to, block } of pieces) {
    const { kind, id, bytes, address } = blocks[block]!;
    const [left, right] = [from * width, to * width];
    const top = row * ROW;
    context.fillStyle = style.getPropertyValue(`--${kind}`);
    const gap = right - left > 3 ? 1 : 0;
    context.fillRect(left, top, Math.max(1, right - left - gap), ROW - GAP);
    if (address === chosen) {
      context.strokeStyle = style.getPropertyValue("--ink");
      context.lineWidth = 2;
      context.strokeRect(left + 1, top + 1, right - left - 2, ROW - GAP - 2);
    }
    const label = id === undefined ? `${bytes}` : `#${id}`;
    if (right - left < CHARACTER * (label.length + 1)) continue;
    context.fillStyle = style.getPropertyValue(`--on-${kind}`);
    context.fillText(label, left + 4, top + (ROW - GAP) / 2);
  }
  return (x, y) =>
    pieces.find(({ row, from, to }) =>
      row === Math.floor(y / ROW) && from <= x / width && x / width < to
    )?.block ?? -1;
}
