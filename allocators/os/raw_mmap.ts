/**
 * A mapping per request: whole pages from the kernel, given back at once.
 *
 * There is no header; what rounding to pages adds is internal waste. `realloc`
 * resizes the mapping, so nothing is copied.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type BlockVisitor,
  Counters,
  invariant,
  notLive,
  NULL,
  type Usage,
} from "../allocator.ts";
import { type AllocatorEntry, define } from "../entry.ts";
import { AddressTable } from "../freelist/address_table.ts";
import { FreeHistogram } from "../histogram.ts";
import { PAGE, type PageSource } from "../pages.ts";

/** Mappings by address; every operation is O(1) besides the kernel's work. */
export class RawMmap implements Allocator {
  readonly counters: Counters = new Counters();
  // Slot of the mapping at an address, plus 1.
  private readonly slots = new AddressTable();
  // Mapping in slot s < address.length: its address, NULL if the slot is not
  // in use, and its length in pages.
  private readonly address: number[] = [];
  private readonly pages: number[] = [];
  private readonly unused: number[] = [];
  private held = 0;
  private readonly source: PageSource;

  /** No mappings yet. */
  constructor(source: PageSource) {
    this.source = source;
  }

  malloc(size: number): Address {
    const pages = pagesOf(size);
    const address = this.source.mmap(pages * PAGE);
    if (address === NULL) return NULL;
    const slot = this.unused.pop() ?? this.address.length;
    this.address[slot] = address;
    this.pages[slot] = pages;
    this.slots.set(address, slot + 1);
    this.held += pages;
    return address;
  }

  free(address: Address): void {
    const slot = this.slots.take(address) - 1;
    if (slot < 0) throw notLive(address);
    this.source.munmap(address, this.pages[slot]! * PAGE);
    this.held -= this.pages[slot]!;
    this.address[slot] = NULL;
    this.unused.push(slot);
  }

  realloc(address: Address, _oldSize: number, size: number): Address {
    const slot = this.slotAt(address);
    const old = this.pages[slot]!;
    const pages = pagesOf(size);
    if (pages === old) return address;
    const to = this.source.mremap(address, old * PAGE, pages * PAGE);
    if (to === NULL) return NULL;
    this.pages[slot] = pages;
    this.held += pages - old;
    if (to !== address) {
      this.address[slot] = to;
      this.slots.take(address);
      this.slots.set(to, slot + 1);
    }
    return to;
  }

  usableSize(address: Address): number {
    return this.pages[this.slotAt(address)]! * PAGE;
  }

  walk(visit: BlockVisitor): void {
    const slots = [...this.address.keys()].filter((s) =>
      this.address[s] !== NULL
    ).sort((a, b) => this.address[a]! - this.address[b]!);
    for (const s of slots) {
      visit(this.address[s]!, this.pages[s]! * PAGE, "live");
    }
  }

  /** The table finds every mapping; held = sum of pages. */
  check(): void {
    let held = 0;
    for (const [slot, address] of this.address.entries()) {
      if (address === NULL) continue;
      invariant(this.slotAt(address) === slot, `Slot ${slot} is not found`);
      held += this.pages[slot]!;
    }
    invariant(held === this.held, `${held} pages, ${this.held} counted`);
    invariant(
      this.slots.size + this.unused.length === this.address.length,
      "A slot is neither in use nor unused",
    );
  }

  usage(): Usage {
    return {
      ...new FreeHistogram().usage(),
      allocated: this.footprint,
      metadata: 0,
      cached: 0,
      footprint: this.footprint,
      largestFree: 0,
      largestServeable: Infinity,
      side: 0,
    };
  }

  get footprint(): number {
    return this.held * PAGE;
  }

  private slotAt(address: Address): number {
    const slot = this.slots.get(address) - 1;
    if (slot < 0) throw notLive(address);
    return slot;
  }
}

/** Pages of a request; a request for nothing gets one. */
function pagesOf(size: number): number {
  return Math.max(1, Math.ceil(size / PAGE));
}

/** The entry of the registry. */
export const rawMmap: AllocatorEntry = define({
  name: "raw_mmap",
  summary: "A system call per request: every malloc is a mapping of pages.",
  source: "mmap(2)",
  layer: "os",
  options: {},
  offers: ["resident"],
  create: (_, { source }) => new RawMmap(source),
});
