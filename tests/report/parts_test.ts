import { assertEquals } from "@std/assert";
import { bytes, count, ratio } from "../../experiments/measures/columns.ts";
import { axisOf } from "../../experiments/report/axis.ts";
import { labelsOf } from "../../experiments/report/labels.ts";
import { pointsOf } from "../../experiments/report/points.ts";
import { logTicks } from "../../experiments/report/scale.ts";
import { readTable } from "../../experiments/report/table.ts";
import type { Figure } from "../../experiments/experiment/experiment.ts";

Deno.test("labels leave out what does not tell allocators apart", () => {
  const plain = labelsOf(["first_fit", "buddy:page=16:orders=14"]);
  assertEquals(plain.of("buddy:page=16:orders=14"), "buddy");
  assertEquals(plain.notes, ["buddy with page=16 orders=14"]);
  const namesakes = labelsOf(["glibc", "glibc:mxfast=0", "tlsf"]);
  assertEquals(namesakes.of("glibc:mxfast=0"), "glibc mxfast=0");
  assertEquals(namesakes.notes, []);
  const common = labelsOf(["first_fit:header=0:align=1", "tlsf:header=0"]);
  assertEquals(common.notes, ["all with header=0", "first_fit with align=1"]);
  assertEquals(common.of("tlsf:header=0"), "tlsf");
});

Deno.test("labels of logarithmic axes are round and enclose the values", () => {
  assertEquals(logTicks([1.2, 900], true, 16), [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1000,
  ]);
  assertEquals(logTicks([1.2, 900], true, 5), [1, 10, 100, 1000]);
  assertEquals(logTicks([3, 4], true, 8), [2, 5]);
  assertEquals(logTicks([4096, 65536], false, 8), [
    4096,
    8192,
    16384,
    32768,
    65536,
  ]);
  assertEquals(logTicks([1, 2 ** 20], false, 4), [1, 2 ** 7, 2 ** 14, 2 ** 21]);
  assertEquals(logTicks([7, 7], true, 8), [5, 10]);
});

Deno.test("an axis says its unit", () => {
  const axis = (column: Parameters<typeof axisOf>[0], log = false) =>
    axisOf(column, { log, discrete: false, values: [3 * 2 ** 20] });
  const footprint = bytes(
    "footprint_bytes",
    "Footprint: the sum of four parts of it.",
  );
  assertEquals(
    axis(footprint).title,
    "Footprint: the sum of four parts of it (MiB)",
  );
  assertEquals(axis(footprint).factor, 2 ** -20);
  assertEquals(axis(footprint, true).factor, 1);
  assertEquals(
    axis(ratio("lost_ratio", "Lost share.")).title,
    "Lost share (%)",
  );
  assertEquals(axis(ratio("per_live", "p: a share.")).title, "p: a share");
  assertEquals(axis(count("holes", "block", "Holes.")).title, "Holes (blocks)");
  assertEquals(
    axis(count("holes", "block", "Number of free blocks.")).title,
    "Number of free blocks",
  );
});

const FIGURE: Figure = {
  title: "A figure.",
  table: "summary",
  x: "order",
  y: "waste_ratio",
  series: "allocator",
  mark: "line",
};

const E = {
  parameters: {
    order: { summary: "order", values: { default: [1, 2] } },
    law: { summary: "law", values: { default: ["a", "b"] } },
  },
  columns: [ratio("waste_ratio", "Waste.")],
};

const CSV = `experiment,allocator,parameters,seed,waste_ratio
mine,buddy,law=a;order=1,1,0.1
mine,buddy,law=b;order=1,1,0.3
mine,buddy,law=a;order=2,1,0.5
mine,buddy,law=b;order=2,1,0
other,buddy,law=a;order=2,1,0.9
mine,buddy,law=b;order=3,1,
`;

Deno.test("a point is the mean of the rows that agree, and says so", () => {
  const data = pointsOf(E, FIGURE, readTable(CSV, "mine"))!;
  assertEquals(data.points.map(({ x, y }) => [x, y]), [[1, 20], [2, 25]]);
  assertEquals(data.averaged, ["law"]);
  assertEquals(data.notes, ["mean over law a, b", "seed 1"]);
  const apart = { ...FIGURE, facet: "law", log: ["y"] as const };
  const two = pointsOf(E, apart, readTable(CSV, "mine"))!;
  assertEquals(two.panels, ["a", "b"]);
  assertEquals(two.points.map(({ y }) => y), [10, 50, 30]);
  assertEquals(two.notes, ["seed 1", "1 values of 0 are left out"]);
  const only = { ...FIGURE, where: { law: "b", order: 1 } };
  const one = pointsOf(E, only, readTable(CSV, "mine"))!;
  assertEquals(one.points.map(({ y }) => y), [30]);
  assertEquals(one.notes, ["law b", "seed 1"]);
});

Deno.test("a long line keeps its extremes", () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => {
    const y = i === 4321 ? 0.9 : i === 7777 ? 0.001 : 0.5;
    return `mine,buddy,law=a;order=${i},1,${y}`;
  });
  const text = `${CSV.split("\n", 1)[0]}\n${rows.join("\n")}\n`;
  const { points } = pointsOf(E, FIGURE, readTable(text, "mine"))!;
  const ys = points.map(({ y }) => Number(y));
  assertEquals([Math.max(...ys), Math.min(...ys)], [90, 0.1]);
  assertEquals(points.length <= 402, true);
  assertEquals(
    points.map(({ x }) => x),
    points.map(({ x }) => x).toSorted((a, b) => Number(a) - Number(b)),
  );
});
