/**
 * One process of a machine: an address space, a heap in it, maybe a pool on
 * top, and the clients that know what they asked for.
 *
 * What lies on resident pages is found when it is asked for: `walk` of the heap
 * gives the blocks in address order, the page table says of each how many of
 * its bytes lie on resident pages (a lookup where a block lies within one
 * page, else a count of bits), and the clients' live objects are looked up the
 * same way, since only they know sizes as asked. O(blocks + objects) per
 * question and nothing per request. A page counts as a whole: it is resident
 * for all blocks that lie on it.
 *
 * @module
 */
import type { Address, Allocator, BlockKind } from "../allocator.ts";
import type { AddressSpace } from "../os/address_space.ts";
import { PoolHeap } from "../stl/entry.ts";
import { type Share, share } from "./share.ts";

/** A program's own account of what it holds of a heap. */
export interface Client {
  /** Live bytes as it asked for them. */
  readonly requested: number;
  /** Live objects. */
  readonly live: number;
  /** Visits every live object: its address and the bytes it was asked with. */
  eachLive(visit: (address: Address, bytes: number) => void): void;
}

/** A process; it adds no cost to what its heap and address space do. */
export class Process {
  /** Its name in views. */
  readonly name: string;
  /** Its memory. */
  readonly os: AddressSpace;
  /** What its requests go to. */
  readonly heap: Allocator;
  /** `heap`, if that is a pool over another heap. */
  readonly pool: PoolHeap | undefined;
  /** The heap that asks `os`: `heap`, or the one below the pool. */
  readonly malloc: Allocator;
  /** Who asks `heap`. */
  client: Client | undefined;
  /** Who asks `malloc` past the pool. */
  direct: Client | undefined;

  /** `heap` lives in `os`. */
  constructor(name: string, os: AddressSpace, heap: Allocator) {
    this.name = name;
    this.os = os;
    this.heap = heap;
    this.pool = heap instanceof PoolHeap ? heap : undefined;
    this.malloc = this.pool?.below ?? heap;
  }

  /** Whether a fault found no frame: the kernel would have killed it. */
  get outOfMemory(): boolean {
    return this.os.refusedFaults > 0;
  }

  /** Its frames by what lies on them; sums to `os.heldBytes`. */
  frames(): Share {
    const { os } = this;
    const bytes: Record<BlockKind, number> = {
      live: 0,
      cached: 0,
      free: 0,
      meta: 0,
      foreign: 0,
    };
    this.heap.walk((start, length, kind) => {
      bytes[kind] += os.residentBytesIn(start, length);
    });
    let requested = 0;
    const count = (address: Address, length: number) => {
      requested += os.residentBytesIn(address, length);
    };
    this.client?.eachLive(count);
    this.direct?.eachLive(count);
    const { live, cached, free, meta } = bytes;
    return share(this.name, {
      requested,
      padding: live - requested,
      cached,
      free,
      metadata: meta,
      tail: os.heldBytes - live - cached - free - meta,
      unbacked: os.mappedBytes - os.residentBytes,
    });
  }
}
