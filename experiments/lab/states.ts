/**
 * The heap of a lane at an instant: what was asked and answered, the blocks
 * around the answer, the allocator's own lists, and the metrics.
 *
 * @module
 */
import { NULL } from "../../allocators/allocator.ts";
import { TYPE_NAMES } from "../../allocators/buddy/linux_area.ts";
import { ASKS, Witness } from "../replay/witness.ts";
import { Op } from "../traces/trace.ts";
import { heightOf } from "./folds.ts";
import type { Lane } from "./lane.ts";
import { listsOf, pageblocksOf, slabsOf } from "./lists.ts";
import type { BlockRow, LaneState } from "./protocol.ts";
import type { Requests } from "./requests.ts";

/** Most blocks that are told. */
const MOST_BLOCKS = 2048;
/** Live blocks up to which it is looked at before and after, for the words. */
const FEW = 20_000;

/** The state after `op` operations; the heap stands there then. */
export function stateOf(lane: Lane, op: number): LaneState {
  const words = arrive(lane, op);
  const { requests, session, heap } = lane;
  const slot = op > 0 ? requests.slotAt(op - 1) : -1;
  const kind = op > 0 ? requests.opAt(op - 1) : -1;
  const address = ASKS.includes(kind) ? session.addressOf(slot) : NULL;
  const near = address !== NULL ? address : op > 0 ? lastPlace(lane, op) : 0;
  const { blocks, isCut } = blocksAround(lane, op, near);
  const sample = session.sample();
  const metrics = Object.fromEntries(
    Object.entries(sample).filter((pair): pair is [string, number] =>
      typeof pair[1] === "number"
    ),
  );
  return {
    op,
    request: op > 0 ? requestText(requests, op - 1) : "nothing yet",
    words,
    address: address === NULL ? null : address,
    metrics,
    blocks,
    isCut,
    lists: listsOf(heap),
    ...slabsOf(heap, near),
    pageblocks: pageblocksOf(heap),
  };
}

/** Request `i`, from 0 on, as a line of a `.rep` file has it, with its number for an id. */
export function requestText(requests: Requests, i: number): string {
  const size = requests.sizeAt(i);
  const slot = requests.slotAt(i);
  const extra = requests.extraAt(i);
  const op = requests.opAt(i);
  if (requests.holds === "pages" && op === Op.MALLOC) {
    return `alloc_pages of order ${size}, ${TYPE_NAMES[extra] ?? extra}`;
  }
  switch (op) {
    case Op.SPLIT:
      return "split in two";
    case Op.MALLOC:
      return `malloc ${size}`;
    case Op.CALLOC:
      return `calloc ${size}`;
    case Op.REALLOC:
      return `realloc to ${size}`;
    case Op.FREE:
      return slot < 0 ? "free NULL" : "free";
    case Op.MEMALIGN:
      return `memalign ${size} at a multiple of ${extra}`;
    case Op.TRIM:
      return `malloc_trim ${size}`;
    case Op.MALLOPT:
      return `mallopt ${extra} ${size}`;
    case Op.SBRK:
      return `sbrk ${size} by somebody else`;
    case Op.WRITE:
      return `write ${size} bytes at ${extra}`;
    case Op.READ:
      return `read ${size} bytes at ${extra}`;
    case Op.THREAD:
      return `thread ${slot} goes on`;
    default:
      return `thread ${slot} ends`;
  }
}

/** Brings the lane to `op`; what its last request met, in words. */
function arrive(lane: Lane, op: number): string[] {
  if (op === 0) {
    lane.goTo(0);
    return [];
  }
  lane.goTo(op - 1);
  const { heap, session, requests, spec } = lane;
  if (session.live > FEW) {
    lane.goTo(op);
    const way = heap.explain?.();
    return way ? [inHex(way)] : [];
  }
  const slot = requests.slotAt(op - 1);
  const witness = new Witness(spec.entry.name, heap, session);
  witness.before(slot);
  lane.goTo(op);
  return [inHex(witness.answer(requests.opAt(op - 1), slot))];
}

/** Words whose addresses are hexadecimal, as everywhere on the page. */
function inHex(words: string): string {
  return words.replace(
    /(?<=\bat )\d+\b/g,
    (address) => `0x${Number(address).toString(16)}`,
  );
}

/** Where the block lay that request `op` freed; 0 if it freed none. */
function lastPlace({ rectangles, folds }: Lane, op: number): number {
  const { death, address } = rectangles;
  const born = rectangles.bornBy(op);
  for (
    let i = rectangles.next(0, op - 1);
    i < born;
    i = rectangles.next(i + 1, op - 1)
  ) {
    if (death[i] !== op) continue;
    const fold = folds.findLast(({ y }) => y <= address[i]!);
    return fold ? fold.address + address[i]! - fold.y : 0;
  }
  return 0;
}

/** The blocks of `walk` around `near`, in its order, with what is known of them. */
function blocksAround(lane: Lane, op: number, near: number) {
  const { heap, folds, rectangles } = lane;
  // The window ends half as many blocks behind the one that holds `near`.
  const ring: BlockRow[] = [];
  let seen = 0;
  let last = Infinity;
  let dropped = false;
  heap.walk((address, bytes, kind) => {
    seen++;
    if (seen > last) {
      dropped = true;
      return;
    }
    if (last === Infinity && address <= near && near < address + bytes) {
      last = Math.max(MOST_BLOCKS, seen + MOST_BLOCKS / 2);
    }
    ring.push({ address, bytes, kind });
    if (ring.length >= 2 * MOST_BLOCKS && seen <= last) {
      ring.splice(0, MOST_BLOCKS);
      dropped = true;
    }
  });
  const blocks = ring.length > MOST_BLOCKS ? ring.slice(-MOST_BLOCKS) : ring;
  const isCut = dropped || ring.length > MOST_BLOCKS;
  const byHeight = new Map<number, BlockRow>();
  for (const block of blocks) {
    if (block.kind !== "live") continue;
    byHeight.set(heightOf(folds, block.address), block);
  }
  const { birth, address, bytes } = rectangles;
  const born = rectangles.bornBy(op);
  for (
    let i = rectangles.next(0, op);
    i < born;
    i = rectangles.next(i + 1, op)
  ) {
    const block = byHeight.get(address[i]!);
    if (!block) continue;
    block.id = `${i}`;
    block.requested = bytes[i]!;
    block.born = birth[i]!;
  }
  return { blocks, isCut };
}

/** A block of the map at an instant, in words. */
export function blockWords(lane: Lane, i: number): string[] {
  const { rectangles: { birth, death, bytes }, requests, end } = lane;
  const site = requests.siteAt(birth[i]! - 1);
  return [
    `object ${i}: ${bytes[i]} bytes asked for by operation ${birth[i]}`,
    death[i]! <= end
      ? `gone by operation ${death[i]}, after ${death[i]! - birth[i]!}`
      : "never freed",
    ...(site > 0 ? [requests.sites[site] ?? ""] : []),
  ];
}

/** The number of the rectangle that holds the height `y` after `op` operations; -1: none. */
export function rectangleAt(lane: Lane, op: number, y: number): number {
  const { rectangles } = lane;
  const born = rectangles.bornBy(op);
  for (
    let i = rectangles.next(0, op);
    i < born;
    i = rectangles.next(i + 1, op)
  ) {
    const low = rectangles.address[i]!;
    if (low <= y && y < low + Math.max(1, rectangles.bytes[i]!)) return i;
  }
  return -1;
}
