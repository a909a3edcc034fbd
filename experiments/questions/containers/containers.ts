/**
 * The same life in seven containers: filled, cleared, trimmed, filled again.
 *
 * @module
 */
import { RETURN_COLUMNS, returns, runContainer } from "./container_returns.ts";
import { above, below, mean, near, onlyIf } from "../../experiment/claims.ts";
import { type Experiment, SAMPLES } from "../../experiment/experiment.ts";
import { KINDS } from "../../workloads/containers/layout.ts";

const MEASURED = "glibc 2.36 and libstdc++, measured";

/** The declaration. */
export const containers: Experiment = {
  name: "containers",
  question: "What does an element cost, and which containers give memory back?",
  claims: [
    {
      id: "map-erase.deque",
      statement:
        "A deque lowers the break when it is cleared: bytes that it falls.",
      source: MEASURED,
      measured: mean("footprint_fall_bytes", {
        kind: "deque",
        allocator: "glibc",
      }),
      expected: above(0),
      verdict: onlyIf(
        "it held more than malloc keeps at the top, by default 128 KiB",
      ),
    },
    {
      id: "map-erase.list",
      statement: "Clearing a list returns nothing: share of its memory.",
      source: MEASURED,
      measured: mean("returned_ratio", { kind: "list", allocator: "glibc" }),
      expected: below(0.01),
    },
    {
      id: "map-erase.vector",
      statement: "A cleared vector keeps its array: share of its memory that " +
        "is returned.",
      source: "libstdc++",
      measured: mean("returned_ratio", { kind: "vector", allocator: "glibc" }),
      expected: below(0.01),
    },
    {
      id: "map-erase.header",
      statement: "malloc adds 8 bytes to every node of a map<int, int>.",
      source: "glibc 2.36",
      measured: mean("header_bytes", { kind: "map", allocator: "glibc" }),
      expected: near(8, 0.01),
    },
    {
      id: "stl-allocator.header",
      statement: "The pool adds nothing to a node: bytes per element.",
      source: "libstdc++",
      measured: mean("header_bytes", { kind: "map", allocator: "pool" }),
      expected: near(0, 0.5),
    },
  ],
  random: ({ order }) => order === "random",
  allocators: ["glibc", "pool"],
  parameters: {
    elements: {
      summary: "elements of the container",
      values: { quick: [100_000], default: [300_000], full: [1_000_000] },
    },
    kind: { summary: "container", values: { default: [...KINDS] } },
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
