/**
 * A whole machine: programs over heaps (a pool between them or not), heaps over
 * address spaces, whose page faults take frames from one page allocator, and
 * slab caches beside them that take pages from the same one.
 *
 * There are no rules here: what a request does is decided by the layers. A
 * fault takes a movable frame, a page table an unmovable one, a slab an
 * unmovable block. Physical memory begins with what is reserved (firmware, the
 * kernel's image) and the page descriptors, 64 bytes per frame of RAM; the
 * zone of the page allocator is the rest, page frame 0 its first.
 *
 * A fault that finds no frame is exhaustion: its process is `outOfMemory`, and
 * whoever runs the machine ends one. Simplified: one zone; nothing is
 * reclaimed or swapped, and there is no page cache.
 *
 * Host memory per frame: what the zone takes (9 bytes for `linux_buddy`), 4
 * for the directory of slabs, and 1 while memory is compacted; all else grows
 * with what is touched.
 *
 * @module
 */
import type { Allocator } from "../allocator.ts";
import { AddressSpace } from "../os/address_space.ts";
import type { Layout } from "../os/layout.ts";
import { Relocation } from "../os/relocation.ts";
import { PAGE, type PageAllocator, type PageSource, pageUp } from "../pages.ts";
import { SlubCaches } from "../slab/caches.ts";
import type { KmemCache } from "../slab/kmem_cache.ts";
import type { MergeSpec } from "../slab/merge.ts";
import { Process } from "./process.ts";
import { type Share, share } from "./share.ts";
import { slabFrames, SlabUser } from "./slab_user.ts";

/** Bytes of a page descriptor (struct page). */
const DESCRIPTOR = 64;

/** What a machine is built from. */
export interface MachineOptions {
  /** Bytes of RAM, a multiple of the page. */
  ramBytes: number;
  /** Bytes that no allocator gets: firmware, the kernel's image. */
  reservedBytes?: number;
  /** Makes the page allocator of so many 4 KiB pages. */
  zone(pages: number): PageAllocator;
  /** CPUs, by which slabs are sized. */
  cpus?: number;
}

/** What a process may be told beside its heap. */
export interface ProcessOptions {
  /** What its address space holds before the first request. */
  layout?: Layout;
  /** Whether its mappings get huge pages where they fit. */
  hugePages?: boolean;
}

/** Processes and slab caches over one page allocator. */
export class Machine {
  /** Bytes of RAM. */
  readonly ramBytes: number;
  /** Bytes that no allocator gets. */
  readonly reservedBytes: number;
  /** Bytes of page descriptors, in whole pages. */
  readonly descriptorBytes: number;
  /** Who hands out frames. */
  readonly zone: PageAllocator;
  /** Who runs. */
  readonly processes: Process[] = [];
  /** Kinds of kernel objects. */
  readonly slabUsers: SlabUser[] = [];
  private readonly slub: SlubCaches;

  /** Nobody runs yet. `RangeError` if nothing is left for the zone. */
  constructor(
    { ramBytes, reservedBytes = 0, zone, cpus = 1 }: MachineOptions,
  ) {
    const frames = Math.floor(ramBytes / PAGE);
    this.ramBytes = frames * PAGE;
    this.reservedBytes = pageUp(reservedBytes);
    this.descriptorBytes = pageUp(frames * DESCRIPTOR);
    const rest = this.ramBytes - this.reservedBytes - this.descriptorBytes;
    if (rest <= 0) {
      throw new RangeError(`A machine of ${ramBytes} bytes has no free page`);
    }
    this.zone = zone(rest / PAGE);
    this.slub = new SlubCaches(this.zone, { cpus });
  }

  /** Starts a process whose heap `create` makes over its address space. */
  start(
    name: string,
    create: (source: PageSource) => Allocator,
    options: ProcessOptions = {},
  ): Process {
    const frames = this.zone;
    const os = new AddressSpace({ ...options, frames, tableFrames: frames });
    const process = new Process(name, os, create(os));
    this.processes.push(process);
    return process;
  }

  /** Ends a process: its frames and tables go back. */
  end(process: Process): void {
    const i = this.processes.indexOf(process);
    if (i < 0) throw new RangeError(`Process ${process.name} does not run`);
    this.processes.splice(i, 1);
    process.os.exit();
  }

  /** A kind of kernel object; kinds that are alike share a cache. */
  slabUser(name: string, spec: MergeSpec): SlabUser {
    const cache = this.slub.create(spec);
    const user = new SlabUser(name, spec.objectSize, cache);
    this.slabUsers.push(user);
    return user;
  }

  /** The caches that own slabs. */
  get caches(): readonly KmemCache[] {
    return this.slub.all;
  }

  /** Bytes of all page tables. */
  get tableBytes(): number {
    return this.processes.reduce((sum, { os }) => sum + os.tableBytes, 0);
  }

  /**
   * Moves pages of processes until a block of `order` is free; false if there
   * is none then, or the page allocator cannot. O(frames).
   */
  compact(order: number): boolean {
    const { zone } = this;
    if (!zone.compact) return false;
    const moves = new Relocation(zone.footprint / PAGE);
    const done = zone.compact(order, (from, to, order) => {
      moves.add(from, to, zone.pagesOf(order));
    });
    for (const { os } of this.processes) os.relocate(moves);
    return done;
  }

  /**
   * Who has which part of RAM: shares are disjoint, and their frame bytes sum
   * to `ramBytes`. O(blocks of all heaps).
   */
  frames(): Share[] {
    const { free, cached, metadata } = this.zone.usage();
    return [
      share("reserved", { metadata: this.reservedBytes }),
      share("page_descriptors", { metadata: this.descriptorBytes }),
      share("buddy", { free, cached, metadata }),
      slabFrames(this.slabUsers, this.caches),
      share("page_tables", { metadata: this.tableBytes }),
      ...this.processes.map((process) => process.frames()),
    ];
  }
}
