/**
 * Online against offline: buffers whose lifetimes a compiler knows beforehand,
 * placed by policies that learn of them one at a time.
 *
 * The bound is what a solver that sees all of them needs, or else what is most
 * live. A cell is a byte, and a block is as long as the buffer that it holds:
 * of an allocator with headers it is asked that much less.
 *
 * @module
 */
import { ADVERSARY_COLUMNS, adversaryCell } from "../../adversaries/game.ts";
import {
  type Cell,
  type Claim,
  type Experiment,
  meanOf,
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

/** What stands for the law of our own. */
const NO_FILE = "none";
/** Steps of the law of our own. */
const STEPS = 100;
/** Every so manieth buffer is looked at when it comes and when it goes. */
const EVERY = 5;

/** Highest end by file: first fit, best fit. */
const ANCHORS: Record<string, [firstFit: number, bestFit: number]> = {
  "A.1048576.csv": [1_608_704, 1_837_056],
  "F.1048576.csv": [1_277_952, 1_281_024],
};

function claim(
  id: string,
  policy: "first_fit" | "best_fit",
  file: string,
  value: number,
): Claim {
  return {
    id,
    statement: `${file}, ${policy} online: ${value} bytes, offline 1048576.`,
    source: "google/minimalloc; numbers by simulation",
    measured: (cells) =>
      meanOf(
        cells.filter(({ parameters }) =>
          `${parameters.file}`.split("/").at(-1) === file
        ),
        "reached_cells",
        { allocator: pure(policy) },
      ),
    expected: { value, tolerance: 0 },
  };
}

/** The declaration. */
export const minimalloc: Experiment = {
  name: "minimalloc",
  question: "How much does it cost not to know what comes next?",
  claims: Object.entries(ANCHORS).flatMap(([file, [firstFit, bestFit]]) => {
    const id = `minimalloc-${file[0]!.toLowerCase()}`;
    return [
      claim(id, "first_fit", file, firstFit),
      claim(`${id}-best-fit`, "best_fit", file, bestFit),
    ];
  }),
  allocators: ["first_fit", "best_fit", "next_fit", "worst_fit"].map(pure),
  parameters: {
    file: {
      summary:
        "id,lower,upper,size as github.com/google/minimalloc publishes " +
        "them (Apache-2.0), A.1048576.csv; none: buffers of 100 random steps",
      values: { default: [NO_FILE] },
    },
  },
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
      name: file === NO_FILE ? "step_buffers" : file.split("/").at(-1)!,
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
