/**
 * Why memory does not come back, in one run through every layer: a program
 * fills a `std::map` and loses its elements beside others on one machine. At
 * each phase every region that is not in use and not given back is named with
 * what keeps it.
 *
 * @module
 */
import { availability } from "../../../allocators/buddy/indexes.ts";
import { PAGE } from "../../../allocators/pages.ts";
import { CAUSE_COLUMNS, heldBytes } from "../../measures/cause_rows.ts";
import { ratio } from "../../measures/columns.ts";
import { freeBlocks } from "../../measures/free_runs.ts";
import {
  above,
  below,
  exactly,
  mean,
  onlyIf,
} from "../../experiment/claims.ts";
import type { Claim, Experiment } from "../../experiment/experiment.ts";
import { FRAME_COLUMNS } from "../../replay/machine_run.ts";
import { atEndOf } from "../../measures/phases.ts";
import { MapAmongOthers, TOP } from "./map_among_others.ts";

const RULES = "glibc 2.36, libstdc++ and Linux 6.12, rules";

/** `measure` of a map that is cleared, under `allocator`. */
function under(allocator: string, measure: string) {
  return mean(measure, { allocator, ending: "clear", order: "ascending" });
}

const claims: Claim[] = [
  {
    id: "map-erase.stack",
    statement:
      "clear() returns nothing: share of the resident memory that the map added.",
    source: RULES,
    measured: under("glibc", "returned_ratio"),
    expected: below(0.01),
    verdict: onlyIf("the heap caches what is freed, or a pool lies between"),
  },
  {
    id: "map-erase.kept-by-fast-bins",
    statement:
      "Right after clear(), fast bins keep what is unused below the top: share " +
      "of it.",
    source: RULES,
    measured: under("glibc", "fast_ratio"),
    expected: above(0.95),
  },
  {
    id: "map-erase.kept-by-tcache",
    statement: "Once fast bins are consolidated, a chunk in the tcache just " +
      "above keeps what is unused below the top: share of it.",
    source: RULES,
    measured: under("glibc", "tcache_ratio"),
    expected: above(0.95),
  },
  {
    id: "stl-allocator.stack",
    statement:
      "After clear() and malloc_trim(0) the pool keeps all that it ever got: " +
      "share of it.",
    source: RULES,
    measured: under("pool", "pool_ratio"),
    expected: exactly(1),
  },
  {
    id: "slab-pin.stack",
    statement: "One open file in 21 keeps all slabs: share that stays.",
    source: RULES,
    measured: under("glibc", "slab_ratio"),
    expected: exactly(1),
  },
  {
    id: "buddy-pin.stack",
    statement:
      "When the program has ended, pages of others keep every top-order block " +
      "that it had frames in from being whole: share of these blocks.",
    source: RULES,
    measured: under("glibc", "denied_ratio"),
    expected: exactly(1),
  },
  {
    id: "buddy-pin.stack-pages",
    statement: "The pages of others that do so are few: share of the pages " +
      "of these blocks.",
    source: RULES,
    measured: under("glibc", "pin_ratio"),
    expected: below(0.1),
  },
];

/** The declaration. */
export const whyNotReturned: Experiment = {
  name: "why_not_returned",
  question: "What keeps each region that nobody uses, layer by layer?",
  claims,
  random: ({ order }) => order === "random",
  allocators: ["glibc", "glibc:tcache_count=0:mxfast=0", "pool", "first_fit"],
  parameters: {
    elements: {
      summary: "elements of the map",
      values: { quick: [10_000], default: [50_000], full: [500_000] },
    },
    order: {
      summary: "order in which keys are inserted",
      values: { quick: ["ascending"], default: ["ascending", "random"] },
    },
    ending: {
      summary: "how the elements go",
      values: { default: ["clear", "half_erase"] },
    },
  },
  columns: [
    ...FRAME_COLUMNS,
    ...CAUSE_COLUMNS,
    ratio(
      "returned_ratio",
      "Share of the resident memory that the map added which is returned when " +
        "its elements go.",
    ),
    ratio(
      "trimmed_ratio",
      "The same share after malloc_trim(0), where there is one.",
    ),
    ratio(
      "fast_ratio",
      "Share of the unused memory below the top that fast bins keep when the " +
        "elements have gone.",
    ),
    ratio(
      "tcache_ratio",
      "The same share for the tcache, after malloc(2000) and its free.",
    ),
    ratio("pool_ratio", "Share of its memory that the pool keeps, unused."),
    ratio("slab_ratio", "Share of the slabs that one file in 21 keeps."),
    ratio("order9_ratio", "Share of free memory that serves order 9 at exit."),
    ratio(
      "denied_ratio",
      "Share of the program's top-order blocks that others pin at exit.",
    ),
    ratio("pin_ratio", "Share of the pages of these blocks that are in use."),
  ],
  headline: ["returned_ratio", "trimmed_ratio", "fast_ratio", "tcache_ratio"],
  async run(cell) {
    const scene = new MapAmongOthers(cell);
    await scene.play();
    const { run: { samples, frames }, causeRows: causes } = scene;
    return {
      workload: "map_among_others",
      samples,
      tables: { frames, causes },
      measures: {
        slab_ratio: scene.slabRatio,
        ...returned(scene),
        ...kept(scene),
        ...pinned(scene),
      },
    };
  },
  figures: [{
    title: "What keeps memory that the program does not use, phase by phase.",
    table: "causes",
    x: "phase",
    y: "held_bytes",
    series: "cause",
    mark: "stack",
    facet: "allocator",
    where: {
      order: "ascending",
      ending: "clear",
      layer: ["app.pool", "app.heap"],
    },
  }],
};

/** The row of `layer` when `phase` first ended. */
function rowOf({ run }: MapAmongOthers, layer: string, phase: string) {
  return atEndOf(phase, run.samples.filter((row) => row.layer === layer));
}

/** How much of the resident memory came back. */
function returned(scene: MapAmongOthers) {
  const resident = (phase: string) =>
    rowOf(scene, "app.address_space", phase).resident_bytes!;
  const grown = (phase: string) => resident(phase) - resident("start");
  return {
    returned_ratio: 1 - grown(scene.ending) / grown("insert"),
    trimmed_ratio: 1 - grown(scene.last) / grown("insert"),
  };
}

/** What the program's own allocators keep. */
function kept(scene: MapAmongOthers) {
  const ofHeap = (phase: string, kind: string) => {
    const below = scene.causes.get(phase)!.filter(({ kind }) => kind !== "top");
    const all = heldBytes(below, "app.heap");
    return all > 0 ? heldBytes(below, "app.heap", kind) / all : 0;
  };
  return {
    fast_ratio: ofHeap(scene.ending, "fast"),
    tcache_ratio: ofHeap("probe", "tcache"),
    pool_ratio: scene.app.process.pool
      ? heldBytes(scene.causes.get(scene.last)!, "app.pool") /
        rowOf(scene, "app.pool", "insert").footprint_bytes
      : 0,
  };
}

/** What others pin of the memory that the program had. */
function pinned({ run, causes, topBlocks }: MapAmongOthers) {
  const denied = causes.get("exit")!.filter(({ layer, address }) =>
    layer === "buddy" && topBlocks.has(address / PAGE >> TOP)
  );
  return {
    order9_ratio: availability(freeBlocks(run.machine.zone), 9),
    denied_ratio: denied.length / topBlocks.size,
    pin_ratio: denied.length > 0
      ? 1 - heldBytes(denied) / (denied.length * PAGE * 2 ** TOP)
      : 0,
  };
}
