/**
 * A heap over time as a small raster: what lies at which address, and when.
 *
 * The heap is looked at now and then, and cut into cells of equal length. A
 * cell is of the kind that has most of its bytes, where free counts only if
 * none is live or cached: one live page stands out in megabytes. Neighbours
 * that agree, in address and then in time, become one rectangle.
 *
 * Neither the number of looks nor the extent of the heap is known before: when
 * there are too many looks every second one is dropped, and when the heap
 * outgrows the raster, cells are joined in pairs.
 *
 * Simplified: only what lies within 64 GiB above the lowest address of the
 * first look is seen; that leaves mappings out where a heap has them elsewhere.
 *
 * @module
 */
import type { Allocator, BlockKind } from "../../allocators/allocator.ts";
import { bytes, type Column, count, ratio, type Row } from "./columns.ts";

/** Most looks that are kept, and cells of each. */
const LOOKS = 128;
const CELLS = 128;
/** Bytes of a cell at first. */
const GRAIN = 16;
/** Bytes above the lowest address that can be seen. */
const EXTENT = 2 ** 36;
/** Shares are rounded up to the first of these: next to none is told apart. */
const SHARES = [1 / 16, 1 / 4, 1 / 2, 3 / 4, 1];

/** Kinds in the order in which a tie is decided. */
const KINDS: readonly BlockKind[] = [
  "live",
  "cached",
  "meta",
  "foreign",
  "free",
];
const FREE = KINDS.indexOf("free");

/** The columns of a table of rectangles. */
export const HEAP_MAP_COLUMNS: readonly Column[] = [
  count("until_op", "operation", "Operations replayed when this was over."),
  bytes("offset_bytes", "Distance from the lowest address of the heap."),
  bytes("extent_bytes", "Length of the range of addresses."),
  {
    name: "kind",
    type: "string",
    unit: "",
    description: "What lies there: live, cached, meta, foreign or free.",
  },
  ratio("share_ratio", "Share of the kind, rounded up to 1/16 or to quarters."),
];

/** A look at the heap. */
interface Look {
  op: number;
  /** Bytes by cell and kind: bytes[cell * KINDS.length + kind]. */
  bytes: Float64Array;
}

/** A run of cells that agree. */
interface Run {
  from: number;
  to: number;
  kind: number;
  /** Of {@linkcode SHARES}. */
  share: number;
}

/** Collects looks; O(blocks + cells) each. */
export class HeapMap {
  #looks: Look[] = [];
  #origin: number;
  #grain = GRAIN;
  /** Looks between two that are kept, and looks until the next one is. */
  #stride = 1;
  #wait = 0;

  /** No look yet; `origin` is the lowest address, if that is known. */
  constructor(origin = -1) {
    this.#origin = origin;
  }

  /** Looks at `heap` after `op` operations. */
  look(op: number, heap: Pick<Allocator, "walk">): void {
    if (!this.open(op)) return;
    heap.walk((start, length, kind) => this.add(start, length, kind));
    this.close();
  }

  /** Begins a look after `op` operations; false if it is not wanted. */
  open(op: number): boolean {
    if (this.#looks.at(-1)?.op === op) return false;
    if (this.#wait-- > 0) return false;
    this.#wait = this.#stride - 1;
    this.#looks.push({ op, bytes: new Float64Array(CELLS * KINDS.length) });
    return true;
  }

  /** Ends the look. */
  close(): void {
    if (this.#looks.length <= LOOKS) return;
    this.#looks = this.#looks.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
    this.#wait = this.#stride - 1;
  }

  /** The rectangles; the last look lasts until `end` operations. */
  rows(end: number): Row[] {
    const rows: Row[] = [];
    let open = new Map<string, Row>();
    for (const { op, bytes } of this.#looks) {
      const next = new Map<string, Row>();
      for (const run of runsOf(bytes)) {
        const { from, to, kind, share } = run;
        const key = `${from},${to},${kind},${share}`;
        const row = open.get(key) ?? {
          op,
          until_op: end,
          offset_bytes: from * this.#grain,
          extent_bytes: (to - from) * this.#grain,
          kind: KINDS[kind]!,
          share_ratio: share,
        };
        if (!open.delete(key)) rows.push(row);
        next.set(key, row);
      }
      for (const row of open.values()) row.until_op = op;
      open = next;
    }
    return rows.filter((row) => row.until_op !== row.op);
  }

  /** Adds a block to the look that is open. */
  add(start: number, length: number, kind: BlockKind): void {
    const look = this.#looks.at(-1)!;
    if (this.#origin < 0) this.#origin = start;
    let from = start - this.#origin;
    const to = Math.min(from + length, EXTENT);
    if (from < 0 || from >= to) return;
    while (to > CELLS * this.#grain) this.#coarsen();
    while (from < to) {
      const cell = Math.floor(from / this.#grain);
      const upTo = Math.min(to, (cell + 1) * this.#grain);
      look.bytes[cell * KINDS.length + KINDS.indexOf(kind)]! += upTo - from;
      from = upTo;
    }
  }

  /** Joins cells in pairs. */
  #coarsen(): void {
    this.#grain *= 2;
    for (const { bytes } of this.#looks) {
      for (let i = 0; i < bytes.length; i++) {
        const cell = Math.floor(i / KINDS.length);
        const at = 2 * cell * KINDS.length + i % KINDS.length;
        bytes[i] = at < bytes.length
          ? bytes[at]! + bytes[at + KINDS.length]!
          : 0;
      }
    }
  }
}

/** The cells of a look, those that agree in one. */
function runsOf(bytes: Float64Array): Run[] {
  const runs: Run[] = [];
  for (let cell = 0; cell < CELLS; cell++) {
    const at = cell * KINDS.length;
    const [kind, share] = cellKind(bytes.subarray(at, at + KINDS.length));
    if (share === 0) continue;
    const last = runs.at(-1);
    if (last?.to === cell && last.kind === kind && last.share === share) {
      last.to++;
    } else runs.push({ from: cell, to: cell + 1, kind, share });
  }
  return runs;
}

/** Kind of a cell and its share; 0: nothing of the heap lies there. */
function cellKind(bytes: Float64Array): [kind: number, share: number] {
  const used = bytes[0]! + bytes[1]! > 0;
  let kind = 0;
  let sum = 0;
  for (let k = 0; k < KINDS.length; k++) {
    sum += bytes[k]!;
    if (bytes[k]! > bytes[kind]! && !(used && k === FREE)) kind = k;
  }
  if (sum === 0) return [kind, 0];
  const share = bytes[kind]! / sum;
  return [kind, SHARES.find((limit) => share <= limit)!];
}
