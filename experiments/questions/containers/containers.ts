/**
 * The same life in seven containers: filled, cleared, trimmed, filled again.
 *
 * @module
 */
import { RETURN_COLUMNS, returns, runContainer } from "./container_returns.ts";
import {
  type Experiment,
  type Finished,
  meanOf,
  onlyIf,
  SAMPLES,
} from "../../experiment/experiment.ts";
import { KINDS } from "../../workloads/containers/layout.ts";

const NOTHING = { text: "< 0.01", holds: (share: number) => share < 0.01 };

/** Mean of a measure of one kind over one allocator. */
const of =
  (kind: string, allocator: string, measure: string) =>
  (cells: readonly Finished[]) => meanOf(cells, measure, { kind, allocator });

/** The declaration. */
export const containers: Experiment = {
  name: "containers",
  question: "What does an element cost, and which containers give memory back?",
  claims: [
    {
      id: "map-erase.deque",
      statement: "A deque lowers the break by itself when it is cleared.",
      source: "glibc 2.36 and libstdc++, measured",
      measured: of("deque", "glibc", "footprint_fall_bytes"),
      expected: { text: "> 0", holds: (bytes) => bytes > 0 },
      verdict: onlyIf(
        "it held more than malloc keeps at the top, 128 KiB by default",
      ),
    },
    {
      id: "map-erase.list",
      statement: "A list gives nothing back when it is cleared.",
      source: "glibc 2.36 and libstdc++, measured",
      measured: of("list", "glibc", "returned_ratio"),
      expected: NOTHING,
    },
    {
      id: "map-erase.vector",
      statement: "A vector that is cleared keeps its array.",
      source: "libstdc++",
      measured: of("vector", "glibc", "returned_ratio"),
      expected: NOTHING,
    },
    {
      id: "map-erase.header",
      statement: "malloc adds 8 bytes to every node of a map<int, int>.",
      source: "glibc 2.36",
      measured: of("map", "glibc", "header_bytes"),
      expected: { value: 8, tolerance: 0.01 },
    },
    {
      id: "stl-allocator.header",
      statement: "The pool adds nothing to a node.",
      source: "libstdc++",
      measured: of("map", "pool", "header_bytes"),
      expected: { value: 0, tolerance: 0.5 },
    },
  ],
  random: ({ order }) => order === "random",
  allocators: ["glibc", "pool"],
  parameters: {
    elements: {
      summary: "elements of the container",
      values: { quick: [100_000], default: [300_000], full: [1_000_000] },
    },
    kind: { summary: "which container", values: { default: [...KINDS] } },
    order: {
      summary: "order in which keys are inserted",
      values: { default: ["ascending"], full: ["ascending", "random"] },
    },
  },
  columns: RETURN_COLUMNS,
  headline: [
    "element_bytes",
    "header_bytes",
    "returned_ratio",
    "trimmed_ratio",
  ],
  run: async (cell) => returns(cell, await runContainer(cell)),
  figures: [{
    title: "Resident memory of a container, phase by phase.",
    table: SAMPLES,
    x: "phase",
    y: "resident_bytes",
    series: "kind",
    mark: "bar",
    facet: "allocator",
  }],
};
