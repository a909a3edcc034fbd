/**
 * Three buddy systems on a full memory: the finer the lengths of blocks, the
 * less is lost inside them and the more between them.
 *
 * Measured at the instants at which memory refuses a request, after the
 * warm-up.
 *
 * @module
 */
import { ratio } from "../../measures/columns.ts";
import { parseLaw } from "../../laws/distributions.ts";
import {
  type Claim,
  type Experiment,
  meanOf,
} from "../../experiment/experiment.ts";
import { measuresOf } from "../../experiment/outcome.ts";
import { prng } from "../../laws/prng.ts";
import { Player, Session } from "../../replay/replay.ts";
import { saturate } from "../../adversaries/saturated.ts";

const SYSTEMS = {
  binary: "buddy:page=1:orders=17:pages=65536:pick=lowest",
  fibonacci: "fibonacci_buddy:page=1:top=75025:pages=75025:pick=lowest",
  weighted: "weighted_buddy:page=1:top=65536:pages=65536:pick=lowest",
};
const STEPS = 150_000;
const WARM_UP = 100_000;
const MEASURES = ["inside_percent", "between_percent", "unused_percent"];

/** `MEASURES` by system and law. */
const ANCHORS: [keyof typeof SYSTEMS, string, number[]][] = [
  ["binary", "uniform:1:1024", [25.0, 3.83, 27.87]],
  ["binary", "exp:256", [30.57, 13.4, 39.86]],
  ["fibonacci", "uniform:1:1024", [20.6, 9.51, 28.15]],
  ["weighted", "uniform:1:1024", [14.22, 22.24, 33.3]],
  ["weighted", "exp:256", [16.68, 21.83, 34.86]],
];

const claims = ANCHORS.flatMap(([system, sizes, values]) => {
  const law = sizes === "exp:256" ? "exp256" : sizes.replaceAll(":", "-");
  return MEASURES.map((measure, i): Claim => ({
    // The anchor itself is the total; its parts have its name and theirs.
    id: `pn-${system}-${law}` + ["-inside", "-between", ""][i],
    statement: `${system} buddy, sizes ${sizes}: ${values[i]} % of the ` +
      ["blocks", "memory", "memory"][i] + " is " +
      ["lost inside.", "in no block.", "unused in all."][i],
    source: "after Peterson and Norman 1977; numbers by simulation",
    measured: (cells) =>
      meanOf(cells, measure, {
        allocator: SYSTEMS[system],
        sizes,
        steps: STEPS,
        warm_up: WARM_UP,
      }),
    expected: { value: values[i]!, tolerance: 1 },
  }));
});

/** The declaration. */
export const petersonNorman: Experiment = {
  name: "peterson_norman",
  question: "Do finer lengths of blocks waste less memory?",
  claims,
  random: true,
  allocators: Object.values(SYSTEMS),
  parameters: {
    sizes: {
      summary: "law of the sizes, pages of one byte",
      values: { default: ["uniform:1:1024", "exp:256"] },
    },
    steps: {
      summary: "requests",
      values: { quick: [10_000], default: [STEPS] },
    },
    warm_up: {
      summary: "requests before the first that is measured",
      values: { quick: [5000], default: [WARM_UP] },
    },
  },
  columns: [
    ratio("inside_percent", "1 - requested/allocated, mean over refusals."),
    ratio("between_percent", "1 - allocated/memory, mean over refusals."),
    ratio("unused_percent", "1 - requested/memory, mean over refusals."),
  ],
  headline: MEASURES,
  run(cell) {
    const { heap, source } = cell.heap();
    const session = new Session(heap, source);
    const warmUp = cell.number("warm_up");
    const sizes = parseLaw(cell.text("sizes"));
    let [inside, between, unused, times] = [0, 0, 0, 0];
    saturate(
      new Player(session),
      { sizes, steps: cell.number("steps") },
      prng(cell.seed),
      (step) => {
        if (step < warmUp) return;
        const { allocated, footprint } = heap.usage();
        inside += 1 - session.requested / allocated;
        between += 1 - allocated / footprint;
        unused += 1 - session.requested / footprint;
        times++;
      },
    );
    const samples = [session.sample()];
    return {
      workload: `saturated ${sizes.name}`,
      samples,
      measures: {
        ...measuresOf(session, samples),
        inside_percent: 100 * inside / times,
        between_percent: 100 * between / times,
        unused_percent: 100 * unused / times,
      },
    };
  },
  figures: [{
    title: "Share of memory not in use when a request is refused.",
    table: "summary",
    x: "allocator",
    y: "unused_percent",
    series: "sizes",
    mark: "bar",
  }],
};
