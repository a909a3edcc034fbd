/**
 * The linear congruential numbers that jemalloc draws: 64 bits, of which the
 * upper ones are used.
 *
 * @module
 */
import type { Address } from "../allocator.ts";

/** state = state x 6364136223846793005 + 1442695040888963407 mod 2^64. */
const FACTOR_HIGH = 0x5851_f42d;
const FACTOR_LOW = 0x4c95_7f2d;
const STEP_HIGH = 0x1405_7b7e;
const STEP_LOW = 0xf767_814f;

/** A sequence of draws that starts at an address. */
export class Lcg {
  // The state, as two unsigned words.
  private high: number;
  private low: number;

  /** From `seed` on. */
  constructor(seed: Address) {
    this.high = Math.floor(seed / 2 ** 32);
    this.low = seed >>> 0;
  }

  /** The next number of `bits` <= 32 bits. */
  draw(bits: number): number {
    const { high, low } = this;
    const lower = low & 0xffff;
    const upper = low >>> 16;
    // low x FACTOR_LOW, of which the carry into the high word is needed.
    const part = lower * (FACTOR_LOW & 0xffff);
    const middle = upper * (FACTOR_LOW & 0xffff) + (part >>> 16);
    const other = lower * (FACTOR_LOW >>> 16) + (middle & 0xffff);
    const carry = upper * (FACTOR_LOW >>> 16) + Math.floor(middle / 65_536) +
      Math.floor(other / 65_536);
    const sum = (Math.imul(low, FACTOR_LOW) >>> 0) + STEP_LOW;
    this.low = sum >>> 0;
    this.high = (Math.imul(high, FACTOR_LOW) + Math.imul(low, FACTOR_HIGH) +
      (carry | 0) + STEP_HIGH + (sum >= 2 ** 32 ? 1 : 0)) >>> 0;
    return bits === 0 ? 0 : this.high >>> (32 - bits);
  }
}
