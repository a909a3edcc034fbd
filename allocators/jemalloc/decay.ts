/**
 * How the dirty pages of an arena decay: over 10 s, along a smooth step.
 *
 * Time goes by in steps of 50 ms. Of the pages that became dirty in a step a
 * share may stay that falls from 1 to 0 in the next 200 steps.
 *
 * @module
 */
import type { Address } from "../allocator.ts";
import { PAGE } from "../pages.ts";
import type { Arena } from "./arena.ts";
import { Lcg } from "./lcg.ts";
import type { Memory } from "./memory.ts";

/** Nanoseconds of a step. */
const STEP = 50_000_000;
/** Steps until nothing may stay. */
const STEPS = 200;
/** Bits of a share. */
const FRACTION = 24;

// share[i]: of pages that became dirty STEPS - 1 - i steps ago, times 2^FRACTION:
// 6 x^5 - 15 x^4 + 10 x^3 for x = (i + 1) / STEPS.
const SHARE = Float64Array.from({ length: STEPS }, (_, i) => {
  const x = BigInt(i + 1);
  const n = BigInt(STEPS);
  const sum = 6n * x ** 5n - 15n * x ** 4n * n + 10n * x ** 3n * n ** 2n;
  return Number((sum << BigInt(FRACTION)) / n ** 5n);
});

/** The decay of one arena. */
export class Decay {
  private readonly lcg: Lcg;
  // Pages that became dirty in each of the last steps, the oldest first.
  private readonly backlog = new Float64Array(STEPS);
  private epoch = 0;
  private deadline: number;
  // Pages that were dirty, or might have been, at the last step.
  private base = 0;

  /** Begins now; `seed` is where the library keeps this record. */
  constructor(
    private readonly memory: Memory,
    private readonly arena: Arena,
    seed: Address,
  ) {
    this.lcg = new Lcg(seed);
    this.deadline = STEP + this.jitter();
  }

  /** Purges what may not stay, if a step is over. */
  advance(): void {
    const { memory, arena, backlog } = this;
    if (memory.now < this.deadline) return;
    const steps = Math.floor((memory.now - this.epoch) / STEP);
    this.epoch += STEP * steps;
    this.deadline = this.epoch + STEP + this.jitter();
    if (steps >= STEPS) backlog.fill(0);
    else {
      backlog.copyWithin(0, steps);
      backlog.fill(0, STEPS - steps);
    }
    const pages = arena.dirty.bytes / PAGE;
    backlog[STEPS - 1] = Math.max(0, pages - this.base);
    let sum = 0;
    for (let i = 0; i < STEPS; i++) sum += backlog[i]! * SHARE[i]!;
    const limit = Math.floor(sum / 2 ** FRACTION);
    this.base = Math.max(limit, pages);
    arena.purgeTo(limit * PAGE);
  }

  /** A random part of a step, so that arenas do not purge together. */
  private jitter(): number {
    for (;;) {
      const drawn = this.lcg.draw(26);
      if (drawn < STEP) return drawn;
    }
  }
}
