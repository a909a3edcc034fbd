import { assertEquals } from "@std/assert";
import { NEVER, Rectangles } from "../../experiments/lab/rectangles.ts";
import { lottery } from "../../experiments/conformance/conformance.ts";

Deno.test("the top is the end of the highest block", () => {
  const rectangles = new Rectangles();
  assertEquals(rectangles.top(), 0);
  rectangles.open(1, 96, 16);
  rectangles.open(2, 64, 100);
  assertEquals(rectangles.top(), 164);
});

Deno.test("the blocks of a stretch of time are found, and no others", () => {
  const draw = lottery(3);
  for (const count of [0, 1, 15, 16, 17, 255, 256, 257, 5000]) {
    const rectangles = new Rectangles();
    for (let i = 0; i < count; i++) {
      rectangles.open(i + 1, 16 * i, 16);
      rectangles.death[i] = draw() < 0.1
        ? NEVER
        : i + 2 + Math.floor(draw() ** 8 * count);
    }
    rectangles.finish();
    for (let round = 0; round < 40; round++) {
      const op = Math.floor(draw() * (count + 2));
      const found: number[] = [];
      for (
        let i = rectangles.next(0, op);
        i < count;
        i = rectangles.next(i + 1, op)
      ) found.push(i);
      const expected = Array.from({ length: count }, (_, i) => i)
        .filter((i) => rectangles.death[i]! > op);
      assertEquals(found, expected);
      assertEquals(rectangles.bornBy(op), Math.min(op, count));
    }
  }
});
