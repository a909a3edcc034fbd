/**
 * The rules of 6.1 beside those of later kernels: fallback in one step, and
 * pageblocks that keep their types.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { ATOMIC } from "../../../allocators/buddy/linux_settings.ts";
import { LINUX_VERSIONS } from "../../../allocators/buddy/linux_versions.ts";

const [UNMOVABLE, MOVABLE, RECLAIMABLE] = [0, 1, 2];

/** What `look` sees of a zone of each kernel, in the order of their names. */
function seen<T>(pages: number, look: (zone: LinuxBuddy) => T): T[] {
  return LINUX_VERSIONS.map((version) => {
    const zone = new LinuxBuddy({ version, pages });
    const found = look(zone);
    zone.check();
    return found;
  });
}

/** Takes every block of order 6 for `type`. */
function fill(zone: LinuxBuddy, type: number): void {
  for (let pfn = 0; pfn < zone.footprint / 4096; pfn += 64) {
    assertEquals(zone.allocPages(6, type), pfn);
  }
}

Deno.test("what is free moves though its pageblock is not claimed", () => {
  const lists = seen(1024, (zone) => {
    fill(zone, MOVABLE);
    zone.freePages(64, 6);
    zone.freePages(256, 6);
    const pfn = zone.allocPages(0, UNMOVABLE);
    const { claims, steals } = zone;
    const types = [...zone.pageblockTypes()];
    const halves = [UNMOVABLE, MOVABLE].map((type) => [
      ...zone.freeList(5, type),
      ...zone.freeList(6, type),
    ]);
    zone.freePages(pfn, 0); // to the list of its pageblock
    const whole = [...zone.freeList(6, MOVABLE)];
    return [pfn, claims, steals, types, halves, whole];
  });
  // all that moved stands in ascending order
  const types = [MOVABLE, MOVABLE];
  const later = [256, 0, 1, types, [[], [288, 64]], [256, 64]];
  const old = [64, 0, 1, types, [[96, 256], []], [64]];
  assertEquals(lists, [later, old, later]);
});

Deno.test("a pageblock that is worth it is claimed by all kernels", () => {
  const claimed = seen(1024, (zone) => {
    fill(zone, MOVABLE);
    for (let pfn = 0; pfn < 256; pfn += 128) zone.freePages(pfn, 6);
    for (let pfn = 64; pfn < 256; pfn += 128) zone.freePages(pfn, 6);
    zone.allocPages(0, UNMOVABLE);
    return [zone.claims, ...zone.pageblockTypes()];
  });
  assertEquals(claimed, Array(3).fill([1, UNMOVABLE, MOVABLE]));
});

Deno.test("a movable request takes the smallest of small blocks", () => {
  const taken = seen(512, (zone) => {
    for (const pfn of [0, 256]) {
      assertEquals(zone.allocPages(8, UNMOVABLE), pfn);
      zone.splitPages(pfn, 8, 0);
    }
    for (let pfn = 0; pfn < 8; pfn++) zone.freePages(pfn, 0);
    for (const pfn of [16, 17]) zone.freePages(pfn, 0);
    assertEquals([...zone.freeList(3, UNMOVABLE)], [0]);
    const pfn = zone.allocPages(0, MOVABLE);
    const halves = [UNMOVABLE, MOVABLE].map((t) => [...zone.freeList(0, t)]);
    assertEquals([...zone.freeList(3, UNMOVABLE)], [0]); // stays
    return [pfn, zone.pageblockTypes()[0], ...halves];
  });
  const later = [16, UNMOVABLE, [17], []];
  assertEquals(taken, [later, [16, UNMOVABLE, [], [17]], later]);
});

Deno.test("from order 4 on a movable request takes the largest block", () => {
  const taken = seen(1024, (zone) => {
    fill(zone, UNMOVABLE);
    zone.splitPages(0, 6, 4);
    zone.freePages(0, 4);
    zone.freePages(640, 6);
    return zone.allocPages(0, MOVABLE);
  });
  // too little is free to claim: 6.12 steals the smallest
  assertEquals(taken, [0, 640, 0]);
});

Deno.test("NOFRAGMENT takes whole pageblocks only, in one step too", () => {
  for (const version of LINUX_VERSIONS) {
    const zone = new LinuxBuddy({ version, pages: 1024, noFragment: true });
    fill(zone, MOVABLE);
    for (let pfn = 0; pfn < 448; pfn += 64) zone.freePages(pfn, 6);
    assertEquals(zone.allocPages(0, UNMOVABLE), -1, version);
    zone.freePages(448, 6);
    assertEquals(zone.allocPages(0, UNMOVABLE), 0, version);
    assertEquals([...zone.pageblockTypes()], [UNMOVABLE, MOVABLE]);
  }
});

Deno.test("a claim of order 10 retypes both pageblocks", () => {
  const types = seen(1024, (zone) => {
    zone.allocPages(0, RECLAIMABLE);
    return [...zone.pageblockTypes(), ...zone.freeList(9, RECLAIMABLE)];
  });
  assertEquals(types, Array(3).fill([RECLAIMABLE, RECLAIMABLE, 512]));
});

Deno.test("where two types merge, 6.1 leaves the pageblocks alone", () => {
  const merged = seen(1024, (zone) => {
    assertEquals(zone.allocPages(9, UNMOVABLE), 0);
    assertEquals(zone.allocPages(9, MOVABLE), 512);
    zone.freePages(512, 9);
    zone.freePages(0, 9);
    assertEquals([...zone.freeList(10, UNMOVABLE)], [0]);
    return [...zone.pageblockTypes()];
  });
  const [both, own] = [[UNMOVABLE, UNMOVABLE], [UNMOVABLE, MOVABLE]];
  assertEquals(merged, [both, own, both]);
});

Deno.test("6.1 reserves the first pageblock of a block alone", () => {
  const reserved = seen(153_600, (zone) => {
    zone.allocPages(10, ATOMIC);
    return [...zone.pageblockTypes().subarray(0, 3)];
  });
  assertEquals(reserved, [[3, 3, 1], [3, 0, 1], [3, 3, 1]]);
});
