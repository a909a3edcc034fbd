/**
 * The heap at the cursor as rows of bytes: addresses from left to right, then
 * from top to bottom, as text is read.
 *
 * @module
 */
/// <reference lib="dom" />
import type { BlockRow } from "../protocol.ts";
import { kindText } from "./legend.ts";
import { countText } from "./ranges.ts";

/** Rows that are aimed at; more only where memory lies in more stretches. */
const ROWS = 24;
/** Bytes of the shortest row. */
const LEAST = 64;
/** Pixels of a row with its gap, of the gap, and of the addresses beside. */
const ROW = 20;
const GAP = 3;
const GUTTER = 52;
/** Digits of an address beside a row. */
const LABEL = 6;
/** How much fainter what was not asked for is. */
const WASTE = 0.6;
/** Pixels from which on a header is drawn: thinner ones would hide the blocks. */
const THIN = 0.5;
/** Pixels of a character of a label, more or less. */
const CHARACTER = 6.6;

/** Where a block, or a part of it, is drawn: columns are shares of a row. */
export interface Piece {
  row: number;
  from: number;
  to: number;
  /** Index of the block. */
  block: number;
  /** The part of the block, as shares of it. */
  begin: number;
  end: number;
  /** Whether it stands for more bytes than there is room for. */
  isCut: boolean;
}

/** Rows of bytes. */
export interface Layout {
  pieces: Piece[];
  /** Bytes of a row, a power of two. */
  rowBytes: number;
  /** Address where each row begins. */
  starts: number[];
}

/**
 * The shortest rows, of 64 bytes at least, in which `blocks` fit. A block that
 * is longer than two rows ends one and gets one more, which is cut: so the top
 * of a heap does not make all the others too small to be seen.
 */
export function layOut(
  blocks: readonly Pick<BlockRow, "address" | "bytes">[],
): Layout {
  const total = blocks.reduce((sum, { bytes }) => sum + bytes, 0);
  for (let rowBytes = LEAST;; rowBytes *= 2) {
    const layout = place(blocks, rowBytes, rowBytes < total ? ROWS : Infinity);
    if (layout) return layout;
  }
}

/** The layout with so many bytes to a row; undefined if it has more than `most` rows. */
function place(
  blocks: readonly Pick<BlockRow, "address" | "bytes">[],
  rowBytes: number,
  most: number,
): Layout | undefined {
  const pieces: Piece[] = [];
  const starts: number[] = [];
  let column = rowBytes; // bytes of the last row that are taken
  let end = NaN;
  for (let block = 0; block < blocks.length; block++) {
    const { address, bytes } = blocks[block]!;
    // What does not touch the block before begins a row of its own.
    if (address !== end) column = rowBytes;
    end = address + bytes;
    const isLong = bytes > 2 * rowBytes;
    for (let left = bytes; left > 0;) {
      if (column === rowBytes) {
        starts.push(end - left);
        column = 0;
        if (starts.length > most) return undefined;
      }
      const isCut = isLong && column === 0;
      const part = isCut ? rowBytes : Math.min(left, rowBytes - column);
      pieces.push({
        row: starts.length - 1,
        from: column / rowBytes,
        to: (column + part) / rowBytes,
        block,
        begin: (bytes - left) / bytes,
        end: (isCut ? bytes : bytes - left + part) / bytes,
        isCut,
      });
      column += part;
      left = isCut ? 0 : left - part;
    }
  }
  return { pieces, rowBytes, starts };
}

/** The last six digits of the addresses, or as many as tell one row from the next. */
export function rowLabels(starts: readonly number[]): string[] {
  for (let digits = LABEL;; digits++) {
    const labels = starts.map((start) => start.toString(16).slice(-digits));
    const isClear = labels.every((label, i) => label !== labels[i - 1]);
    if (isClear || digits === 2 * LABEL) return labels;
  }
}

/** The share of a piece that lies within the first `share` of its block. */
export function askedShare(
  { begin, end }: Pick<Piece, "begin" | "end">,
  share: number,
): number {
  return Math.max(0, Math.min(1, (share - begin) / (end - begin)));
}

/** Blocks that are marked, by address. */
export interface Marked {
  /** What the request at the cursor got. */
  served: number | null;
  /** What somebody chose. */
  chosen: number | null;
}

/** Draws the rows; returns which block lies at a place of the canvas, -1: none. */
export function drawRows(
  canvas: HTMLCanvasElement,
  blocks: readonly BlockRow[],
  marked: Marked,
): (x: number, y: number) => number {
  const { pieces, starts } = layOut(blocks);
  const scale = globalThis.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const colour = coloursOf(canvas, blocks);
  const height = Math.max(1, starts.length) * ROW;
  canvas.style.height = `${height}px`;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d")!;
  context.scale(scale, scale);
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  const room = width - GUTTER;
  const middle = (ROW - GAP) / 2;
  context.fillStyle = colour("--soft");
  rowLabels(starts).forEach((label, row) =>
    context.fillText(label, 0, row * ROW + middle, GUTTER - 6)
  );
  for (const kind of new Set(blocks.map(({ kind }) => kind))) {
    context.fillStyle = colour(`--${kind}`); // rarely: that takes its time
    for (const { row, from, to, block } of pieces) {
      if (blocks[block]!.kind !== kind) continue;
      const wide = (to - from) * room;
      if (kind === "meta" && wide < THIN) continue;
      const width = Math.max(1, wide > 3 ? wide - 1 : wide);
      context.fillRect(GUTTER + from * room, row * ROW, width, ROW - GAP);
    }
  }
  let labelled = -1;
  for (const piece of pieces) {
    const { row, from, to, block, isCut } = piece;
    const { kind, id, bytes, address, requested = bytes } = blocks[block]!;
    const left = GUTTER + from * room;
    const wide = (to - from) * room;
    const top = row * ROW;
    // What was not asked for lies behind what was, in a fainter colour.
    const asked = askedShare(piece, requested / bytes);
    if (asked < 1 && wide > 3) {
      context.globalAlpha = WASTE;
      context.fillStyle = colour("--paper");
      context.fillRect(
        left + asked * (wide - 1),
        top,
        (1 - asked) * (wide - 1),
        ROW - GAP,
      );
      context.globalAlpha = 1;
    }
    const isChosen = address === marked.chosen;
    if (isChosen || address === marked.served) {
      context.strokeStyle = colour("--ink");
      context.lineWidth = isChosen ? 3 : 1.5;
      context.strokeRect(left + 1, top + 1, wide - 3, ROW - GAP - 2);
    }
    if (labelled === block && !isCut || wide < 2 * CHARACTER) continue;
    const length = countText(bytes);
    const labels = [
      id === undefined ? `${length} ${kindText(kind)}` : `#${id} · ${length}`,
      id === undefined ? length : `#${id}`,
    ].map((label) => isCut ? `${label} …` : label);
    // All of a label stands on one of the two colours.
    const solid = asked * wide;
    const place = labels.flatMap((label) => {
      const long = CHARACTER * (label.length + 1);
      if (long < solid) return [{ label, x: 0, ink: `--on-${kind}` }];
      return long < wide - solid ? [{ label, x: solid, ink: "--ink" }] : [];
    })[0];
    if (!place) continue;
    labelled = block;
    context.fillStyle = colour(place.ink);
    context.fillText(place.label, left + place.x + 4, top + middle);
  }
  return (x, y) =>
    pieces.find(({ row, from, to }) =>
      row === Math.floor(y / ROW) && from * room <= x - GUTTER &&
      x - GUTTER < to * room
    )?.block ?? -1;
}

/** The colours of the style sheet that `blocks` need, by their names there. */
function coloursOf(
  canvas: HTMLCanvasElement,
  blocks: readonly BlockRow[],
): (name: string) => string {
  const style = getComputedStyle(canvas);
  const kinds = [...new Set(blocks.map(({ kind }) => kind))];
  const names = kinds.flatMap((kind) => [`--${kind}`, `--on-${kind}`]);
  const colours = new Map(
    ["--soft", "--paper", "--ink", ...names].map((name) => [
      name,
      style.getPropertyValue(name),
    ]),
  );
  return (name) => colours.get(name)!;
}
