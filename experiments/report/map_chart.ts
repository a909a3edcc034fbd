/**
 * A table `heap_map` as a Vega-Lite specification: address against time.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import type { Experiment, Figure } from "../experiment/experiment.ts";
import { axisOf, definition } from "./axis.ts";
import { headOf, wrapped } from "./head.ts";
import { labelsOf } from "./labels.ts";
import { notesOf } from "./notes.ts";
import { inPanels, panelWidth } from "./panels.ts";
import { panelTitle, rowsOf } from "./points.ts";
import type { Table } from "./table.ts";
import { CONFIG, KIND_NAMES, kindColour } from "./theme.ts";

/** Height of a panel, pixels, and letters of a title beside it. */
const HEIGHT = 220;
const LETTERS = 34;
/** Pixels for a label of the time axis. */
const LABEL = 50;
/** What every map says of itself. */
const RULE = "darker: more of the cell";

/** The whole specification; undefined if there is nothing to show. */
export function mapOf(
  experiment: Pick<Experiment, "columns" | "parameters">,
  figure: Figure,
  table: Table,
): TopLevelSpec | undefined {
  const rows = rowsOf(figure, table);
  if (rows.length === 0) return undefined;
  const { facet = "allocator" } = figure;
  const labels = labelsOf(rows.map((i) => table.text(i, "allocator")));
  const panelOf = (i: number) => {
    const value = table.text(i, facet);
    return panelTitle(facet, facet === "allocator" ? labels.of(value) : value);
  };
  const number = (i: number, name: string) => Number(table.text(i, name));
  const top = (i: number) =>
    number(i, "offset_bytes") + number(i, "extent_bytes");
  const axis = (name: string, values: number[]) =>
    axisOf(definition(experiment, figure.table, name), {
      log: false,
      discrete: false,
      values,
    });
  const x = axis(figure.x, rows.map((i) => number(i, "until_op")));
  const y = axis(figure.y, rows.map(top));
  const values = rows.map((i) => ({
    x: number(i, "op"),
    x2: number(i, "until_op"),
    y: number(i, "offset_bytes") * y.factor,
    y2: top(i) * y.factor,
    colour: kindColour(table.text(i, "kind"), number(i, "share_ratio")),
    panel: panelOf(i),
  }));
  // Rectangles of one colour that follow each other become one element.
  values.sort((a, b) => a.colour < b.colour ? -1 : a.colour > b.colour ? 1 : 0);
  const kinds = KIND_NAMES.filter((kind) =>
    rows.some((i) => table.text(i, "kind") === kind)
  );
  const panels = [...new Set(rows.map(panelOf))];
  const { notes } = notesOf(
    table,
    rows.map((i) => [i]),
    panels.length > 1 ? [facet] : [],
  );
  const width = panelWidth(panels.length);
  return {
    config: CONFIG,
    title: headOf(figure, { notes: [...labels.notes, ...notes, RULE] }),
    data: { values },
    ...inPanels(panels, {
      width,
      height: HEIGHT,
      layer: [{
        mark: { type: "rect", strokeWidth: 0 },
        encoding: {
          x: channel("x", [x.title], Math.floor(width / LABEL)),
          x2: { field: "x2" },
          y: channel("y", wrapped(y.title, LETTERS), 5),
          y2: { field: "y2" },
          color: {
            field: "colour",
            type: "nominal",
            scale: null,
            legend: null,
          },
        },
      }, legendOf(kinds)],
    }),
  } as TopLevelSpec;
}

function channel(
  field: "x" | "y",
  title: string[],
  tickCount: number,
): object {
  return {
    field,
    type: "quantitative",
    title,
    axis: { grid: false, tickCount, format: "~s" },
    scale: { nice: false },
  };
}

/** A layer that draws nothing, for the sake of its legend. */
function legendOf(kinds: readonly string[]): object {
  return {
    data: { values: kinds.map((kind) => ({ kind })) },
    mark: { type: "point", filled: true, shape: "square", size: 0 },
    encoding: {
      fill: {
        field: "kind",
        type: "nominal",
        scale: {
          domain: kinds,
          range: kinds.map((kind) => kindColour(kind, 1)),
        },
        legend: {
          title: null,
          symbolType: "square",
          symbolSize: 130,
          symbolOpacity: 1,
        },
      },
    },
  };
}
