/**
 * What is shown, as the fragment of an address and back.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  fragmentOf,
  type Shown,
  shownIn,
} from "../../../experiments/lab/page/fragment.ts";

const SHOWN: readonly Shown[] = [
  {
    origin: {
      kind: "workload",
      name: "map_nodes",
      parameters: { elements: "500", strings: "uniform:16:64" },
      seed: 7,
    },
    allocators: ["glibc:version=2.43:arena_max=2", "buddy"],
    op: 123,
    axis: "bytes",
    colour: "lifetime",
    blocks: "whole",
    x: { from: 0.5, to: 1e9 },
    y: { from: 16, to: 4096 },
  },
  {
    origin: {
      kind: "cell",
      experiment: "map_churn",
      parameters: { elements: "1000", keys: "random" },
      seed: 2,
    },
    allocators: ["buddy:page=16:orders=14"],
  },
  {
    origin: { kind: "text", text: "a 0 16\n# 100 % & more = #1\nf 0 + é" },
    allocators: ["first_fit"],
  },
  { origin: { kind: "trace", number: 1 }, allocators: ["glibc"], op: 0 },
  {
    origin: { kind: "file", name: "a b&c.rep.gz" },
    allocators: ["tlsf"],
    op: 5,
  },
];

Deno.test("a fragment restores what was shown", () => {
  for (const shown of SHOWN) {
    assertEquals(shownIn("#" + fragmentOf(shown)), shown);
  }
});

Deno.test("a lesson is restored by its name and step", () => {
  const origin = { kind: "lesson", id: "bins", step: 2 } as const;
  const found = shownIn(fragmentOf({ origin, allocators: ["glibc"] }));
  assertEquals(found?.origin, origin);
});

Deno.test("what a fragment cannot mean is left out", () => {
  assertEquals(shownIn(""), undefined);
  assertEquals(shownIn("#nothing=1"), undefined);
  const { op, axis, colour, x, y, allocators } = shownIn(
    "#ops=a+0+1&op=-4&axis=z&colour=no&x=5..&y=9..3&allocators=,,",
  )!;
  assertEquals([op, axis, colour, x, y], Array(5).fill(undefined));
  assertEquals(allocators, ["glibc"]);
});

Deno.test("no more than eight allocators, a seed that is a whole number", () => {
  const specs = Array(12).fill("bump").join(",");
  const shown = shownIn(`#workload=peak&seed=x&allocators=${specs}`)!;
  assertEquals(shown.allocators.length, 8);
  assertEquals(shown.origin.kind === "workload" && shown.origin.seed, 1);
});
