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
import { below, between, exactly, mean } from "../../experiment/claims.ts";
import { type Experiment, SAMPLES } from "../../experiment/experiment.ts";
import { atEndOf, gain } from "../../measures/phases.ts";
import { TYPES } from "../../workloads/containers/layout.ts";

const SHORT = { value: "short_string", allocator: "glibc" };
const LONG = { value: "long_string", allocator: "glibc" };

/** The declaration. */
export const mapString: Experiment = {
  name: "map_string",
  question: "What do strings in a std::map cost, and do they come back?",
  claims: [
    {
      id: "map-string.inline",
      statement: "Strings of up to 15 characters need no block of their own: " +
        "blocks per element.",
      source: "libstdc++",
      measured: mean("element_blocks", SHORT),
      expected: exactly(1),
    },
    {
      id: "map-string.blocks",
      statement: "A long string as value needs a second block per element: " +
        "blocks per element.",
      source: "libstdc++",
      measured: mean("element_blocks", LONG),
      expected: exactly(2),
    },
    {
      id: "map-erase.string",
      statement: "With long strings, too, clear() returns nothing: share of " +
        "the map's memory.",
      source: "glibc 2.36 and libstdc++, measured",
      measured: mean("returned_ratio", LONG),
      expected: below(0.01),
    },
    {
      id: "stl-allocator.string",
      statement: "malloc_trim(0) returns strings but no node of the pool: " +
        "share of the map's memory.",
      source: "libstdc++, measured",
      measured: mean("trimmed_ratio", { ...LONG, allocator: "pool" }),
      expected: between(0.1, 0.8),
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
