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
import { definition } from "../../experiments/report/axis.ts";
import { fileOf } from "../../experiments/experiment/result_files.ts";
import { specOf } from "../../experiments/report/draw.ts";
import { pointsOf } from "../../experiments/report/points.ts";
import { loadVega } from "../../experiments/report/svg.ts";
import { readTable } from "../../experiments/report/table.ts";
import {
  DARK,
  KIND_NAMES,
  kindColour,
} from "../../experiments/report/theme.ts";
import { drawn } from "./drawn.ts";

const GOLDEN = new URL("../golden/", import.meta.url);
const ignore = (await Deno.permissions.query({
  name: "read",
  path: GOLDEN,
})).state !== "granted";

const texts = new Map<string, string>();

function read(name: string): string {
  const known = texts.get(name) ??
    Deno.readTextFileSync(new URL(name, GOLDEN));
  texts.set(name, known);
  return known;
}

const draw = ignore ? undefined : await loadVega();

function everyFigure(
  body: (e: Experiment, figure: Figure, where: string) => void | Promise<void>,
): () => Promise<void> {
  return async () => {
    for (const e of EXPERIMENTS) {
      for (const [i, figure] of e.figures.entries()) {
        await body(e, figure, `${e.name}, figure ${i + 1}`);
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

Deno.test({
  name: "every figure shows something along both of its axes",
  ignore,
  fn: everyFigure(async (e, figure, where) => {
    const spec = specOf(e, figure, read);
    assert(spec, `${where} has no data`);
    const svg = await draw!(spec, figure.title);
    assertEquals(
      await draw!(spec, figure.title),
      svg,
      `${where}: two drawings`,
    );
    assertEquals(
      /.{40}(NaN|undefined|null|Infinity)/.exec(svg)?.[0],
      undefined,
      where,
    );
    const { texts, labels, titles, marks, colours } = drawn(svg);
    assert(texts.join(" ").includes(figure.title), where);
    for (const side of ["x", "y"] as const) {
      const places = new Set(marks.map((mark) => mark[side]));
      assert(places.size > 1, `${where}: one place along ${side}`);
    }
    assert(new Set(labels).size > 3, `${where}: labels ${labels}`);
    const named = ["x", "y"].filter((side) =>
      !["allocator", "phase"].includes(figure[side as "x" | "y"])
    );
    assert(titles.length >= named.length, `${where}: titles ${titles}`);
    for (const colour of colours) {
      assert(DARK.includes(`"${colour}"`), `${where}: ${colour} in the dark`);
    }
  }),
});

Deno.test({
  name: "time series are means over nothing but seeds",
  ignore,
  fn: everyFigure((e, figure, where) => {
    if (figure.table !== "" || figure.mark !== "line") return;
    const table = readTable(read(fileOf(e.name, SAMPLES)), e.name);
    const { averaged } = pointsOf(e, figure, table)!;
    assertEquals(averaged.filter((name) => name !== "seed"), [], where);
  }),
});

Deno.test({
  name: "a figure without rows is none",
  ignore,
  fn: everyFigure((e, figure, where) => {
    const empty = (name: string) => read(name).split("\n", 1)[0] + "\n";
    assertEquals(specOf(e, figure, empty), undefined, where);
    assertEquals(specOf(e, figure, () => undefined), undefined, where);
    const other = { ...figure, where: { allocator: "nobody" } };
    assertEquals(specOf(e, other, read), undefined, where);
  }),
});

Deno.test("an axis without values leaves no figure", () => {
  const [e] = EXPERIMENTS;
  const header = "experiment,allocator,parameters,seed,internal_ratio\n";
  const rows = (value: string) => () =>
    `${header}${e!.name},buddy,size=1,1,${value}\n${
      e!.name
    },buddy,size=2,1,${value}\n`;
  const figure = { ...e!.figures[0]!, table: "summary", y: "internal_ratio" };
  assert(specOf(e!, figure, rows("0.5")));
  assertEquals(specOf(e!, figure, rows("")), undefined);
  assertEquals(specOf(e!, { ...figure, log: ["y"] }, rows("0")), undefined);
});

Deno.test("shades of memory differ, in the light and in the dark", () => {
  for (const kind of KIND_NAMES.filter((kind) => kind !== "free")) {
    const shades = [0.25, 0.5, 0.75, 1].map((share) => kindColour(kind, share));
    assertEquals(new Set([...shades, kindColour("free", 1)]).size, 5, kind);
    for (const shade of shades) assert(DARK.includes(shade), kind);
  }
});

if (ignore) console.log("figures_test: partly skipped, needs --allow-read");
