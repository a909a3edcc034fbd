/**
 * Faults that figures have had, or could have without anybody seeing it.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const MAP = "experiments/measures/heap_map.ts";
const POINTS = "experiments/report/points.ts";

const mutations: readonly Mutation[] = [
  {
    fault: "a mean is a sum",
    file: POINTS,
    find: "[side]: sum / group.length",
    replace: "[side]: sum",
  },
  {
    fault: "cells of a heap map are joined crosswise",
    file: MAP,
    find: "const at = 2 * cell * KINDS.length + i % KINDS.length;",
    replace: "const at = 2 * cell * KINDS.length + (i + 1) % KINDS.length;",
  },
  {
    fault: "a live page is lost among free ones",
    file: MAP,
    find: "&& !(used && k === FREE)",
    replace: "",
  },
  {
    fault: "a rectangle ends when it begins to differ, one look late",
    file: MAP,
    find: "row.until_op = op;",
    replace: "row.until_op = op + 1;",
  },
  {
    fault: "rows of other experiments are drawn",
    file: "experiments/report/table.ts",
    find: "row[owner] === experiment",
    replace: "row[owner] !== undefined",
  },
  {
    fault: "a thinned line loses its peaks",
    file: POINTS,
    find: "kept.add(stretch[0]!).add(stretch.at(-1)!);",
    replace: "kept.add(stretch[0]!);",
  },
  {
    fault: "a colour has no dark form",
    file: "experiments/report/theme.ts",
    find: "    FAINT,\n    GRID,\n    ...SERIES,",
    replace: "    GRID,\n    ...SERIES,",
  },
  {
    fault: "per cent are shown as shares",
    file: "experiments/report/axis.ts",
    find: "factor: 100 }",
    replace: "factor: 1 }",
  },
  {
    fault: "values of 0 stay on a logarithmic axis",
    file: POINTS,
    find: "Number(p[side]) > 0",
    replace: "Number(p[side]) >= 0",
  },
  {
    fault: "axes have no titles",
    file: "experiments/report/scale.ts",
    find: "const title = wrapped(axis.title, Math.floor(pixels / LETTER));",
    replace: "const title = null;",
  },
];

/** The faults, and who should notice them. */
export const REPORT: MutationTable = {
  name: "report",
  tests: ["tests/report/", "tests/measures/heap_map_test.ts"],
  mutations,
  shortStep: 5,
};
