/**
 * A client that knows what it asked for, and audits what it got.
 *
 * @module
 */
import { type Allocator, Counters, NULL } from "../../allocators/allocator.ts";
import { checkLists } from "./lists.ts";
import type { TaggedMemory } from "./tagged_memory.ts";

/** Lists are compared at one of so many audits: that takes its time. */
const LISTED = 4;

/** A client that knows what it asked for, and checks what it got. */
export class Auditor {
  /** The heap under test. */
  readonly heap: Allocator;
  /** Requested bytes by address of each live block. */
  readonly live: Map<number, number> = new Map();
  /** Addresses of blocks freed before. */
  readonly freed: Set<number> = new Set();
  /** Live addresses in no particular order, for random victims. */
  readonly victims: number[] = [];

  private readonly memory: TaggedMemory;
  // Place in `victims` of each live address.
  private readonly place = new Map<number, number>();
  // [start, end) of what somebody else took from the break.
  private readonly foreign: [number, number][] = [];
  private readonly counted = new Counters();
  // [offset, tag] of the bytes written into each live block, by its address.
  private readonly written = new Map<number, [number, number][]>();
  private tags = 0;
  private audits = 0;

  /** A client of `heap`, which lives on `memory`. */
  constructor(heap: Allocator, memory: TaggedMemory) {
    this.heap = heap;
    this.memory = memory;
  }

  /** Notes the block at `address`, and writes its tags; NULL is no block. */
  take(address: number, size: number): number {
    if (address === NULL) return NULL;
    ensure(!this.live.has(address), `${address} was handed out twice`);
    const usable = this.heap.usableSize(address);
    ensure(usable >= size, `usableSize ${usable} at ${address} < ${size}`);
    this.live.set(address, size);
    this.place.set(address, this.victims.push(address) - 1);
    this.freed.delete(address);
    this.write(address, size);
    return address;
  }

  /** Requests `size` bytes. */
  malloc(size: number): number {
    return this.take(this.heap.malloc(size), size);
  }

  /** Requests `size` zeroed bytes; as `malloc` where that is the same. */
  calloc(size: number): number {
    return this.take(this.heap.calloc?.(size) ?? this.heap.malloc(size), size);
  }

  /** Place in `victims` of the live block at `address`. */
  indexOf(address: number): number {
    return this.place.get(address)!;
  }

  /**
   * Somebody else moves the break up by `bytes`, if there is room and the heap
   * has no memory of its own.
   */
  intrude(bytes: number): void {
    if (this.memory.held === 0) return;
    const start = this.memory.sbrk(bytes);
    if (start !== NULL) this.foreign.push([start, start + bytes]);
  }

  /** Frees the victim at `index`, whose contents must be intact. */
  free(index: number): void {
    const address = this.victims[index]!;
    const size = this.live.get(address)!;
    this.verify(address, address, size);
    this.drop(index);
    this.heap.free(address, size);
  }

  /**
   * Resizes the victim at `index`; its contents must move along. Returns where
   * it is then: on NULL, where it was.
   */
  realloc(index: number, size: number): number {
    const address = this.victims[index]!;
    const oldSize = this.live.get(address)!;
    const moved = this.heap.realloc(address, oldSize, size);
    const kept = moved === NULL ? address : moved;
    this.verify(address, kept, moved === NULL ? oldSize : size);
    if (moved === NULL) return address;
    this.drop(index);
    return this.take(moved, size);
  }

  /** Where what begins at `address` and is somebody else's ends; `address` if nothing does. */
  private pastForeign(address: number): number {
    for (const [from, to] of this.foreign) if (from === address) address = to;
    return address;
  }

  /** Compares walk, usage, census, counters and payloads. */
  audit(): void {
    const { heap } = this;
    heap.check();
    const sums = { live: 0, cached: 0, free: 0, meta: 0, foreign: 0 };
    let largest = 0;
    let blocks = 0;
    let end = -Infinity;
    const below = [4096, 65536, 2 ** 21].map((limit) => ({ limit, bytes: 0 }));
    const payloads = [...this.live.keys()].sort((a, b) => a - b);
    let next = 0;
    heap.walk((start, bytes, kind) => {
      ensure(
        kind === "live" ? bytes >= 0 : bytes > 0,
        `walk visits ${bytes} bytes at ${start}`,
      );
      ensure(start >= end, `walk visits ${start} after ${end}: overlap`);
      ensure(
        end < 0 || start === end ||
          !this.memory.holdsAny(this.pastForeign(end), start),
        `walk skips from ${end} to ${start}`,
      );
      end = start + bytes;
      sums[kind] += bytes;
      ensure(
        kind === "foreign" ||
          this.foreign.every(([from, to]) => end <= from || to <= start),
        `walk: ${bytes} bytes at ${start} are somebody else's in part`,
      );
      if (kind === "live") {
        const address = payloads[next++]!;
        ensure(address === start, `walk: live at ${start}, held ${address}`);
        const usable = heap.usableSize(address);
        ensure(
          usable === bytes,
          `usableSize ${usable} of ${bytes} at ${start}`,
        );
      } else if (kind === "free") {
        blocks++;
        largest = Math.max(largest, bytes);
        for (const b of below) if (bytes < b.limit) b.bytes += bytes;
      }
    });
    ensure(
      next === payloads.length,
      `walk shows ${next} live blocks of ${payloads.length}`,
    );
    const usage = heap.usage();
    const same = (name: string, seen: number, walked: number) =>
      ensure(seen === walked, `usage().${name} is ${seen}, walk: ${walked}`);
    same("allocated", usage.allocated, sums.live);
    same("metadata", usage.metadata, sums.meta);
    same("cached", usage.cached, sums.cached);
    same("free", usage.free, sums.free);
    same("largestFree", usage.largestFree, largest);
    same("freeBlocks", usage.freeBlocks, blocks);
    same("unavailable4k", usage.unavailable4k, below[0]!.bytes);
    same("unavailable64k", usage.unavailable64k, below[1]!.bytes);
    same("unavailable2m", usage.unavailable2m, below[2]!.bytes);
    const held = sums.live + sums.meta + sums.cached + sums.free;
    same("footprint", usage.footprint, held);
    ensure(
      heap.footprint === held,
      `footprint is ${heap.footprint}, not ${held}`,
    );
    const foreign = this.foreign.reduce(
      (sum, [from, to]) => sum + to - from,
      0,
    );
    const given = this.memory.held - foreign;
    ensure(
      given === 0 || given === held,
      `the layer below gave ${given} bytes, footprint is ${held}`,
    );
    ensure(
      usage.side >= sums.foreign,
      `usage().side is ${usage.side}, walk: ${sums.foreign} foreign`,
    );
    this.auditCounters();
    this.auditCensus(held);
    if (this.audits++ % LISTED === 0) checkLists(heap);
  }

  /** Counters only grow. */
  private auditCounters(): void {
    for (const name of Object.keys(this.counted) as (keyof Counters)[]) {
      const [before, now] = [this.counted[name], this.heap.counters[name]];
      ensure(now >= before, `counters.${name} fell from ${before} to ${now}`);
      this.counted[name] = now;
    }
  }

  /** Lists have names of their own, and hold no more than the footprint. */
  private auditCensus(footprint: number): void {
    const rows = this.heap.census?.() ?? [];
    const lists = new Set(rows.map(({ list }) => list));
    ensure(lists.size === rows.length, "census names a list twice");
    let listed = 0;
    for (const { list, blocks, bytes } of rows) {
      ensure(
        Number.isInteger(blocks) && blocks >= 0 &&
          (blocks > 0 ? bytes >= blocks : bytes === 0),
        `census: ${blocks} blocks of ${bytes} bytes on ${list}`,
      );
      listed += bytes;
    }
    ensure(
      listed <= footprint,
      `census: ${listed} bytes, footprint is ${footprint}`,
    );
  }

  /** Writes new tags into the first, middle and last byte of a payload. */
  private write(address: number, size: number): void {
    const offsets = size > 0 ? new Set([0, size >> 1, size - 1]) : [];
    this.written.set(
      address,
      Array.from(offsets, (offset) => {
        this.memory.poke(address + offset, ++this.tags);
        return [offset, this.tags];
      }),
    );
  }

  /** The tags written at `address` must stand, up to `size`, at `now`. */
  private verify(address: number, now: number, size: number): void {
    for (const [offset, tag] of this.written.get(address)!) {
      ensure(
        offset >= size || this.memory.peek(now + offset) === tag,
        `byte ${offset} of the block at ${now} has lost its contents`,
      );
    }
  }

  /** Forgets the victim at `index`. */
  private drop(index: number): void {
    const address = this.victims[index]!;
    const last = this.victims.pop()!;
    if (index < this.victims.length) {
      this.victims[index] = last;
      this.place.set(last, index);
    }
    this.place.delete(address);
    this.live.delete(address);
    this.written.delete(address);
    this.freed.add(address);
  }
}

/** Throws an Error with `message` unless `condition`. */
export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
