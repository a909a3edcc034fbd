import { assert, assertEquals } from "@std/assert";
import { Coverage, PARTS, WHOLE } from "../../experiments/lab/coverage.ts";
import { lottery } from "../../experiments/conformance/conformance.ts";

/** Parts of pixel p that from .. to covers along an axis. */
function share(p: number, from: number, to: number, length: number): number {
  const first = from <= 0 ? 0 : Math.floor(from * PARTS);
  const last = to >= length
    ? length * PARTS
    : Math.max(first + 1, Math.ceil(to * PARTS));
  return Math.max(
    0,
    Math.min(last, (p + 1) * PARTS) - Math.max(first, p * PARTS),
  );
}

Deno.test("covered parts are those of each rectangle on each pixel", () => {
  const draw = lottery(7);
  const [width, height] = [23, 17];
  for (let round = 0; round < 50; round++) {
    const coverage = new Coverage(width, height);
    const expected = new Int32Array(width * height);
    for (let i = 0; i < 40; i++) {
      const weight = 1 + i % 3;
      const x0 = draw() * 30 - 7;
      const y0 = draw() * 30 - 13;
      const x1 = x0 + (i % 2 ? draw() : 30 * draw());
      const y1 = y0 + (i % 5 ? draw() : 30 * draw());
      if (x0 >= width || y0 >= height || x1 <= 0 || y1 <= 0) continue;
      coverage.add(x0, x1, y0, y1, weight);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          expected[y * width + x]! += weight * share(x, x0, x1, width) *
            share(y, y0, y1, height);
        }
      }
    }
    assertEquals(coverage.sums(), expected);
  }
});

Deno.test("what is covered at all is never lost, and a whole pixel is whole", () => {
  const coverage = new Coverage(3, 2);
  coverage.add(0, 3, 1, 2);
  coverage.add(1.5, 1.5, 0.25, 0.25 + 1e-9);
  const sums = coverage.sums();
  assertEquals([...sums.subarray(3)], [WHOLE, WHOLE, WHOLE]);
  assertEquals([...sums.subarray(0, 3)], [0, 1, 0]);
  assert(PARTS ** 2 === WHOLE);
});
