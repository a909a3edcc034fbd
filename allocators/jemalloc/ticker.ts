/**
 * What happens only now and then: after about a thousand operations of an
 * arena its dirty extents may be purged.
 *
 * @module
 */
import type { Arena } from "./arena.ts";
import type { Decay } from "./decay.ts";
import type { Lcg } from "./lcg.ts";

/** Operations between ticks, on average. */
const PERIOD = 1000;
/** 61 times -ln((i + 1) / 64), by 6-bit draw: intervals are exponentially distributed. */
const INTERVALS = [
  ...[254, 211, 187, 169, 156, 144, 135, 127, 120, 113, 107, 102, 97, 93, 89],
  ...[85, 81, 77, 74, 71, 68, 65, 62, 60, 57, 55, 53, 50, 48, 46, 44, 42, 40],
  ...[39, 37, 35, 33, 32, 30, 29, 27, 26, 24, 23, 21, 20, 19, 18, 16, 15, 14],
  ...[13, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
] as const;

/** Counts the operations of a thread. */
export class Ticker {
  private left = PERIOD;

  /** For the thread with `lcg`; `decay` is that of `arena`, if it has one. */
  constructor(
    private readonly lcg: Lcg,
    readonly arena: Arena,
    private readonly decay: Decay | undefined,
  ) {}

  /** `n` operations of `arena`, if it is not another one. */
  tick(n: number, arena: Arena = this.arena): void {
    this.left -= n;
    if (this.left >= 0) return;
    this.left = Math.floor(PERIOD * INTERVALS[this.lcg.draw(6)]! / 61);
    if (arena === this.arena) this.decay?.advance();
    else arena.purgeHuge();
  }
}
