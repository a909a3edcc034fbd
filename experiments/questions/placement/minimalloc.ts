/**
 * Online against offline: buffers whose lifetimes a compiler knows in advance,
 * placed by policies that see them one at a time.
 *
 * The bound is the capacity that a solver needs which sees all of them, or else
 * the most live bytes. A cell is a byte, and a block is as long as the buffer
 * that it holds: an allocator with headers is asked for that much less.
 *
 * @module
 */
import { ADVERSARY_COLUMNS, adversaryCell } from "../../adversaries/game.ts";
import { exactly, mean } from "../../experiment/claims.ts";
import {
  type Cell,
  type Claim,
  type Experiment,
  SAMPLES,
} from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import { prng } from "../../laws/prng.ts";
import {
  type Buffer,
  capacityIn,
  eventsOf,
  mostLive,
  readBuffers,
} from "../../traces/lifetimes.ts";
import { stepBuffers } from "../../workloads/buffers.ts";

/** The value of `file` for random buffers. */
const NO_FILE = "none";
/** Steps of the computation that random buffers belong to. */
const STEPS = 100;
/** A sample is taken at the birth and death of every so manieth buffer. */
const EVERY = 5;

/** Highest end by file: first fit, best fit. */
const ANCHORS: Record<string, [firstFit: number, bestFit: number]> = {
  "A.1048576.csv": [1_608_704, 1_837_056],
  "F.1048576.csv": [1_277_952, 1_281_024],
};

function nameOf(path: string): string {
  return path.split("/").at(-1)!.replace(/\.gz$/, "");
}

function claim(id: string, policy: string, file: string, value: number): Claim {
  return {
    id,
    statement:
      `For the buffers of ${file}, ${policy.replace("_", " ")}, which ` +
      `sees them one at a time, needs ${value} bytes; a solver that sees all ` +
      "of them needs 1048576.",
    source: "google/minimalloc; numbers by simulation",
    measured: mean("reached_cells", {
      allocator: pure(policy),
      file: (path) => nameOf(`${path}`) === file,
    }),
    expected: exactly(value),
    needs: { file: `FOLDER/${file}` },
  };
}

/** The declaration. */
export const minimalloc: Experiment = {
  name: "minimalloc",
  question: "What does it cost not to know which requests will follow?",
  claims: Object.entries(ANCHORS).flatMap(([file, [firstFit, bestFit]]) => {
    const id = `minimalloc-${file[0]!.toLowerCase()}`;
    return [
      claim(id, "first_fit", file, firstFit),
      claim(`${id}-best-fit`, "best_fit", file, bestFit),
    ];
  }),
  random: ({ file }) => file === NO_FILE,
  allocators: ["first_fit", "best_fit", "next_fit", "worst_fit"].map(pure),
  parameters: {
    file: {
      summary: "file of id,lower,upper,size as github.com/google/minimalloc " +
        "publishes them, e.g. A.1048576.csv; none: random buffers",
      values: { default: [NO_FILE] },
    },
  },
  files: ["file"],
  columns: ADVERSARY_COLUMNS,
  headline: [
    "bound_cells",
    "reached_cells",
    "reached_per_bound",
    "reached_per_live",
  ],
  async run(cell) {
    const file = cell.text("file");
    const buffers = await buffersOf(cell);
    const live = mostLive(buffers);
    return adversaryCell(cell, {
      name: file === NO_FILE ? "step_buffers" : nameOf(file),
      unit: 1,
      live,
      bound: capacityIn(file) ?? live,
      play(cells, look) {
        const slots = new Int32Array(buffers.length);
        for (const { buffer, birth } of eventsOf(buffers)) {
          if (birth) slots[buffer] = cells.malloc(buffers[buffer]!.size);
          else cells.free(slots[buffer]!);
          if (buffer % EVERY === 0) look();
        }
      },
    });
  },
  figures: [{
    title: "The heap while buffers come and go.",
    table: SAMPLES,
    x: "op",
    y: "footprint_bytes",
    series: "allocator",
    mark: "line",
  }],
};

async function buffersOf(cell: Cell): Promise<Buffer[]> {
  const file = cell.text("file");
  return file === NO_FILE
    ? stepBuffers(STEPS, prng(cell.seed))
    : await readBuffers(file, () => cell.open(file));
}
