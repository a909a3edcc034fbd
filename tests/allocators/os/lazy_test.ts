/**
 * Lazy commitment: what touching, reading and giving back do to residence and
 * faults, with unlimited frames and with few.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Counters, NULL } from "../../../allocators/allocator.ts";
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { PAGE, type PageAllocator } from "../../../allocators/pages.ts";

const MIB = 2 ** 20;

/** `count` frames, the lowest first; blocks of 512 where `huge` is set. */
class Frames implements Partial<PageAllocator> {
  readonly pageBytes = PAGE;
  readonly orders = 10;
  readonly counters = new Counters();
  readonly live = new Map<number, number>();
  constructor(readonly count: number) {}
  pagesOf = (order: number) => 2 ** order;
  orderFor = (pages: number) => Math.ceil(Math.log2(pages));
  allocPages(order: number): number {
    const pages = 2 ** order;
    for (let pfn = 0; pfn + pages <= this.count; pfn += pages) {
      const clash = [...this.live].some(([p, o]) =>
        p < pfn + pages && pfn < p + 2 ** o
      );
      if (clash) continue;
      this.live.set(pfn, order);
      return pfn;
    }
    return NULL;
  }
  freePages(pfn: number, order: number): void {
    assertEquals(this.live.get(pfn), order, `freePages(${pfn}, ${order})`);
    this.live.delete(pfn);
  }
}

function over(count: number, hugePages = false) {
  const frames = new Frames(count);
  const asAllocator = frames as unknown as PageAllocator;
  return { frames, os: new AddressSpace({ frames: asAllocator, hugePages }) };
}

Deno.test("reserving is free; each first write to a page takes a frame", () => {
  const os = new AddressSpace();
  const at = os.mmap(64 * MIB);
  assertEquals([os.residentBytes, os.pageFaults], [0, 0]);
  os.touch(at, 32 * MIB);
  assertEquals([os.residentBytes, os.pageFaults], [32 * MIB, 8192]);
  os.touch(at, 32 * MIB);
  assertEquals(os.pageFaults, 8192);
});

Deno.test("a first read maps the zero page; a later write faults again", () => {
  const os = new AddressSpace();
  const at = os.mmap(MIB);
  os.read(at, MIB);
  os.read(at, MIB);
  assertEquals([os.residentBytes, os.events.zeroFaults], [0, 256]);
  os.touch(at, MIB);
  assertEquals([os.residentBytes, os.events.writeFaults], [MIB, 256]);
  os.read(at, MIB);
  assertEquals(os.pageFaults, 512);
});

Deno.test("DONTNEED, munmap and a lower break give frames back at once", () => {
  const os = new AddressSpace();
  const at = os.mmap(MIB);
  os.touch(at, MIB);
  os.discard(at, MIB / 2);
  assertEquals(os.residentBytes, MIB / 2);
  os.touch(at, PAGE); // still mapped
  os.munmap(at, MIB);
  assertEquals(os.residentBytes, 0);
  assertThrows(() => os.touch(at, 1), RangeError);
  const heap = os.sbrk(3 * PAGE);
  os.touch(heap, 3 * PAGE);
  os.sbrk(-PAGE - 1);
  assertEquals(os.residentBytes, 2 * PAGE); // the break is within the second
  os.sbrk(-2 * PAGE + 1);
  assertEquals(os.residentBytes, 0);
  os.check();
});

Deno.test("one byte in each of 16 regions: 16 pages, or 32 MiB if huge", () => {
  for (const hugePages of [false, true]) {
    const os = new AddressSpace({ hugePages });
    const at = os.mmap(32 * MIB);
    for (let i = 0; i < 16; i++) os.touch(at + 2 * MIB * i, 1);
    assertEquals(os.pageFaults, 16);
    assertEquals(os.residentBytes, hugePages ? 32 * MIB : 16 * PAGE);
    assertEquals(os.events.hugeFaults, hugePages ? 16 : 0);
  }
});

Deno.test("a moved mapping keeps its frames and faults nowhere", () => {
  const { frames, os } = over(64);
  const at = os.mmap(8 * PAGE);
  os.mmap(PAGE);
  os.touch(at, 8 * PAGE);
  const held = [...frames.live];
  const moved = os.mremap(at, 8 * PAGE, 20 * PAGE);
  assert(moved !== at);
  os.touch(moved, 8 * PAGE);
  assertEquals([os.pageFaults, os.residentBytes], [8, 8 * PAGE]);
  assertEquals([...frames.live], held);
  os.munmap(moved, 20 * PAGE);
  assertEquals(frames.live.size, 0);
});

Deno.test("a fault that finds no frame is refused, and the page stays untouched", () => {
  const { frames, os } = over(10);
  const at = os.mmap(MIB);
  os.touch(at, MIB);
  assertEquals([os.residentBytes, os.refusedFaults], [10 * PAGE, 1]);
  os.discard(at, PAGE);
  os.touch(at + 10 * PAGE, 1); // takes the frame just given back
  assertEquals([os.residentBytes, os.refusedFaults], [10 * PAGE, 1]);
  os.touch(at, 1);
  assertEquals(os.refusedFaults, 2);
  os.munmap(at, MIB);
  assertEquals([frames.live.size, os.residentBytes], [0, 0]);
});

Deno.test("a huge page needs 512 frames in one block, else small pages serve", () => {
  const { frames, os } = over(1024 + 100, true);
  const at = os.mmap(8 * MIB);
  for (let i = 0; i < 3; i++) os.touch(at + 2 * MIB * i, 1);
  assertEquals([os.events.hugeFaults, os.events.writeFaults], [2, 1]);
  os.discard(at, MIB);
  assertEquals(os.residentBytes, 3 * MIB + PAGE);
  assertEquals(frames.live.get(0), 9, "the block stays while a part is mapped");
  os.touch(at, PAGE);
  os.discard(at + MIB, MIB);
  assert(frames.live.get(0) !== 9);
  os.munmap(at, 8 * MIB);
  assertEquals([frames.live.size, os.residentBytes], [0, 0]);
  os.check();
});

Deno.test("a table per region of 2 MiB, gone with all of its region", () => {
  const os = new AddressSpace();
  const before = os.tableBytes;
  const at = os.mmap(2 ** 40);
  os.touch(at, 1);
  os.touch(at + 2 ** 39, 1);
  assertEquals(os.tableBytes - before, 2 * PAGE);
  os.munmap(at, 2 ** 40);
  assertEquals(os.tableBytes, before);
});
