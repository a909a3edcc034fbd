/**
 * Profiles and lifetimes as others publish them.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import {
  inverseSquareProfile,
  readProfile,
} from "../../experiments/traces/fleetbench.ts";
import {
  capacityIn,
  eventsOf,
  mostLive,
  readBuffers,
} from "../../experiments/traces/lifetimes.ts";
import { bytes, gzip, pieces } from "./files.ts";

const open = (text: string) => () => pieces(bytes(text), 5);

Deno.test("a profile: size, birth rate and live objects of each size", async () => {
  const text = "1, 158.5, 19.25\n\n4096, 2e3, 0.5\r\n";
  for (const file of [open(text), async () => [await gzip(bytes(text))]]) {
    assertEquals(await readProfile("p", file), {
      name: "p",
      sizes: Float64Array.of(1, 4096),
      births: Float64Array.of(158.5, 2000),
      live: Float64Array.of(19.25, 0.5),
    });
  }
});

Deno.test("a profile of our own has a law", () => {
  const { sizes, births, live } = inverseSquareProfile();
  assertEquals([sizes[0], sizes.at(-1)], [8, 32_768]);
  assertEquals(births[8]! / births[0]!, 1 / 4);
  assertEquals(live[8]! / live[0]!, 1 / 2);
});

Deno.test("buffers die before others are born, else in the order of the file", async () => {
  const text = "id,lower,upper,size\nb1,0,3,4\nb2,3,9,5\nb3,0,9,6\n";
  const buffers = await readBuffers("b", open(text));
  assertEquals(buffers, [
    { lower: 0, upper: 3, size: 4 },
    { lower: 3, upper: 9, size: 5 },
    { lower: 0, upper: 9, size: 6 },
  ]);
  assertEquals(
    eventsOf(buffers).map(({ birth, buffer }) =>
      `${birth ? "+" : "-"}${buffer}`
    ),
    ["+0", "+2", "-0", "+1", "-1", "-2"],
  );
  assertEquals(mostLive(buffers), 11);
});

Deno.test("the name of a file tells the capacity, or not", () => {
  assertEquals(capacityIn("some/where/A.1048576.csv"), 1_048_576);
  assertEquals(capacityIn("input.12.csv.gz"), 12);
  assertEquals(capacityIn("mine.csv"), undefined);
});

Deno.test("what is no row is refused with its line", async () => {
  const profile: [string, string][] = [
    [
      "1, 2, 3\n1, 2\n",
      'p:2: Expected `size, alloc_rate, num_live`, got "1, 2"',
    ],
    ["1.5, 2, 3\n", "p:1: Expected"],
    ["1, -2, 3\n", "p:1: Expected"],
    ["", "p:1: Expected"],
    ["size, rate, live\n", "p:2: Expected"],
  ];
  for (const [text, message] of profile) {
    await assertRejects(
      () => readProfile("p", open(text)),
      SyntaxError,
      message,
    );
  }
  const buffers: [string, string][] = [
    ["id,lower,upper,size\na,1,1,5\n", "b:2: Expected lower < upper"],
    ["a,1,2\n", "b:1: Expected `id,lower,upper,size`"],
    ["a,1,2,3,4\n", "b:1: Expected"],
    ["id,lower,upper,size\n", "b:2: Expected"],
  ];
  for (const [text, message] of buffers) {
    await assertRejects(
      () => readBuffers("b", open(text)),
      SyntaxError,
      message,
    );
  }
});
