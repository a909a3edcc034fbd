/**
 * Every declared figure, drawn from the golden files.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  type Experiment,
  type Figure,
  SAMPLES,
} from "../../experiments/experiment/experiment.ts";
import { EXPERIMENTS } from "../../experiments/questions/mod.ts";
import { definition } from "../../experiments/report/figure/axis.ts";
import {
  drawn as draw,
  OBVIOUS,
} from "../../experiments/report/figure/draw.ts";
import { rowsOf } from "../../experiments/report/figure/points.ts";
import {
  readSheet,
  type Sheet,
} from "../../experiments/report/figure/table.ts";
import { chartOf, markOf, WIDTHS } from "../../experiments/report/figures.ts";
import { MARKS } from "../../experiments/report/marks/mod.ts";
import { drawn, type Written } from "./drawn.ts";

const GOLDEN = new URL("../golden/", import.meta.url);
const ignore = (await Deno.permissions.query({
  name: "read",
  path: GOLDEN,
})).state !== "granted";

const sheets = new Map<string, Sheet>();

function text(name: string): string {
  return Deno.readTextFileSync(new URL(name, GOLDEN));
}

function read(name: string): Sheet {
  const known = sheets.get(name) ?? readSheet(text(name));
  sheets.set(name, known);
  return known;
}

function everyFigure(
  body: (e: Experiment, figure: Figure, where: string) => void,
): () => void {
  return () => {
    for (const e of EXPERIMENTS) {
      for (const [i, figure] of e.figures.entries()) {
        body(e, figure, `${e.name}, figure ${i + 1}`);
      }
    }
  };
}

Deno.test(
  "a figure has a sentence for a title and axes that are defined",
  everyFigure((e, figure, where) => {
    assertMatch(figure.title, /^[A-Z].*\.$/, where);
    assert(figure.title.split(" ").length > 5, `${where}: says too little`);
    const { table, x, y, series, facet = x, where: only = {} } = figure;
    for (const name of [x, y, series, facet, ...Object.keys(only)]) {
      const { description } = definition(e, table, name);
      assert(description !== name, `${where} shows an unknown ${name}`);
    }
  }),
);

Deno.test("every mark is used, and every figure's mark is there", () => {
  const used = new Set(
    EXPERIMENTS.flatMap(({ figures }) => figures.map(({ mark }) => mark)),
  );
  assertEquals(used, new Set(MARKS.map(({ name }) => name)));
});

/** Draws `figure` as every width has it. */
function everyWidth(e: Experiment, figure: Figure): string[] {
  const chart = chartOf(e, figure, read)!;
  return WIDTHS.map(({ width }) => draw(chart, markOf(figure), width));
}

Deno.test({
  name: "every figure shows something along its axes, twice the same",
  ignore,
  fn: everyFigure((e, figure, where) => {
    assertEquals(everyWidth(e, figure), everyWidth(e, figure), where);
    for (const svg of everyWidth(e, figure)) {
      const odd = /.{40}(NaN|undefined|null|Infinity)/.exec(svg)?.[0];
      assertEquals(odd, undefined, where);
      const { marks, texts } = drawn(svg);
      const places = (side: "x" | "y") =>
        new Set(marks.map((mark) => mark[side])).size;
      assert(places("x") > 1 || places("y") > 1, `${where}: all in one place`);
      const labels = texts.filter(({ role }) => role === "axis-label");
      assert(labels.length > 1, `${where}: labels ${labels}`);
      const words = texts.map(({ text }) => text).join(" ");
      const { x, y } = chartOf(e, figure, read)!;
      const axes = [x, y].filter(({ name }) => !OBVIOUS.includes(name));
      for (const { title } of axes) {
        assert(!/[`^_*]/.test(title), `${where}: markup in ${title}`);
      }
      for (const said of [figure.title, ...axes.map(({ title }) => title)]) {
        assert(words.includes(said), `${where}: "${said}" is missing`);
      }
      assert(!/[`*_]{2}|`/.test(words), `${where}: markup in ${words}`);
    }
  }),
});

Deno.test({
  name: "no text is cut off, or written over another",
  ignore,
  fn: everyFigure((e, figure, where) => {
    for (const svg of everyWidth(e, figure)) {
      const { texts, width, height } = drawn(svg);
      for (const { text, left, right, y } of texts) {
        const inside = left >= 0 && right <= width && y <= height && y > 0;
        assert(inside, `${where}, ${width} wide: "${text}" is cut off`);
      }
      const labels = texts.filter(({ role }) => role.endsWith("-label"));
      for (const [i, one] of labels.entries()) {
        for (const other of labels.slice(0, i)) {
          assert(
            !overlap(one, other),
            `${where}, ${width} wide: "${one.text}" over "${other.text}"`,
          );
        }
      }
    }
  }),
});

function overlap(a: Written, b: Written): boolean {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  return across > 0 && Math.abs(a.y - b.y) < Math.min(a.size, b.size) * 0.8;
}

Deno.test({
  name: "a legend's colours differ, and each is that of a mark",
  ignore,
  fn: everyFigure((e, figure, where) => {
    for (const svg of everyWidth(e, figure)) {
      const { keys, marks, texts } = drawn(svg);
      const labels = texts.filter(({ role }) => role === "legend-label");
      const colours = keys.map(({ colour }) => colour);
      assertEquals(new Set(colours).size, colours.length, where);
      assert(labels.length >= keys.length, where);
      const own = figure.guide ? colours.slice(0, -1) : colours;
      for (const colour of own) {
        assert(
          marks.some((mark) => mark.colour === colour),
          `${where}: ${colour} has no mark`,
        );
      }
    }
  }),
});

Deno.test({
  name: "every colour has a dark form",
  ignore,
  fn: everyFigure((e, figure, where) => {
    for (const svg of everyWidth(e, figure)) {
      const { colours, style } = drawn(svg);
      for (const colour of colours) {
        if (colour.startsWith("url(")) continue;
        assert(
          style.includes(`"${colour}"`),
          `${where}: ${colour} in the dark`,
        );
      }
    }
  }),
});

Deno.test({
  name: "time series are means over nothing but seeds",
  ignore,
  fn: everyFigure((e, figure, where) => {
    if (figure.table !== SAMPLES || figure.mark !== "line") return;
    const chart = chartOf(e, figure, read)!;
    const others = chart.notes.filter((note) =>
      /^mean over (?!seed)/.test(note)
    );
    assertEquals(others, [], where);
  }),
});

Deno.test({
  name: "a figure without rows is none",
  ignore,
  fn: everyFigure((e, figure, where) => {
    const empty = (name: string) => readSheet(text(name).split("\n", 1)[0]!);
    assertEquals(chartOf(e, figure, empty), undefined, where);
    assertEquals(chartOf(e, figure, () => undefined), undefined, where);
    const other = { ...figure, where: { allocator: "nobody" } };
    assertEquals(chartOf(e, other, read), undefined, where);
    const some = { ...figure, where: {} };
    const table = read(
      figure.table === "summary"
        ? "summary.csv"
        : `${e.name}${figure.table && `.${figure.table}`}.csv`,
    ).table(e.name);
    assert(rowsOf(some, table).length >= rowsOf(figure, table).length);
  }),
});

Deno.test("an axis without values leaves no figure", () => {
  const [e] = EXPERIMENTS;
  const header = "experiment,allocator,parameters,seed,internal_ratio\n";
  const rows = (value: string) => () =>
    readSheet(
      `${header}${e!.name},buddy,size=1,1,${value}\n${
        e!.name
      },buddy,size=2,1,${value}\n`,
    );
  const figure = { ...e!.figures[0]!, table: "summary", y: "internal_ratio" };
  const plain = { ...figure, log: [] };
  assert(chartOf(e!, plain, rows("0.5")));
  assertEquals(chartOf(e!, plain, rows("")), undefined);
  assertEquals(chartOf(e!, { ...figure, log: ["y"] }, rows("0")), undefined);
});

if (ignore) console.log("figures_test: partly skipped, needs --allow-read");
