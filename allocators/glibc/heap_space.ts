/**
 * The address space that heaps are made of, for all arenas of a process.
 *
 * @module
 */
import { type Address, NULL } from "../allocator.ts";
import { pageUp } from "../pages.ts";
import type { Arena } from "./arena.ts";
import type { Process } from "./process.ts";

/** A heap is at least this long. */
const HEAP_MIN = 32 * 1024;

/** Makes and takes back heaps. */
export class HeapSpace {
  // Where the next heap may lie, because the one before left room; NULL: unknown.
  private spare: Address = NULL;
  // Whose heaps they are, by address in units of the greatest length.
  private readonly owners = new Map<number, Arena>();
  // The arena that was asked for last, and whose memory that is, in the same unit.
  private lastArena: Arena | undefined;
  private lastUnit = -1;

  declare private readonly process: Process;

  /** Of a process without heaps. */
  constructor(process: Process) {
    this.process = process;
  }

  /** Length of a new heap for `need` signed bytes and the top pad; undefined: too long. */
  lengthFor(need: number): number | undefined {
    const { process } = this;
    const { heapMax } = process.geometry;
    const padded = process.unsigned(need + process.settings.topPad);
    const size = padded < HEAP_MIN
      ? HEAP_MIN
      : padded <= heapMax
      ? padded
      : process.unsigned(need) > heapMax
      ? undefined
      : heapMax;
    return size === undefined ? undefined : pageUp(size);
  }

  /** Address of a new heap of which `size` bytes are accessible; NULL if refused. */
  take(size: number, arena: Arena): Address {
    const start = this.place();
    if (start === NULL) return NULL;
    this.process.source.protect?.(start, size);
    this.owners.set(start / this.process.geometry.heapMax, arena);
    this.lastUnit = -1;
    return start;
  }

  /** The arena whose heap holds `address`, if it is in one. */
  arenaAt(address: Address): Arena | undefined {
    const unit = Math.floor(address / this.process.geometry.heapMax);
    if (unit === this.lastUnit) return this.lastArena;
    this.lastUnit = unit;
    return this.lastArena = this.owners.get(unit);
  }

  /** Gives the heap at `start` back. */
  give(start: Address): void {
    const { source, geometry: { heapMax } } = this.process;
    this.owners.delete(start / heapMax);
    this.lastUnit = -1;
    if (this.spare === start + heapMax) this.spare = NULL;
    source.munmap(start, heapMax);
  }

  private place(): Address {
    const { source, geometry: { heapMax } } = this.process;
    if (this.spare !== NULL) {
      const start = source.mmap(heapMax, this.spare);
      this.spare = NULL;
      if (start !== NULL) {
        if (start % heapMax === 0) return start;
        source.munmap(start, heapMax);
      }
    }
    const twice = source.mmap(2 * heapMax);
    if (twice === NULL) {
      const start = source.mmap(heapMax);
      if (start === NULL || start % heapMax === 0) return start;
      source.munmap(start, heapMax);
      return NULL;
    }
    const start = Math.ceil(twice / heapMax) * heapMax;
    if (start === twice) this.spare = start + heapMax;
    else source.munmap(twice, start - twice);
    source.munmap(start + heapMax, twice + heapMax - start);
    return start;
  }
}
