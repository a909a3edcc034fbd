/**
 * What marks make of rows: nothing is hidden, nothing is left empty.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  type Figure,
  HEAP_MAP,
} from "../../experiments/experiment/experiment.ts";
import { ratio } from "../../experiments/measures/columns.ts";
import { drawn as draw } from "../../experiments/report/figure/draw.ts";
import { readSheet } from "../../experiments/report/figure/table.ts";
import { markOf, WIDTHS } from "../../experiments/report/figures.ts";
import { drawn } from "./drawn.ts";

const E = {
  parameters: {
    order: { summary: "order", values: { default: [1, 2] } },
    law: { summary: "law of all", values: { default: ["a", "b"] } },
  },
  columns: [ratio("waste_ratio", "Waste.")],
};
const HEADER = "experiment,allocator,parameters,seed,waste_ratio";
const FIGURE = {
  title: "A figure.",
  table: "summary",
  x: "order",
  y: "waste_ratio",
  series: "allocator",
};

/** The drawings of `rows`, wide and narrow. */
function drawings(
  figure: Figure,
  rows: readonly string[],
  { header = HEADER, samples = "" } = {},
) {
  const table = readSheet([header, ...rows, ""].join("\n")).table("mine");
  const chart = markOf(figure).chart(
    E,
    figure,
    table,
    () => readSheet(samples).table("mine"),
  )!;
  return WIDTHS.map(({ width }) => {
    const svg = draw(chart, markOf(figure), width);
    const seen = drawn(svg);
    return { ...seen, svg, words: seen.texts.map(({ text }) => text) };
  });
}

function row(allocator: string, at: string, waste: number | "", seed = 1) {
  return `mine,${allocator},${at},${seed},${waste}`;
}

Deno.test("a panel of zeros says so, and so does one of nothing", () => {
  const rows = [
    row("buddy", "law=a;order=1", 0.5),
    row("buddy", "law=b;order=1", 0),
    row("tlsf", "law=b;order=1", 0),
  ];
  for (const mark of ["bar", "line", "point"]) {
    const figure = { ...FIGURE, mark, facet: "law" };
    for (const { words } of drawings(figure, rows)) {
      assertEquals(
        words.filter((word) => word === "all are 0").length,
        1,
        mark,
      );
    }
  }
  const stack = {
    ...FIGURE,
    mark: "stack",
    series: "cause",
    facet: "allocator",
    where: { cause: "top" },
  };
  const header = `${HEADER},cause`;
  const causes = [
    `${row("buddy", "order=1", 0.5)},top`,
    `${row("tlsf", "order=1", 0.5)},other`,
  ];
  for (const { words } of drawings(stack, causes, { header })) {
    assert(words.includes("tlsf"), "its panel is there");
    assertEquals(words.filter((word) => word === "nothing").length, 1);
  }
});

Deno.test("a bar of 0 is seen, and a category without bars is marked", () => {
  const rows = [
    row("buddy", "law=a;order=1", 0),
    row("buddy", "law=a;order=2", 0.5),
    row("buddy", "law=b;order=2", 0.25),
    row("tlsf", "law=b;order=2", 0),
  ];
  const figure = { ...FIGURE, mark: "bar", facet: "law" };
  for (const { words, marks, keys } of drawings(figure, rows)) {
    assertEquals(words.filter((word) => word === "–").length, 1);
    assertEquals(marks.length, 4);
    for (const { colour } of keys) {
      assert(marks.some((mark) => mark.colour === colour));
    }
  }
});

Deno.test("lines that hide each other are named, and drawn in turns", () => {
  const rows = ["buddy", "tlsf", "glibc"].flatMap((name, i) => [
    row(name, "order=1", i === 2 ? 0.1 : 0.3),
    row(name, "order=2", i === 2 ? 0.9 : 0.4),
  ]);
  for (const { words, svg } of drawings({ ...FIGURE, mark: "line" }, rows)) {
    assert(words.includes("buddy and tlsf coincide"), `${words}`);
    assertEquals(svg.match(/stroke-dasharray="8 8"/g)?.length, 2);
    assert(svg.includes('stroke-dashoffset="-8"'));
  }
});

Deno.test("intervals are drawn, and end where the values must", () => {
  const rows = [0.02, 0.9, 0.04].flatMap((waste, i) => [
    row("buddy", "order=1", waste, i + 1),
    row("buddy", "order=2", waste / 2, i + 1),
  ]);
  for (const mark of ["line", "bar", "point"]) {
    for (const { svg, texts } of drawings({ ...FIGURE, mark }, rows)) {
      const shape = mark === "line"
        ? /fill-opacity="0.18"/
        : /stroke-width="1"/;
      assert(shape.test(svg), mark);
      const ticks = texts.filter(({ role }) => role === "axis-label")
        .map(({ text }) => Number(text.replace("\u2212", "-")));
      assert(ticks.every((tick) => tick >= 0 && tick <= 100), `${ticks}`);
    }
  }
});

Deno.test("a table of numbers has them all", () => {
  const rows = [
    row("buddy", "order=1", 0.125),
    row("buddy", "order=2", 0),
    row("tlsf", "order=1", 1),
  ];
  for (const { words, marks } of drawings({ ...FIGURE, mark: "cells" }, rows)) {
    for (const number of ["12.5", "0", "100"]) assert(words.includes(number));
    assert(!words.includes("all are 0"));
    assertEquals(marks.length, 3);
  }
});

const MAP: Figure = { ...HEAP_MAP, title: "A map." };
const MAP_HEADER = "experiment,allocator,parameters,seed,op,until_op," +
  "offset_bytes,extent_bytes,kind,share_ratio";

Deno.test("next to nothing in a cell is dotted; a map is of one cell", () => {
  const rows = [1, 2].flatMap((seed) => [
    `mine,buddy,order=1,${seed},0,5,0,64,live,0.0625`,
    `mine,buddy,order=1,${seed},0,9,64,64,free,1`,
    `mine,buddy,order=1,${seed},5,9,0,${64 * seed},live,0.5`,
  ]);
  const samples = "experiment,allocator,parameters,seed,op,phase\n" +
    "mine,buddy,order=1,1,5,fill\nmine,buddy,order=1,1,9,free\n" +
    "mine,buddy,order=1,2,7,another\n";
  for (
    const { words, svg, marks } of drawings(MAP, rows, {
      header: MAP_HEADER,
      samples,
    })
  ) {
    assertEquals(marks.length, 3);
    assert(svg.includes('fill="url(#few-live)"'));
    assert(svg.includes('<pattern id="few-live"'));
    assert(words.some((word) => word.startsWith("live, at most 1/16")));
    assert(words.some((word) => word.includes("seed 1")));
    assertEquals(words.includes("fill") && words.includes("free"), true);
    assert(!words.includes("another"));
  }
});

Deno.test("names are text, whatever they hold", () => {
  const evil = `"><script>alert('1')</script>&\u0001`;
  const quoted = `"${evil.replaceAll('"', '""')}"`;
  const rows = [evil, "buddy"].flatMap((name, i) => [
    row(name === evil ? quoted : name, "law=a;order=1", 0.1 + i / 10),
    row(name === evil ? quoted : name, "law=<b>;order=2", 0.3),
  ]);
  for (const mark of ["line", "bar", "point", "stack", "cells"]) {
    for (const facet of [undefined, "law"]) {
      const figure = { ...FIGURE, mark, ...(facet && { facet }) };
      for (const { svg } of drawings(figure, rows)) {
        for (const odd of ["<script", "<b>", "\u0001"]) {
          assert(!svg.includes(odd), mark);
        }
      }
    }
  }
});
