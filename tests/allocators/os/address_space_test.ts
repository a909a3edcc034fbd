/**
 * The address space against a list of pages, and the rules of the break.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { NULL } from "../../../allocators/allocator.ts";
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { LAYOUT_32, LAYOUT_64 } from "../../../allocators/os/layout.ts";
import { PAGE } from "../../../allocators/pages.ts";

/** A small space of 64 pages from 0x10000 on, the break at its bottom. */
const SMALL = {
  heapStart: 0x1_0000,
  mmapTop: 0x5_0000,
  mmapBottom: 0x2_0000,
  end: 0x6_0000,
  occupied: [],
  alignHuge: false,
  commitLimit: Infinity,
};

Deno.test("placement and mapped pages agree with a plain list of pages", () => {
  const os = new AddressSpace({ layout: SMALL });
  const first = SMALL.heapStart / PAGE;
  // mapped[page]: the page is mapped; resident[page]: it was written.
  const mapped = new Set<number>();
  const resident = new Set<number>();
  let state = 5;
  const below = (n: number) =>
    (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % (n * 16) >> 4;
  const isFree = (page: number, n: number) =>
    Array.from({ length: n }, (_, i) => page + i).every((p) => !mapped.has(p));
  const place = (n: number) => {
    for (let p = SMALL.mmapTop / PAGE - n; p >= first; p--) {
      if (isFree(p, n)) return p;
    }
    for (let p = SMALL.mmapBottom / PAGE; p + n <= SMALL.end / PAGE; p++) {
      if (isFree(p, n)) return p;
    }
    return NULL;
  };
  for (let step = 0; step < 20_000; step++) {
    const n = 1 + below(9);
    const page = first + below(80 - n);
    const pages = Array.from({ length: n }, (_, i) => page + i);
    switch (below(4)) {
      case 0: {
        const at = place(n);
        const expected = at === NULL ? NULL : at * PAGE;
        assertEquals(os.mmap(n * PAGE), expected, `step ${step}`);
        if (at !== NULL) { for (let i = 0; i < n; i++) mapped.add(at + i); }
        break;
      }
      case 1:
        os.munmap(page * PAGE, n * PAGE);
        for (const p of pages) mapped.delete(p) && resident.delete(p);
        break;
      case 2:
        if (pages.every((p) => mapped.has(p))) {
          os.touch(page * PAGE + below(PAGE), (n - 1) * PAGE + 1);
          for (const p of pages) resident.add(p);
          if (!mapped.has(page + n)) resident.delete(page + n);
        } else assertThrows(() => os.touch(page * PAGE, n * PAGE), RangeError);
        break;
      case 3:
        os.discard(page * PAGE, n * PAGE);
        for (const p of pages) resident.delete(p);
    }
    assertEquals(os.residentBytes, resident.size * PAGE, `step ${step}`);
    os.check();
  }
});

Deno.test("a mapping grows in place only into the gap right above", () => {
  const os = new AddressSpace({ layout: SMALL });
  const upper = os.mmap(4 * PAGE);
  const lower = os.mmap(4 * PAGE);
  assertEquals(lower, upper - 4 * PAGE);
  assertEquals(os.mremap(lower, 4 * PAGE, 2 * PAGE), lower);
  assertEquals(os.mremap(lower, 2 * PAGE, 4 * PAGE), lower);
  const moved = os.mremap(lower, 4 * PAGE, 5 * PAGE);
  assertEquals(moved, lower - 5 * PAGE);
  assertThrows(() => os.touch(lower, 1), RangeError);
  os.munmap(upper, 4 * PAGE);
  assertEquals(os.mremap(moved, 5 * PAGE, 13 * PAGE), moved);
});

Deno.test("the break keeps a page away from the next mapping", () => {
  const os = new AddressSpace({ layout: SMALL });
  const mapping = os.mmap(PAGE);
  const room = mapping - SMALL.heapStart - PAGE;
  assertEquals(os.sbrk(room + 1), NULL);
  assertEquals(os.sbrk(room), SMALL.heapStart);
  assertEquals(os.sbrk(0), mapping - PAGE);
  assertEquals(os.events.brk, 2, "sbrk(0) is not a system call");
});

Deno.test("a break below its start stays where it is", () => {
  const os = new AddressSpace();
  const start = os.sbrk(10_000);
  assertEquals(start, LAYOUT_64.heapStart);
  assertEquals(os.sbrk(-10_001), start + 10_000);
  assertEquals(os.break, start + 10_000);
});

Deno.test("whole 2 MiB start on a 2 MiB boundary, on 64 bits only", () => {
  const huge = 2 ** 21;
  assertEquals(new AddressSpace().mmap(huge) % huge, 0);
  const os = new AddressSpace({ layout: LAYOUT_32 });
  assertEquals(os.mmap(huge), 0xf7d9_7000 - huge);
});

Deno.test("what no gap or commit limit allows is refused", () => {
  const layout = { ...LAYOUT_64, commitLimit: 2 ** 34 };
  const os = new AddressSpace({ layout });
  assertEquals(os.mmap(2 ** 34 + PAGE), NULL);
  assertEquals(os.sbrk(2 ** 34 + PAGE), NULL);
  assertEquals(new AddressSpace().mmap(2 ** 47), NULL);
  assertEquals(os.mmap(0), NULL);
  assertEquals(os.mremap(os.mmap(PAGE), PAGE, 0), NULL);
});

Deno.test("a mapping lies where it was hinted, else anywhere, not aligned", () => {
  const huge = 2 ** 21;
  const libc = 0x7fff_f7dd_5000;
  const os = new AddressSpace();
  assertEquals(os.mmap(huge, 0x1000_0000_0000), 0x1000_0000_0000);
  assertEquals(os.mmap(huge, libc), libc - huge);
  assertEquals(os.mmap(huge) % huge, 0);
});
