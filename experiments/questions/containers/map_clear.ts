/**
 * Whether a `std::map` gives memory back when its elements go: by clear, by
 * erasing all in the order of insertion, or every other one; then after a
 * request that makes malloc consolidate, and after malloc_trim(0).
 *
 * @module
 */
import {
  ELEMENTS,
  RETURN_COLUMNS,
  returns,
  runContainer,
} from "./container_returns.ts";
import {
  above,
  below,
  lectureNotes,
  mean,
  onlyIf,
  type Where,
} from "../../experiment/claims.ts";
import {
  type Claim,
  type Experiment,
  SAMPLES,
} from "../../experiment/experiment.ts";

const BARE = "glibc:tcache_count=0:mxfast=0";
const NOTHING = below(0.01);
const MOST = above(0.8);

/** A claim about the share of its memory that a map returns. */
function claim(
  id: string,
  statement: string,
  measure: string,
  where: Where,
  expected: Claim["expected"],
): Claim {
  return {
    id: `map-erase${id}`,
    statement: `${statement}: share of its memory that the map returns.`,
    source: "glibc 2.36 and libstdc++, measured",
    measured: mean(measure, { order: "ascending", ...where }),
    expected,
  };
}

const claims: Claim[] = [
  {
    ...claim(
      "",
      "Inserting into a map grows memory, and erase or clear does not return it",
      "returned_ratio",
      { allocator: "glibc", ending: "clear" },
      NOTHING,
    ),
    source: lectureNotes("clearing a map"),
    verdict: onlyIf(
      "fast bins or the tcache hold the nodes, or there is a pool",
    ),
  },
  claim(
    ".fast",
    "Without fast bins, the tcache alone still pins the top",
    "returned_ratio",
    { allocator: "glibc:mxfast=0", ending: "clear" },
    NOTHING,
  ),
  claim(
    ".probe",
    "malloc(2000) consolidates the fast bins and still returns nothing",
    "probed_ratio",
    { allocator: "glibc", ending: "clear" },
    NOTHING,
  ),
  claim(
    ".probe-tcache",
    "Without the tcache, malloc(2000) and its free return the nodes",
    "probed_ratio",
    { allocator: "glibc:tcache_count=0", ending: "clear" },
    MOST,
  ),
  claim(
    ".bare",
    "Without tcache and fast bins, clear() returns memory by itself",
    "returned_ratio",
    { allocator: BARE, ending: "clear" },
    MOST,
  ),
  claim(
    ".trim",
    "malloc_trim(0) after clear() returns what was held",
    "trimmed_ratio",
    { allocator: "glibc", ending: "clear" },
    above(0.95),
  ),
  claim(
    ".half",
    "With every other node erased, not even malloc_trim(0) returns a page",
    "trimmed_ratio",
    { allocator: "glibc", ending: "half_erase" },
    NOTHING,
  ),
  claim(
    ".pool",
    "Through a pool, not even malloc_trim(0) after clear() returns anything",
    "trimmed_ratio",
    { allocator: "pool", ending: "clear" },
    NOTHING,
  ),
];

/** The declaration. */
export const mapClear: Experiment = {
  name: "map_clear",
  question: "Why does clearing a std::map give no memory back?",
  claims,
  random: ({ order }) => order === "random",
  allocators: [
    "glibc",
    "glibc:tcache_count=0",
    "glibc:mxfast=0",
    BARE,
    "pool",
    "pool:below=glibc+tcache_count=0+mxfast=0",
  ],
  parameters: {
    elements: ELEMENTS,
    order: {
      summary: "order in which keys are inserted, and erased one by one",
      values: { default: ["ascending", "random"] },
    },
    ending: {
      summary: "how the elements go",
      values: { default: ["clear", "erase", "half_erase"] },
    },
  },
  columns: RETURN_COLUMNS,
  headline: ["returned_ratio", "probed_ratio", "trimmed_ratio"],
  shows: { order: "ascending", ending: "clear" },
  run: async (cell) => returns(cell, await runContainer(cell)),
  figures: [{
    title:
      "Resident memory of a map, phase by phase, by the order of its keys.",
    table: SAMPLES,
    x: "phase",
    y: "resident_bytes",
    series: "allocator",
    mark: "bar",
    facet: "order",
    where: { ending: "clear" },
  }],
};
