/**
 * What a live block of the simulated glibc takes of the host's memory.
 *
 * @module
 */
import { glibc } from "../allocators/glibc/entry.ts";
import { AddressSpace } from "../allocators/os/address_space.ts";

const BLOCKS = 1_000_000;
const SIZE = 48;

/** Heaps that were measured: none may be collected before all are. */
const kept: unknown[] = [];

/** Bytes by which this process grows per live block, requested by `threads` in turn. */
export function bytesPerBlock(threads: number): number {
  const source = new AddressSpace();
  const heap = glibc.create({}, { source, draw: () => 0 });
  kept.push(heap);
  const before = Deno.memoryUsage().rss;
  for (let i = 0; i < BLOCKS; i++) {
    if (threads > 1) heap.threading!.run(1 + i % threads);
    heap.malloc(SIZE);
  }
  return (Deno.memoryUsage().rss - before) / BLOCKS;
}
