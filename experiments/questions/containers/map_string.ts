/**
 * A `std::map` whose keys and values are numbers, short strings, or strings
 * that have a block of their own beside the node.
 *
 * @module
 */
import {
  ELEMENTS,
  RETURN_COLUMNS,
  returns,
  runContainer,
} from "./container_returns.ts";
import { ratio } from "../../measures/columns.ts";
import {
  type Experiment,
  type Finished,
  meanOf,
  SAMPLES,
} from "../../experiment/experiment.ts";
import { atEndOf, gain } from "../../measures/phases.ts";
import { TYPES } from "../../workloads/containers/layout.ts";

/** Mean of a measure of maps with one value type over one allocator. */
const of =
  (value: string, allocator: string, measure: string) =>
  (cells: readonly Finished[]) => meanOf(cells, measure, { value, allocator });

/** The declaration. */
export const mapString: Experiment = {
  name: "map_string",
  question: "What do strings in a std::map cost, and do they come back?",
  claims: [
    {
      id: "map-string.inline",
      statement: "Strings of up to 15 characters request nothing of their own.",
      source: "libstdc++",
      measured: of("short_string", "glibc", "element_blocks"),
      expected: { value: 1, tolerance: 0 },
    },
    {
      id: "map-string.blocks",
      statement: "A long string as value is a second block per element.",
      source: "libstdc++",
      measured: of("long_string", "glibc", "element_blocks"),
      expected: { value: 2, tolerance: 0 },
    },
    {
      id: "map-erase.string",
      statement: "With long strings too, clear() gives nothing back.",
      source: "glibc 2.36 and libstdc++, measured",
      measured: of("long_string", "glibc", "returned_ratio"),
      expected: { text: "< 0.01", holds: (share) => share < 0.01 },
    },
    {
      id: "stl-allocator.string",
      statement: "malloc_trim(0) returns strings, but no node of the pool.",
      source: "libstdc++, measured",
      measured: of("long_string", "pool", "trimmed_ratio"),
      expected: {
        text: "0.1 .. 0.8",
        holds: (share) => share > 0.1 && share < 0.8,
      },
    },
  ],
  random: ({ order }) => order === "random",
  allocators: ["glibc", "pool"],
  parameters: {
    elements: ELEMENTS,
    value: { summary: "type of the values", values: { default: [...TYPES] } },
    order: {
      summary: "order in which keys are inserted",
      values: { default: ["random"] },
    },
  },
  columns: [
    ...RETURN_COLUMNS,
    ratio("element_blocks", "Blocks requested per element."),
  ],
  headline: ["element_bytes", "element_blocks", "trimmed_ratio"],
  async run(cell) {
    const process = await runContainer(cell, { kind: "map", key: "int" });
    const outcome = returns(cell, process);
    const start = atEndOf("start", process.samples);
    const filled = atEndOf("insert", process.samples);
    outcome.measures.element_blocks = gain("live_blocks", start, filled) /
      cell.number("elements");
    return outcome;
  },
  figures: [{
    title:
      "Resident memory of a map, phase by phase, by the type of its values.",
    table: SAMPLES,
    x: "phase",
    y: "resident_bytes",
    series: "value",
    mark: "bar",
    facet: "allocator",
  }],
};
