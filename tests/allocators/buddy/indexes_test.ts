/**
 * The indexes against the kernel's own output and worked examples.
 *
 * @module
 */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  availability,
  extfragForOrder,
  fragmentationIndex,
  sawicki,
  unusableFreeIndex,
} from "../../../allocators/buddy/indexes.ts";
import { BUDDYINFO } from "../../../experiments/kernel_text/pages/buddyinfo.ts";
import { read } from "../../kernel_text/read.ts";
import blocks from "../../oracle/linux/buddyinfo_consistent.txt" with {
  type: "text",
};
import extfrag from "../../oracle/linux/extfrag_index_consistent.txt" with {
  type: "text",
};
import unusable from "../../oracle/linux/unusable_index_consistent.txt" with {
  type: "text",
};

/** Thousandths as the kernel prints them. */
function printed(index: number): string {
  const digits = String(Math.abs(index) % 1000).padStart(3, "0");
  return `${index < 0 ? "-" : ""}${
    Math.trunc(Math.abs(index) / 1000)
  }.${digits}`;
}

Deno.test("66 of 66 indexes are the kernel's", () => {
  const zones = read(BUDDYINFO, blocks)[0]!;
  const rows = (index: (blocks: number[], order: number) => number) =>
    zones.map(({ blocks }) =>
      blocks.map((_, order) => printed(index(blocks, order)))
    );
  const kernels = (text: string) =>
    text.trimEnd().split("\n").map((line) => line.match(/-?\d\.\d{3}/g)!);
  assertEquals(rows(unusableFreeIndex), kernels(unusable));
  assertEquals(rows(fragmentationIndex), kernels(extfrag));
});

Deno.test("linux-frag-1: a thousand single pages", () => {
  assertEquals(fragmentationIndex([1000, 0, 0, 0, 0], 4), 937);
  assertEquals(unusableFreeIndex([1000, 0, 0, 0, 0], 4), 1000);
});

Deno.test("linux-frag-2: three orders", () => {
  assertEquals(fragmentationIndex([512, 256, 128, 0], 3), 785);
});

Deno.test("linux-frag-3: ten blocks of each order", () => {
  const ten = new Array(11).fill(10);
  assertEquals(fragmentationIndex(ten, 9), -1000);
  assertEquals(unusableFreeIndex(ten, 9), 249);
  assertEquals(extfragForOrder(ten, 9), 24);
  assertAlmostEquals(availability(ten, 9), 15_360 / 20_470);
});

Deno.test("one order-3 block for order 4: below 0, yet not -1000", () => {
  assertEquals(fragmentationIndex([0, 0, 0, 1, 0], 4), -500);
});

Deno.test("nothing is free", () => {
  assertEquals(unusableFreeIndex([0, 0], 1), 1000);
  assertEquals(fragmentationIndex([0, 0], 1), 0);
  assertEquals(extfragForOrder([0, 0], 1), 0);
  assertEquals(availability([0, 0], 1), 0);
  assertEquals(sawicki([0, 0]), 0);
});

Deno.test("Sawicki's index: one block 0, n equal ones 1 - 1/sqrt(n)", () => {
  assertEquals(sawicki([0, 0, 1]), 0);
  assertAlmostEquals(sawicki([16]), 0.75);
});

Deno.test("pin: one page in 2^k denies every block of order k", () => {
  for (let order = 1; order <= 10; order++) {
    // a block whose first page is taken falls apart into one of each order
    const parts = Array.from({ length: 11 }, (_, k) => Number(k < order));
    assertEquals(availability(parts, order), 0);
    assertEquals(
      parts.reduce((sum, n, k) => sum + n * 2 ** k, 0),
      2 ** order - 1,
    );
  }
});
