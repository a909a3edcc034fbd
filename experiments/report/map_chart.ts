/**
 * A table `heap_map` as a Vega-Lite specification: address against time.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import type { Experiment, Figure } from "../harness/experiment.ts";
import { axisOf, definition } from "./axis.ts";
import { columnsOf } from "./chart.ts";
import { headOf, wrapped } from "./head.ts";
import { notesOf, rowsOf } from "./points.ts";
import { labelsOf } from "./labels.ts";
import type { Table } from "./table.ts";
import { CONFIG, KIND_NAMES, kindColour } from "./theme.ts";

const WIDTH = 620;
const HEIGHT = 220;
const SPACING = 36;
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
  const labels = labelsOf(rows.map((i) => table.text(i, "allocator")));
  const facet = figure.facet ?? "allocator";
  const panelOf = (i: number) =>
    facet === "allocator"
      ? labels.of(table.text(i, facet))
      : `${facet} = ${table.text(i, facet)}`;
  const number = (i: number, name: string) => Number(table.text(i, name));
  const tops = rows.map((i) =>
    number(i, "offset_bytes") + number(i, "extent_bytes")
  );
  const axis = (name: string, values: number[]) =>
    axisOf(definition(experiment, name)!, {
      log: false,
      discrete: false,
      values,
    });
  const x = axis("op", rows.map((i) => number(i, "until_op")));
  const y = axis("offset_bytes", tops);
  const values = rows.map((i, at) => {
    const kind = table.text(i, "kind");
    return {
      x: number(i, "op"),
      x2: number(i, "until_op"),
      y: number(i, "offset_bytes") * y.factor,
      y2: tops[at]! * y.factor,
      colour: kindColour(kind, number(i, "share_ratio")),
      panel: panelOf(i),
    };
  }).toSorted((a, b) => a.colour < b.colour ? -1 : a.colour > b.colour ? 1 : 0);
  const kinds = KIND_NAMES.filter((kind) =>
    rows.some((i) => table.text(i, "kind") === kind)
  );
  const panels = [...new Set(rows.map(panelOf))];
  const columns = columnsOf(panels.length);
  const { notes } = notesOf(table, rows.map((i) => [i]), [facet]);
  const quantitative = { type: "quantitative" } as const;
  const width = Math.floor((WIDTH - SPACING * (columns - 1)) / columns);
  const unit = {
    width,
    height: HEIGHT,
    layer: [{
      mark: { type: "rect", strokeWidth: 0 },
      encoding: {
        x: {
          field: "x",
          ...quantitative,
          title: x.title,
          axis: { grid: false, tickCount: Math.floor(width / 60) },
          scale: { nice: false },
        },
        x2: { field: "x2" },
        y: {
          field: "y",
          ...quantitative,
          title: wrapped(y.title, 34),
          axis: { grid: false, tickCount: 5 },
          scale: { nice: false },
        },
        y2: { field: "y2" },
        color: { field: "colour", type: "nominal", scale: null, legend: null },
      },
    }, {
      // Draws nothing: it makes the legend.
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
    }],
  };
  const faceted = panels.length > 1 && {
    facet: {
      field: "panel",
      type: "nominal",
      sort: panels,
      header: { title: null },
    },
    columns,
    spacing: SPACING,
    spec: unit,
    ...(panels.length % columns > 0 && {
      resolve: { axis: { x: "independent" } },
    }),
  };
  return {
    config: CONFIG,
    title: headOf(figure, { notes: [...labels.notes, ...notes, RULE] }),
    data: { values },
    ...(faceted || unit),
  } as TopLevelSpec;
}
