/**
 * The twin of scarce_pool.cpp: the model of the pool over a heap that begins
 * to fail, and the same digest.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type BlockVisitor,
  Counters,
  NULL,
  type Usage,
} from "../../allocators/allocator.ts";
import { FlatSource } from "../../allocators/pages.ts";
import { Pool } from "../../allocators/stl/pool.ts";

/** Hands out `limit` bytes in steps of 16, and takes nothing back. */
export class ScarceHeap implements Allocator {
  readonly counters: Counters = new Counters();
  readonly #limit: number;
  readonly #bytes = new Map<Address, number>();
  footprint = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  malloc(size: number): Address {
    const bytes = Math.ceil(size / 16) * 16;
    if (this.footprint + bytes > this.#limit) return NULL;
    const address = this.footprint;
    this.footprint += bytes;
    this.#bytes.set(address, bytes);
    return address;
  }

  free(): void {}

  realloc(): Address {
    return NULL;
  }

  usableSize(address: Address): number {
    return this.#bytes.get(address)!;
  }

  walk(visit: BlockVisitor): void {
    for (const [start, bytes] of this.#bytes) visit(start, bytes, "live");
  }

  check(): void {}

  usage(): Usage {
    return {
      allocated: this.footprint,
      metadata: 0,
      cached: 0,
      free: 0,
      footprint: this.footprint,
      largestFree: 0,
      freeBlocks: 0,
      unavailable4k: 0,
      unavailable64k: 0,
      unavailable2m: 0,
      largestServeable: this.#limit,
      side: 0,
    };
  }
}

/** What `scarce_pool <seed> <operations> <bytes>` prints. */
export function simulateScarce(
  seed: number,
  operations: number,
  bytes: number,
): string[] {
  const pool = new Pool(new ScarceHeap(bytes), new FlatSource());
  let state = seed;
  const draw = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  let hash = 2166136261;
  const lines: string[] = [];
  const print = () => {
    pool.check();
    lines.push((hash >>> 0).toString(16).padStart(8, "0"));
  };
  const live: Address[] = [];
  let refused = 0;
  for (let i = 1; i <= operations; i++) {
    const longest = Math.floor(i / 5000) % 2 === 0 ? 140 : 40;
    const percent = Math.floor(i / 3000) % 2 === 0 ? 65 : 40;
    const what = draw() % 100;
    const which = draw();
    if (what < percent) {
      const address = pool.malloc(1 + which % longest);
      if (address === NULL) refused++;
      else live.push(address);
      hash = Math.imul(hash ^ address, 16777619); // NULL is -1 in both
    } else if (live.length > 0) {
      const victim = which % live.length;
      pool.free(live[victim]!, 0);
      const last = live.pop()!;
      if (victim < live.length) live[victim] = last;
    }
    if (i % 1000 === 0) print();
  }
  print();
  return [...lines, `${refused}`];
}
