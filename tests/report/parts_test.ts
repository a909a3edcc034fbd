import { assert, assertEquals } from "@std/assert";
import { bytes, count, ratio } from "../../experiments/measures/columns.ts";
import { axisOf } from "../../experiments/report/figure/axis.ts";
import { coincident } from "../../experiments/report/figure/coincident.ts";
import {
  KIND_NAMES,
  kindColour,
  looksOf,
} from "../../experiments/report/figure/colours.ts";
import { labelsOf } from "../../experiments/report/figure/labels.ts";
import { chartOf } from "../../experiments/report/figure/points.ts";
import {
  linearTicks,
  logTicks,
} from "../../experiments/report/figure/scale.ts";
import { readSheet } from "../../experiments/report/figure/table.ts";
import { widthOf, wrapped } from "../../experiments/report/figure/svg.ts";
import { thinned } from "../../experiments/report/figure/thinned.ts";
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
  // deno-fmt-ignore
  assertEquals(logTicks(1.2, 900, true, 16), [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]);
  assertEquals(logTicks(1.2, 900, true, 5), [1, 10, 100, 1000]);
  assertEquals(logTicks(3, 4, true, 8), [2, 5]);
  // deno-fmt-ignore
  assertEquals(logTicks(4096, 65536, false, 8), [4096, 8192, 16384, 32768, 65536]);
  assertEquals(logTicks(1, 2 ** 20, false, 4), [1, 2 ** 7, 2 ** 14, 2 ** 21]);
  assertEquals(logTicks(7, 7, true, 8), [5, 10]);
});

Deno.test("labels of linear axes are round and enclose the values", () => {
  assertEquals(linearTicks(0, 1, 6, false), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assertEquals(linearTicks(0, 0.3, 4, false), [0, 0.1, 0.2, 0.3]);
  assertEquals(linearTicks(-950, 1000, 5, true), [-1000, -500, 0, 500, 1000]);
  assertEquals(linearTicks(0, 3, 9, true), [0, 1, 2, 3]);
  assertEquals(linearTicks(0, 123456, 4, true), [0, 50_000, 100_000, 150_000]);
  for (let i = 0; i < 1000; i++) {
    const low = Math.sin(i) * 10 ** (i % 7 - 3);
    const high = low + 10 ** (i % 11 - 5);
    const ticks = linearTicks(low, high, 3 + i % 9, false);
    assert(ticks.length >= 2 && ticks.length <= 3 + i % 9, `${ticks}`);
    const slack = (high - low) * 1e-6;
    assert(ticks[0]! <= low + slack && ticks.at(-1)! >= high - slack);
    for (const tick of ticks) assert(String(tick).length < 12, `${tick}`);
  }
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
  const label = axis(footprint, true).label!;
  assertEquals([512, 131072, 3 * 2 ** 19, 2 ** 40].map(label), [
    "512 B",
    "128 KiB",
    "1.5 MiB",
    "1 TiB",
  ]);
  assertEquals(
    axis(ratio("lost_ratio", "Lost share.")).title,
    "Lost share (%)",
  );
  assertEquals(axis(ratio("per_live", "p: a share.")).title, "p: a share");
  assertEquals(axis(count("holes", "block", "Holes.")).title, "Holes (blocks)");
  assertEquals(
    axis(count("holes", "block", "Number of `free` blocks.")).title,
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

const HEADER = "experiment,allocator,parameters,seed,waste_ratio\n";
const CSV = `${HEADER}mine,buddy,law=a;order=1,1,0.1
mine,buddy,law=b;order=1,1,0.3
mine,buddy,law=a;order=2,1,0.5
mine,buddy,law=b;order=2,1,0
other,buddy,law=a;order=2,1,0.9
mine,buddy,law=b;order=3,1,
`;

function chart(csv: string, figure: Figure, reading = {}) {
  return chartOf(E, figure, readSheet(csv).table("mine"), reading)!;
}

Deno.test("a point is the mean of the rows that agree, and says so", () => {
  const data = chart(CSV, FIGURE, { lines: true });
  assertEquals(data.points.map(({ x, y }) => [x, y]), [[1, 20], [2, 25]]);
  assertEquals(data.notes, ["mean over law a, b", "seed 1"]);
  const apart = { ...FIGURE, facet: "law", log: ["y"] as const };
  const two = chart(CSV, apart, { lines: true });
  assertEquals(two.panels, ["a", "b"]);
  assertEquals(two.points.map(({ y }) => y), [10, 50, 30]);
  assertEquals(two.notes, ["seed 1", "1 value of 0 is left out"]);
  const only = { ...FIGURE, where: { law: "b", order: [1, 7] } };
  const one = chart(CSV, only, { lines: true });
  assertEquals(one.points.map(({ y }) => y), [30]);
  assertEquals(one.notes, ["law b", "seed 1"]);
});

Deno.test("rows with quotes are read as well", () => {
  const quoted = CSV.replaceAll("buddy", '"bud,dy"');
  const { series, points } = chart(quoted, FIGURE, { lines: true });
  assertEquals(series, ["bud,dy"]);
  assertEquals(points.map(({ y }) => y), [20, 25]);
});

Deno.test("seeds give the interval, other parameters do not", () => {
  // Means of the seeds: 20, 22, 24; t(0.975, 2) = 4.3027, s = 2.
  const rows = [[18, 22], [20, 24], [21, 27]].flatMap(([a, b], i) => [
    `mine,buddy,law=a;order=1,${i + 1},${a! / 100}`,
    `mine,buddy,law=b;order=1,${i + 1},${b! / 100}`,
  ]);
  const { points, notes } = chart(`${HEADER}${rows.join("\n")}\n`, FIGURE);
  assertEquals(points.length, 1);
  const [{ y, interval }] = points as [(typeof points)[0]];
  assertEquals(Number(y).toFixed(6), "22.000000");
  const margin = 4.302653 * 2 / Math.sqrt(3);
  assertEquals(interval!.map((v) => v.toFixed(3)), [
    (22 - margin).toFixed(3),
    (22 + margin).toFixed(3),
  ]);
  assertEquals(notes, [
    "mean over law a, b",
    "mean over seeds 1..3",
    "intervals of 95 % over the seeds",
  ]);
  const alike = chart(
    `${HEADER}mine,buddy,order=1,1,0.1\nmine,buddy,order=1,2,0.1\n`,
    FIGURE,
  );
  assertEquals(alike.points[0]!.interval, undefined);
  assertEquals(alike.notes, ["the same for seeds 1..2"]);
  const table = readSheet(`${HEADER}mine,buddy,order=1,1,0.1\n`).table("mine");
  const sure = chartOf({ ...E, random: false }, FIGURE, table)!;
  assertEquals(sure.notes, ["deterministic"]);
});

Deno.test("a cell that ran with one seed counts for all of them", () => {
  const rows = [
    "mine,buddy,law=a;order=1,1,0.5",
    "mine,buddy,law=b;order=1,1,0.1",
    "mine,buddy,law=b;order=1,2,0.3",
  ];
  const { points } = chart(`${HEADER}${rows.join("\n")}\n`, FIGURE);
  assertEquals(points.map(({ y }) => y), [35]);
});

Deno.test("parts add up; a cell without a part has 0 of it", () => {
  const csv = `experiment,allocator,parameters,seed,cause,waste_ratio
mine,buddy,law=a;order=1,1,top,0.1
mine,buddy,law=a;order=1,1,top,0.2
mine,buddy,law=b;order=1,1,pin,0.5
mine,tlsf,law=a;order=2,1,none,0.7
`;
  const figure = {
    ...FIGURE,
    series: "cause",
    facet: "allocator",
    where: { cause: ["top", "pin"] },
  };
  const sums = chart(csv, figure, { categories: true, sums: true });
  assertEquals(sums.panels, ["buddy", "tlsf"]);
  assertEquals(sums.points.map(({ series, x }) => [series, x]), [
    ["top", 15],
    ["pin", 25],
  ]);
});

Deno.test("lines of seeds with points at other places are read off", () => {
  const rows = ["1,1,0.1", "3,1,0.3", "0,2,0.2", "4,2,0.2"].map((text) => {
    const [x, seed, y] = text.split(",");
    return `mine,buddy,order=${x},${seed},${y}`;
  });
  const { points } = chart(`${HEADER}${rows.join("\n")}\n`, FIGURE, {
    lines: true,
  });
  assertEquals([points[0]!.x, points.at(-1)!.x], [1, 3]);
  for (const { x, y } of points) {
    const expected = (10 * Number(x) + 20) / 2;
    assert(Math.abs(Number(y) - expected) < 1e-9, `${x}: ${y}`);
  }
});

Deno.test("a long line keeps its extremes", () => {
  const line = Array.from({ length: 10_000 }, (_, i) => ({
    x: i,
    y: i === 4321 ? 90 : i === 7777 ? 0.1 : 50,
    series: "",
    panel: "",
  }));
  const points = thinned(line);
  const ys = points.map(({ y }) => Number(y));
  assertEquals([Math.max(...ys), Math.min(...ys)], [90, 0.1]);
  assert(points.length <= 402);
  const xs = points.map(({ x }) => Number(x));
  assertEquals(xs, xs.toSorted((a, b) => a - b));
  assertEquals([xs[0], xs.at(-1)], [0, 9999]);
});

Deno.test("lines that hide each other are told apart from those that do not", () => {
  const line = (name: string, ys: number[]) => ({
    name,
    points: ys.map((y, i) => [i * 10, y] as const),
  });
  const flat = line("flat", [5, 5, 5, 5, 5, 5, 5, 5, 5]);
  const same = line("same", [5.5, 5, 5, 5, 5, 5, 5, 5, 5]);
  const tail = line("tail", [5, 5, 5, 5, 5, 5, 5, 5, 50]);
  const other = line("other", [5, 15, 25, 35, 45, 55, 65, 75, 85]);
  const short = line("short", [5, 5, 5]);
  assertEquals(coincident([flat, same, other, short]), [
    { names: ["flat", "same"], whole: true },
  ]);
  assertEquals(coincident([flat, tail, other]), [
    { names: ["flat", "tail"], whole: false },
  ]);
  assertEquals(coincident([other, short]), []);
});

Deno.test("no two of a hundred series have one colour", () => {
  const names = Array.from({ length: 100 }, (_, i) => `series ${i}`);
  const colours = looksOf(["glibc", "buddy", ...names, "glibc mxfast=0"])
    .map(({ colour }) => colour);
  assertEquals(new Set(colours).size, colours.length);
  const [alone] = looksOf(["buddy"]);
  assertEquals(alone!.colour, colours[1], "allocators keep their colour");
});

Deno.test("shades of memory differ", () => {
  for (const kind of KIND_NAMES.filter((kind) => kind !== "free")) {
    const shades = [0.25, 0.5, 0.75, 1].map((share) => kindColour(kind, share));
    const all = [...shades, kindColour("free", 1)];
    for (const i of [0, 1] as const) {
      assertEquals(new Set(all.map((colour) => colour[i])).size, 5, kind);
    }
  }
});

Deno.test("a long word is cut, and nothing of it is lost", () => {
  const text = `a ${"spec:key=value".repeat(9)} b`;
  const lines = wrapped(text, 100);
  for (const line of lines) assert(widthOf(line) <= 100, line);
  assertEquals(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
  assertEquals(wrapped("one two", 1000), ["one two"]);
});
