/**
 * The hash table answers as a Map does.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { AddressTable } from "../../../allocators/freelist/address_table.ts";
import { lottery } from "../../../experiments/conformance/conformance.ts";

/** Spacings that hash badly if anything does: dense, pages, terabytes. */
for (const unit of [1, 16, 4096, 2 ** 33, 2 ** 40]) {
  Deno.test(`addresses ${unit} bytes apart are kept, told apart and forgotten`, () => {
    const draw = lottery(unit);
    const table = new AddressTable();
    const map = new Map<number, number>();
    for (let i = 1; i <= 60_000; i++) {
      const growing = i % 20_000 < 10_000;
      const address = unit * Math.floor(draw() * (growing ? 8000 : 2000));
      assertEquals(table.get(address), map.get(address) ?? 0);
      if (map.has(address)) {
        assertEquals(table.take(address), map.get(address));
        map.delete(address);
      } else {
        assertEquals(table.take(address), 0);
        table.set(address, i);
        map.set(address, i);
      }
      assertEquals(table.size, map.size);
    }
    for (const [address, i] of map) assertEquals(table.get(address), i);
  });
}

Deno.test("no address is none, however odd", () => {
  const table = new AddressTable();
  table.set(0, 7);
  for (const odd of [-1, 0.5, NaN, Infinity, -Infinity, 2 ** 60]) {
    assertEquals(table.get(odd), 0);
    assertEquals(table.take(odd), 0);
  }
  assertEquals(table.get(0), 7);
});
