/**
 * Faults that figures have had, or could have without anybody seeing it.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const MAP = "experiments/measures/heap_map.ts";
const FIGURE = "experiments/report/figure/";
const POINTS = `${FIGURE}points.ts`;
const MEANS = `${FIGURE}means.ts`;

const mutations: readonly Mutation[] = [
  {
    fault: "a mean is a sum",
    file: MEANS,
    symbol: "meanOf",
    find: "reduce((sum, value) => sum + value, 0) / values.length;",
    replace: "reduce((sum, value) => sum + value, 0);",
  },
  {
    fault: "cells of a heap map are joined crosswise",
    file: MAP,
    symbol: "HeapMap.coarsen",
    find: "const at = 2 * cell * KINDS.length + i % KINDS.length;",
    replace: "const at = 2 * cell * KINDS.length + (i + 1) % KINDS.length;",
  },
  {
    fault: "a live page is lost among free ones",
    file: MAP,
    symbol: "cellKind",
    find: "&& !(used && k === FREE)",
    replace: "",
  },
  {
    fault: "a rectangle ends when it begins to differ, one look late",
    file: MAP,
    symbol: "HeapMap.rows",
    find: "row.until_op = op;",
    replace: "row.until_op = op + 1;",
  },
  {
    fault: "rows of other experiments are drawn",
    file: `${FIGURE}table.ts`,
    symbol: "readSheet",
    find: "byOwner.get(name) ?? []",
    replace: "rows",
  },
  {
    fault: "a thinned line loses its peaks",
    file: `${FIGURE}thinned.ts`,
    symbol: "thinned",
    find: "kept.add(stretch[0]!).add(stretch.at(-1)!);",
    replace: "kept.add(stretch[0]!);",
  },
  {
    fault: "a colour has no dark form",
    file: `${FIGURE}colours.ts`,
    symbol: "darkSheet",
    find: "const used = new Set(content.match",
    replace: "const used = new Set(PAPER[0].match",
  },
  {
    fault: "per cent are shown as shares",
    file: `${FIGURE}axis.ts`,
    symbol: "axisOf",
    find: "factor: 100 }",
    replace: "factor: 1 }",
  },
  {
    fault: "values of 0 stay on a logarithmic axis",
    file: POINTS,
    symbol: "chartOf",
    find: "Number(p[side]) > 0",
    replace: "Number(p[side]) >= 0",
  },
  {
    fault: "axes have no titles",
    file: `${FIGURE}draw.ts`,
    symbol: "axisTitles",
    find: "OBVIOUS.includes(name) ? [] : [title]",
    replace: "[]",
  },
  {
    fault: "an interval is that of all cells, not of the seeds",
    file: MEANS,
    symbol: "seedsOf",
    find: "const seeds = sums.get(cell) ?? new Map();",
    replace: "const seeds = new Map();",
  },
  {
    fault: "a cell with one seed counts for that seed only",
    file: MEANS,
    symbol: "seedsOf",
    find: "own.size === 1",
    replace: "own.size === 0",
  },
  {
    fault: "a part that a cell lacks is left out of the mean",
    file: POINTS,
    symbol: "chartOf",
    find: "reading.sums ? everyCell.get(group[0]!.panel)! : []",
    replace: "[]",
  },
  {
    fault: "two series have one colour",
    file: `${FIGURE}colours.ts`,
    symbol: "looksOf",
    find: "while (home === undefined && taken.has(next)) next++;",
    replace: "",
  },
  {
    fault: "lines that only touch are said to coincide",
    file: `${FIGURE}coincident.ts`,
    symbol: "coincident",
    find: "share >= MOST",
    replace: "share > 0",
  },
  {
    fault: "labels at the edge are cut off",
    file: `${FIGURE}frame.ts`,
    symbol: "frame",
    find: "width - half + MARGIN",
    replace: "Infinity",
  },
];

/** The faults, and who should notice them. */
export const REPORT: MutationTable = {
  name: "report",
  tests: ["tests/report/", "tests/measures/heap_map_test.ts"],
  mutations,
  shortStep: 5,
};
