/**
 * glibc's malloc that counts its requests, and the random numbers of the
 * programs that were recorded.
 *
 * @module
 */
import { Glibc } from "../../../allocators/glibc/glibc.ts";
import type { Tunables } from "../../../allocators/glibc/params.ts";
import { FlatSource, type PageSource } from "../../../allocators/pages.ts";

/** The real malloc of a 64-bit process, with counters of its calls. */
export class CountingMalloc extends Glibc {
  /** Calls of malloc. */
  news = 0;
  /** Calls of free. */
  deletes = 0;
  /** Bytes asked for in all. */
  newBytes = 0;

  constructor(
    tunables: Partial<Tunables> = {},
    source: PageSource = new FlatSource(),
  ) {
    super(source, { tunables });
  }

  override malloc(size: number): number {
    this.news++;
    this.newBytes += size;
    return super.malloc(size);
  }

  override free(address: number, size: number): void {
    this.deletes++;
    super.free(address, size);
  }
}

/** G. Marsaglia's xorshift with 64 bits, of which bits 16..47 are used. */
export class Xorshift64 {
  #high = 0x9e3779b9;
  #low = 0x7f4a7c15;

  /** A number in 0 .. `n` - 1. */
  below(n: number): number {
    this.#left(13);
    // S ^= S >> 7
    const high = this.#high;
    this.#high ^= high >>> 7;
    this.#low ^= (this.#low >>> 7) | (high << 25);
    this.#left(17);
    return (((this.#high << 16) | (this.#low >>> 16)) >>> 0) % n;
  }

  /** S ^= S << n */
  #left(n: number): void {
    const low = this.#low;
    this.#high ^= (this.#high << n) | (low >>> (32 - n));
    this.#low ^= low << n;
  }
}
