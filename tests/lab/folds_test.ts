import { assertEquals } from "@std/assert";
import {
  addressAt,
  Extents,
  fold,
  heightOf,
} from "../../experiments/lab/folds.ts";

const MIB = 2 ** 20;

Deno.test("gaps of a mebibyte are folded, shorter ones are shown", () => {
  const extents = new Extents();
  extents.add(0x5555_0000_0010, 100);
  extents.add(0x5555_0000_0010 + MIB / 2, 16);
  extents.add(0x7fff_0000_0000, 3 * MIB); // crosses regions
  extents.add(0x7fff_0000_0000 + 2 * MIB, 2 * MIB);
  const folds = extents.folds();
  assertEquals(folds, [
    { address: 0x5555_0000_0010, y: 0, bytes: MIB / 2 + 16, name: "" },
    {
      address: 0x7fff_0000_0000,
      y: MIB / 2 + 16,
      bytes: 4 * MIB,
      name: "",
    },
  ]);
  assertEquals(heightOf(folds, 0x5555_0000_0020), 16);
  assertEquals(heightOf(folds, 0x6000_0000_0000), NaN);
  assertEquals(addressAt(folds, MIB / 2 + 16 + 5), 0x7fff_0000_0005);
  const heights = Float64Array.of(0x7fff_0000_0000, 0x5555_0000_0010);
  fold(folds, heights);
  assertEquals([...heights], [MIB / 2 + 16, 0]);
});
