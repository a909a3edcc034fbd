/**
 * Classes, what colours mean, and the curves of the metrics.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  CLASSES,
  LIFETIME_LIMITS,
  lifetimeClass,
  SIZE_LIMITS,
  sizeClass,
} from "../../../experiments/lab/classes.ts";
import {
  curvesOf,
  highest,
  PLOTS,
  PLOTS_OF_MANY,
} from "../../../experiments/lab/page/curves.ts";
import { legendOf } from "../../../experiments/lab/page/legend.ts";

Deno.test("the limits in the legend are those of the classes", () => {
  for (
    const [limits, classOf] of [
      [SIZE_LIMITS, sizeClass],
      [LIFETIME_LIMITS, lifetimeClass],
    ] as const
  ) {
    assertEquals(limits.length, CLASSES - 1);
    limits.forEach((limit, k) => {
      assertEquals(classOf(limit - 1), k);
      assertEquals(classOf(limit), k + 1);
    });
    assertEquals([classOf(0), classOf(1e15)], [0, CLASSES - 1]);
  }
});

Deno.test("a legend names what is live, then what lies between", () => {
  const clients = Array.from({ length: 9 }, (_, i) => `client ${i}`);
  const of = (colour: Parameters<typeof legendOf>[0]) =>
    legendOf(colour, "asked", { clients, sites: [] }, false).map(({ name }) =>
      name
    );
  const rest = ["cached", "metadata", "somebody else's", "free"];
  assertEquals(of("kind"), ["live, as asked for", ...rest]);
  assertEquals(of("site"), ["not known", ...rest]);
  assertEquals(of("client"), [...clients.slice(0, 7), "others", ...rest]);
  assertEquals(of("size").slice(0, 2), ["< 32 B", "< 128 B"]);
  for (const dark of [false, true]) {
    const colours = legendOf("kind", "asked", { clients, sites: [] }, dark)
      .map(({ colour }) => colour.join());
    assertEquals(new Set(colours).size, colours.length);
  }
});

/** A lane with two metrics. */
function lane(spec: string) {
  const x = Float64Array.of(0, 10, 20);
  return {
    spec,
    folds: [],
    height: 0,
    used: { from: 0, to: 0 },
    peakOp: 0,
    series: [
      { name: "clock_bytes", x, y: Float64Array.of(0, 100, 900) },
      { name: "footprint_bytes", x, y: Float64Array.of(1, 7, 3) },
      { name: "external_ratio", x, y: Float64Array.of(0, 0.5, 0) },
    ],
  };
}

Deno.test("two allocators differ in dashes, more of them in colours too", () => {
  const two = curvesOf(PLOTS[0]!, [lane("a"), lane("b")], "op");
  assertEquals(two.map(({ dash }) => dash.length > 0), [false, true]);
  assertEquals(new Set(two.map(({ colour }) => colour)).size, 1);
  const eight = curvesOf(
    PLOTS_OF_MANY[0]!,
    Array.from({ length: 8 }, (_, i) => lane(`${i}`)),
    "op",
  );
  const looks = eight.map(({ colour, dash }) => `${colour} ${dash}`);
  assertEquals(new Set(looks).size, 8);
});

Deno.test("curves run along the axis that is chosen", () => {
  const [byOp] = curvesOf(PLOTS[0]!, [lane("a")], "op");
  const [byBytes] = curvesOf(PLOTS[0]!, [lane("a")], "bytes");
  assertEquals([...Array.from(byOp!.xs)], [0, 10, 20]);
  assertEquals([...Array.from(byBytes!.xs)], [0, 100, 900]);
  assertEquals(highest(byOp!, { from: 0, to: 20 }), 7);
  assertEquals(highest(byOp!, { from: 12, to: 18 }), 7);
  assertEquals(highest(byOp!, { from: 21, to: 30 }), 3);
});
