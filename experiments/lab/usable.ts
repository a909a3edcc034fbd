/**
 * How long the blocks of a lane really were: the requests are served once more,
 * and each block is looked at when it is born.
 *
 * @module
 */
import { addressAt } from "./folds.ts";
import type { Lane } from "./lane.ts";

/** Blocks that are looked at between two looks at the clock. */
const BLOCKS = 1024;

/** The usable bytes of blocks. */
export class Usable {
  /** By rectangle of the lane, valid once all are known. */
  readonly bytes: Float64Array;
  private readonly lane: Lane;
  private known = 0;

  /** Nothing is known yet of the blocks of `lane`, whose first run is over. */
  constructor(lane: Lane) {
    this.lane = lane;
    this.bytes = new Float64Array(lane.rectangles.length);
  }

  /** Looks at the next blocks; false when all are known. */
  more(): boolean {
    const { lane, bytes } = this;
    const { birth, address, length } = lane.rectangles;
    const to = Math.min(length, this.known + BLOCKS);
    for (let i = this.known; i < to; i++) {
      lane.goTo(birth[i]!);
      bytes[i] = lane.heap.usableSize(addressAt(lane.folds, address[i]!));
    }
    this.known = to;
    return to < length;
  }
}
