import { assert, assertEquals } from "@std/assert";
import { glibc } from "../../allocators/glibc/entry.ts";
import { AddressSpace } from "../../allocators/os/address_space.ts";
import { ArenaMaps } from "../../experiments/measures/arena_maps.ts";

const MIB = 2 ** 20;

Deno.test("each arena has a map of its own, of all its segments", () => {
  const source = new AddressSpace();
  const heap = glibc.create({ mmap_max: 0 }, { source, draw: () => 0 });
  const maps = new ArenaMaps();
  heap.threading!.run(1);
  const blocks = Array.from({ length: 80 }, () => heap.malloc(MIB));
  heap.threading!.run(2);
  heap.malloc(4 * MIB);
  maps.look(10, heap);
  heap.threading!.run(1);
  for (const address of blocks) heap.free(address, MIB);
  maps.look(20, heap);
  const rows = maps.rows(30);
  assertEquals([...new Set(rows.map(({ arena }) => arena))], [1, 2]);
  const bytes = (arena: number, op: number, kind: string) =>
    rows.filter((row) => row.arena === arena && row.kind === kind)
      .filter((row) => Number(row.op) <= op && op < Number(row.until_op))
      .reduce((sum, { extent_bytes }) => sum + Number(extent_bytes), 0);
  const near = (measured: number, expected: number) =>
    assert(Math.abs(measured / expected - 1) < 0.1, `${measured}`);
  near(bytes(1, 10, "live"), 80 * MIB);
  near(bytes(2, 10, "live"), 4 * MIB);
  assertEquals(bytes(1, 20, "live"), 0);
  near(bytes(2, 20, "live"), 4 * MIB);
  const ends = rows.filter(({ arena }) => arena === 1)
    .map((row) => Number(row.offset_bytes) + Number(row.extent_bytes));
  assert(Math.max(...ends) > 64 * MIB); // the second segment
});
