/**
 * Estimated time of system calls and page faults.
 *
 * The defaults are the shortest of many runs on one virtual machine (Linux
 * 6.18, nested virtualization): use the ratios, not the nanoseconds. Pairs
 * were measured (grow and shrink, map and unmap), so half a pair stands for
 * each call. Simplified: a call costs the same whatever its length; giving
 * resident pages back is not charged; mremap and madvise were not measured and
 * are charged like munmap.
 *
 * @module
 */
import type { Events } from "./events.ts";

/** Nanoseconds of each kind of event, and of a request served in user space. */
export interface Prices {
  /** Entering and leaving the kernel. */
  systemCall: number;
  /** Moving the break by a page, beyond `systemCall`. */
  brk: number;
  /** Making a mapping, beyond `systemCall`. */
  mmap: number;
  /** Removing a mapping, beyond `systemCall`. */
  munmap: number;
  /** Resizing a mapping, beyond `systemCall`. */
  mremap: number;
  /** Giving frames back, beyond `systemCall`. */
  madvise: number;
  /** A first write to a page. */
  writeFault: number;
  /** A first read of a page. */
  zeroFault: number;
  /** A first write that takes 2 MiB at once. */
  hugeFault: number;
  /** `malloc` and `free` of a block that never leaves the heap's cache. */
  pooledPair: number;
}

/** A system call that does nothing, in ns. */
const SYSTEM_CALL = 332;
/** brk up by a page and down again, in ns. */
const BRK_PAIR = 8439;
/** mmap and munmap of 128 KiB that are never touched, in ns. */
const MAPPING_PAIR = 8095;
const MAPPING = MAPPING_PAIR / 2 - SYSTEM_CALL;

/** Measured prices; replace any with `{ ...PRICES, writeFault: 500 }`. */
export const PRICES: Readonly<Prices> = {
  systemCall: SYSTEM_CALL,
  brk: BRK_PAIR / 2 - SYSTEM_CALL,
  mmap: MAPPING,
  munmap: MAPPING,
  mremap: MAPPING,
  madvise: MAPPING,
  writeFault: 3764,
  zeroFault: 1243,
  hugeFault: 222_579,
  pooledPair: 11,
};

/** Estimated nanoseconds, apart by what they are spent on. */
export interface Cost {
  /** Entering and leaving the kernel. */
  entry: number;
  /** Work on the break and the mappings. */
  mapping: number;
  /** Page faults. */
  faults: number;
  /** The three together. */
  total: number;
}

/** What `events` take at `prices`. */
export function costOf(events: Events, prices: Prices = PRICES): Cost {
  const entry = events.systemCalls * prices.systemCall;
  const mapping = events.brk * prices.brk +
    events.mmap * prices.mmap +
    events.munmap * prices.munmap +
    events.mremap * prices.mremap +
    events.madvise * prices.madvise;
  const faults = events.writeFaults * prices.writeFault +
    events.zeroFaults * prices.zeroFault +
    events.hugeFaults * prices.hugeFault;
  return { entry, mapping, faults, total: entry + mapping + faults };
}
