/**
 * Zooming and panning, round numbers, and numbers as people read them.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  bytesText,
  moved,
  operationsText,
  type Range,
  showing,
  ticks,
  within,
  zoomed,
} from "../../../experiments/lab/page/ranges.ts";
import { prng } from "../../../experiments/laws/prng.ts";

const ALL: Range = { from: 0, to: 1000 };

Deno.test("a view stays within the axis and keeps its length", () => {
  assertEquals(within({ from: -50, to: 50 }, ALL, 8), { from: 0, to: 100 });
  assertEquals(within({ from: 950, to: 1050 }, ALL, 8), {
    from: 900,
    to: 1000,
  });
  assertEquals(within({ from: -9, to: 2000 }, ALL, 8), ALL);
  assertEquals(within({ from: 499, to: 501 }, ALL, 8), { from: 496, to: 504 });
});

Deno.test("zooming leaves the point under the pointer where it is", () => {
  const random = prng(3);
  for (let i = 0; i < 1000; i++) {
    const from = random.below(901);
    const range = { from, to: from + (1 + random.below(100)) };
    const share = random.below(101) / 100;
    const at = range.from + share * (range.to - range.from);
    const near = zoomed(range, (1 + random.below(300)) / 100, at);
    const there = (at - near.from) / (near.to - near.from);
    assert(Math.abs(there - share) < 1e-9);
  }
});

Deno.test("a cursor out of sight comes to the middle, one in sight stays", () => {
  const range = { from: 100, to: 200 };
  assertEquals(showing(range, 150), range);
  assertEquals(showing(range, 500), { from: 450, to: 550 });
  assertEquals(moved(range, 0.5), { from: 150, to: 250 });
});

Deno.test("ticks are round, within the range, no more than wanted", () => {
  assertEquals(ticks({ from: 0, to: 1000 }, 5), [0, 200, 400, 600, 800, 1000]);
  assertEquals(ticks({ from: 0.2, to: 3.7 }, 20, 1), [1, 2, 3]);
  for (let power = -2; power < 12; power++) {
    const range = { from: 0.37 * 10 ** power, to: 4.21 * 10 ** power };
    const found = ticks(range, 7);
    assert(found.length >= 2 && found.length <= 8, `${power}: ${found}`);
    assert(found[0]! >= range.from && found.at(-1)! <= range.to);
  }
});

Deno.test("one operation, two operations", () => {
  assertEquals(
    [0, 1, 2, 12_345].map(operationsText),
    ["0 operations", "1 operation", "2 operations", "12,345 operations"],
  );
});

Deno.test("bytes have three digits or so", () => {
  assertEquals(
    [0, 1023, 1024, 1536, 135_168, 2 ** 30, -2048].map(bytesText),
    ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "132 KiB", "1.0 GiB", "-2.0 KiB"],
  );
});
