/**
 * Lazy commitment: what touching, reading and giving back do to residence and
 * faults, with unlimited frames and with few.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { NULL } from "../../../allocators/allocator.ts";
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { LAYOUT_64 } from "../../../allocators/os/layout.ts";
import { PAGE, type PageAllocator } from "../../../allocators/pages.ts";

const MIB = 2 ** 20;

/** `count` frames, the lowest block that is free first. */
class Frames implements Partial<PageAllocator> {
  readonly pageBytes = PAGE;
  readonly orders = 10;
  /** Order of each live block, by its first frame. */
  readonly live = new Map<number, number>();
  readonly #used: Uint8Array;
  constructor(count: number) {
    this.#used = new Uint8Array(count);
  }
  pagesOf = (order: number) => 2 ** order;
  orderFor = (pages: number) => Math.ceil(Math.log2(pages));
  allocPages(order: number): number {
    const pages = 2 ** order;
    const first = this.#used.indexOf(0);
    if (first < 0) return NULL;
    const start = first - first % pages;
    for (let pfn = start; pfn + pages <= this.#used.length; pfn += pages) {
      const clash = this.#used.indexOf(1, pfn);
      if (clash >= 0 && clash < pfn + pages) continue;
      this.#used.fill(1, pfn, pfn + pages);
      this.live.set(pfn, order);
      return pfn;
    }
    return NULL;
  }
  freePages(pfn: number, order: number): void {
    assertEquals(this.live.get(pfn), order, `freePages(${pfn}, ${order})`);
    this.live.delete(pfn);
    this.#used.fill(0, pfn, pfn + 2 ** order);
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

Deno.test("a region with a library in it gets no huge page", () => {
  const os = new AddressSpace({ hugePages: true });
  const libc = LAYOUT_64.occupied[1]![0];
  const at = os.mmap(libc % (2 * MIB));
  assertEquals(at % (2 * MIB), 0);
  os.touch(at, 1);
  assertEquals(os.residentBytes, PAGE);
});

Deno.test("a huge page begins on its boundary, or is not taken", () => {
  const { frames, os } = over(4096, true);
  const { allocPages } = frames;
  frames.allocPages = (order) => {
    if (order === 0) return allocPages.call(frames, 0);
    frames.live.set(1, order);
    return 1;
  };
  os.touch(os.mmap(2 * MIB), 1);
  assertEquals([os.events.hugeFaults, os.events.writeFaults], [0, 1]);
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
  const long = os.mmap(4 * MIB);
  os.touch(long + 2 * MIB, 1);
  os.touch(os.mremap(long, 4 * MIB, 6 * MIB) + 2 * MIB, 1);
  assertEquals(os.pageFaults, 9);
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

for (const hugePages of [false, true]) {
  const pages = hugePages ? "huge pages" : "small pages";
  Deno.test(`${pages}: every resident page has a frame of its own`, () => {
    const { frames, os } = over(6000, hugePages);
    let state = 9;
    const below = (n: number) =>
      (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % (n * 256) >> 8;
    const mapped: { at: number; pages: number }[] = [];
    for (let step = 0; step < 3000; step++) {
      const i = below(Math.max(1, mapped.length));
      const mapping = mapped[i];
      const kind = below(10);
      if (!mapping || kind < 2 && mapped.length < 12) {
        const pages = 1 + below(1500);
        mapped.push({ at: os.mmap(pages * PAGE), pages });
        continue;
      }
      const first = below(mapping.pages);
      const at = mapping.at + first * PAGE;
      const bytes = (1 + below(mapping.pages - first)) * PAGE;
      if (kind < 6) os.touch(at, bytes);
      else if (kind === 6) os.read(at, bytes);
      else if (kind === 7) os.discard(at, bytes);
      else if (kind === 8) {
        const pages = 1 + below(1500);
        const { at } = mapping;
        mapping.at = os.mremap(at, mapping.pages * PAGE, pages * PAGE);
        mapping.pages = pages;
      } else {
        os.munmap(mapping.at, mapping.pages * PAGE);
        mapped.splice(i, 1);
      }
      if (step % 20 > 0) continue;
      os.check();
      const seen = new Set<number>();
      os.eachFrame((pfn) => seen.add(pfn));
      assertEquals(seen.size * PAGE, os.residentBytes);
      for (const pfn of seen) {
        assert(frames.live.has(pfn) || frames.live.get(pfn & ~511) === 9);
      }
    }
    assert(os.refusedFaults > 0 && os.events.writeFaults > 0);
    for (const { at, pages } of mapped) os.munmap(at, pages * PAGE);
    assertEquals([frames.live.size, os.residentBytes], [0, 0]);
  });
}
