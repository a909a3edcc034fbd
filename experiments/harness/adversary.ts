/**
 * A cell in which an adversary plays: what it drove the heap to, beside the
 * bound of theory.
 *
 * @module
 */
import { Cells, Exhausted } from "./cells.ts";
import { type Column, count, ratio, type Sample } from "./columns.ts";
import type { Cell, Outcome } from "./experiment.ts";
import { measuresOf } from "./outcome.ts";
import { Player, Session } from "./replay.ts";
import { tilingOf } from "./tiling.ts";

/** The measures of {@linkcode adversaryCell}. */
export const ADVERSARY_COLUMNS: readonly Column[] = [
  count("unit_bytes", "byte", "Bytes of a cell."),
  count("live_cells", "cell", "Most live cells the adversary may have."),
  count("bound_cells", "cell", "What theory says the heap must reach."),
  ratio("reached_cells", "Highest end of a live block ever, in cells."),
  ratio("reached_per_bound", "reached/bound."),
  ratio("reached_per_live", "reached/most live cells: the factor of waste."),
];

/** What an adversary is up to. */
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

/** Lets an adversary play on a new heap as the cell says. */
export function adversaryCell(cell: Cell, game: Game): Outcome {
  const { heap, source } = cell.heap();
  const tiling = tilingOf(() => cell.heap().heap, game.unit);
  const session = new Session(heap, source);
  const cells = new Cells(new Player(session), heap, tiling);
  const samples: Sample[] = [];
  const look = () => samples.push(session.sample());
  playOut(() => game.play(cells, look));
  if (samples.at(-1)?.op !== session.op) look();
  const { reached } = cells;
  return {
    workload: game.name,
    samples,
    measures: {
      ...measuresOf(session, samples),
      unit_bytes: tiling.unit,
      live_cells: game.live,
      bound_cells: game.bound,
      reached_cells: reached,
      reached_per_bound: reached / game.bound,
      reached_per_live: reached / game.live,
    },
  };
}

/** Lets `play` go on until it ends, or memory does: that is a result too. */
export function playOut(play: () => void): void {
  try {
    play();
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error;
  }
}
