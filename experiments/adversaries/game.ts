/**
 * A cell in which an adversary plays: what it drove the heap to, beside the
 * bound of theory.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import type { PageSource } from "../../allocators/pages.ts";
import { Cells, Exhausted } from "./cells.ts";
import { type Column, count, ratio, type Sample } from "../measures/columns.ts";
import type { Cell, Outcome } from "../experiment/experiment.ts";
import { measuresOf, SampleSums } from "../experiment/outcome.ts";
import { Player, Session } from "../replay/replay.ts";
import { tilingOf } from "./tiling.ts";
import type { TraceBuilder } from "../traces/trace.ts";

/** The measures of {@linkcode adversaryCell}. */
export const ADVERSARY_COLUMNS: readonly Column[] = [
  count("unit_bytes", "byte", "Bytes of a cell."),
  count("live_cells", "cell", "Most cells that may be live at once."),
  count("bound_cells", "cell", "Length of the heap that theory predicts."),
  ratio("reached_cells", "Length of the heap that was reached, in cells."),
  ratio(
    "reached_per_bound",
    "Length that was reached over the length that theory predicts.",
  ),
  ratio(
    "reached_per_live",
    "Length that was reached over the most live cells.",
  ),
];

/** A game as an adversary plays it. */
export interface Game {
  /** Name of the adversary. */
  name: string;
  /** Bytes of a cell; 0: as the allocator's blocks need. */
  unit: number;
  /** Most live cells. */
  live: number;
  /** Cells that the heap must reach, by theory. */
  bound: number;
  /** Plays; `look` takes a sample. */
  play(cells: Cells, look: () => void): void;
}

/** What is left when an adversary has played. */
export interface Played {
  /** The program that it was. */
  session: Session;
  /** Bytes of a cell. */
  unit: number;
  /** Length of the heap in cells. */
  reached: number;
  /** At least one, at the end. */
  samples: Sample[];
}

/**
 * Lets an adversary play on a heap that `fresh` makes, to its end or that of
 * memory; what it requests goes into `record`.
 */
export function playGame(
  fresh: () => { heap: Allocator; source: PageSource },
  game: Game,
  record?: TraceBuilder,
): Played {
  const { heap, source } = fresh();
  const tiling = tilingOf(() => fresh().heap, game.unit);
  const session = new Session(heap, source);
  const cells = new Cells(new Player(session, record), heap, tiling);
  const samples: Sample[] = [];
  const look = () => samples.push(session.sample());
  try {
    game.play(cells, look);
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error;
  }
  if (samples.at(-1)?.op !== session.op) look();
  return {
    session,
    unit: tiling.unit,
    reached: cells.reached,
    samples,
  };
}

/** Lets an adversary play on a new heap as the cell says. */
export function adversaryCell(cell: Cell, game: Game): Outcome {
  const { session, unit, reached, samples } = playGame(
    () => cell.heap(),
    game,
    cell.record?.(),
  );
  return {
    workload: game.name,
    samples,
    measures: {
      ...measuresOf(session, SampleSums.of(samples)),
      unit_bytes: unit,
      live_cells: game.live,
      bound_cells: game.bound,
      reached_cells: reached,
      reached_per_bound: reached / game.bound,
      reached_per_live: reached / game.live,
    },
  };
}
