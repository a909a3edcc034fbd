/**
 * The game of an adversary against **all** allocators that do not move blocks,
 * on a heap of S cells, solved exactly.
 *
 * The adversary requests blocks of given sizes and frees any, with at most
 * `most` live cells; the allocator chooses where they go. A placement is lost
 * for the allocator if some free leads to a lost one, or if some request leads
 * to lost ones wherever it is put, or cannot be put at all: the least fixpoint
 * of these rules, found backward from the placements that refuse a request.
 * After D. E. Knuth, TAOCP vol. 1, section 2.5, exercise 38, and J. M. Robson
 * (1971), who ask for the least heap that serves everything.
 *
 * Placements are numbered without gaps: reading cells from the left, each
 * decision (free, or a block of size i) skips the placements of the smaller
 * ones. A free cell skips none, so the number of a placement is the sum of one
 * weight per block, and every move of the game is an addition. A placement and
 * its mirror image are one state, the smaller of their numbers.
 *
 * @module
 */

/** Cells of the longest heap: a placement's occupied cells are bits of a word. */
const MOST_CELLS = 30;
/** Most placements of a game; a state is a byte, and four while it is open. */
const MOST_PLACEMENTS = 2 ** 27;

/** What the adversary does next: asks for sizes[request], or frees the block at `start`. */
export type Move = { request: number } | { start: number };

/** A block of sizes[size] cells from `start` on. */
export interface Placed {
  start: number;
  size: number;
}

/** The game on a heap of `cells` cells. */
export class HeapGame {
  /** Block sizes, ascending; those above `most` can never be asked for. */
  readonly sizes: readonly number[];
  readonly #most: number;
  /** Cells of the heap. */
  readonly cells: number;
  /** Number of placements. */
  readonly placements: number;
  // [start * sizes + size]: what a block adds to the number of a placement and
  // to that of its mirror image.
  readonly #weight: Int32Array;
  readonly #mirror: Int32Array;
  // [k]: placements of k cells.
  readonly #count: Float64Array;
  // One byte per state: 0 not lost (so far), 1 + i: lost, ask for size i;
  // 1 + sizes + start: lost, free the block there. The move leads to states
  // that were lost before, so following moves comes to an end.
  readonly #move: Uint8Array;
  // Lost states in the order in which they were found.
  #queue = new Int32Array(1024);
  #found = 0;
  // The placement being looked at: block b has #size[b] and starts at #start[b].
  readonly #start = new Int32Array(MOST_CELLS);
  readonly #size = new Int32Array(MOST_CELLS);
  #blocks = 0;

  /** Solves the game; throws `RangeError` if it is too large. */
  constructor(sizes: readonly number[], most: number, cells: number) {
    this.sizes = [...new Set(sizes)].filter((size) => size <= most)
      .sort((a, b) => a - b);
    this.#most = most;
    this.cells = cells;
    if (cells > MOST_CELLS) {
      throw new RangeError(`The game has ${cells} cells, not <= ${MOST_CELLS}`);
    }
    const kinds = this.sizes.length;
    this.#count = new Float64Array(cells + 1);
    this.#weight = new Int32Array(cells * kinds);
    this.#mirror = new Int32Array(cells * kinds);
    this.#count[0] = 1;
    for (let k = 1; k <= cells; k++) {
      let skipped = this.#count[k - 1]!;
      this.sizes.forEach((size, i) => {
        if (size > k) return;
        const start = cells - k;
        this.#weight[start * kinds + i] = skipped;
        this.#mirror[(cells - start - size) * kinds + i] = skipped;
        skipped += this.#count[k - size]!;
      });
      this.#count[k] = skipped;
    }
    this.placements = this.#count[cells]!;
    if (this.placements > MOST_PLACEMENTS) {
      throw new RangeError(
        `The game has ${this.placements} placements, at most ${MOST_PLACEMENTS} ` +
          "can be solved: fewer cells n or larger sizes are expected",
      );
    }
    this.#move = new Uint8Array(this.placements);
    this.#refusals(0, 0, 0, 0, 0);
    for (let i = 0; i < this.#found; i++) this.#spread(this.#queue[i]!);
  }

  /** Whether the adversary wins from the empty heap: `cells` are too few. */
  get lost(): boolean {
    return this.#move[0] !== 0;
  }

  /** The winning move at a placement; undefined if the allocator can hold out. */
  moveAt(blocks: readonly Placed[]): Move | undefined {
    const kinds = this.sizes.length;
    let [number, mirrored] = [0, 0];
    for (const { start, size } of blocks) {
      number += this.#weight[start * kinds + size]!;
      mirrored += this.#mirror[start * kinds + size]!;
    }
    const move = this.#move[Math.min(number, mirrored)]!;
    if (move === 0) return undefined;
    if (move <= kinds) return { request: move - 1 };
    const at = move - 1 - kinds;
    if (number <= mirrored) return { start: at };
    // The block that lies at `at` in the mirror.
    return blocks.find(({ start, size }) =>
      this.cells - start - this.sizes[size]! === at
    );
  }

  /** Marks every state that has no room for some request; by recursion from cell `at` on. */
  #refusals(
    at: number,
    number: number,
    mirrored: number,
    occupied: number,
    live: number,
  ): void {
    const kinds = this.sizes.length;
    if (at === this.cells) {
      if (number > mirrored) return;
      for (let i = 0; i < kinds; i++) {
        const size = this.sizes[i]!;
        if (live + size > this.#most) break;
        if (!this.#hasRoom(occupied, size)) {
          this.#lose(number, number, 1 + i);
          break;
        }
      }
      return;
    }
    this.#refusals(at + 1, number, mirrored, occupied, live);
    for (let i = 0; i < kinds; i++) {
      const size = this.sizes[i]!;
      if (at + size > this.cells || live + size > this.#most) break;
      this.#refusals(
        at + size,
        number + this.#weight[at * kinds + i]!,
        mirrored + this.#mirror[at * kinds + i]!,
        occupied | run(size) << at,
        live + size,
      );
    }
  }

  #hasRoom(occupied: number, size: number): boolean {
    const block = run(size);
    for (let at = 0; at + size <= this.cells; at++) {
      if ((occupied & block << at) === 0) return true;
    }
    return false;
  }

  /** Marks a state, if it is new; the moves of its mirror image are mirrored. */
  #lose(number: number, mirrored: number, move: number): void {
    const state = number < mirrored ? number : mirrored;
    if (this.#move[state] !== 0) return;
    this.#move[state] = move;
    if (this.#found === this.#queue.length) {
      const longer = new Int32Array(2 * this.#found);
      longer.set(this.#queue);
      this.#queue = longer;
    }
    this.#queue[this.#found++] = state;
  }

  /** Marks the states that a free leads from to `state`, and requests that now must. */
  #spread(state: number): void {
    const { sizes } = this;
    const kinds = sizes.length;
    const cells = this.cells;
    this.#read(state);
    let [mirrored, occupied, live] = [0, 0, 0];
    for (let b = 0; b < this.#blocks; b++) {
      const size = sizes[this.#size[b]!]!;
      mirrored += this.#mirror[this.#start[b]! * kinds + this.#size[b]!]!;
      occupied |= run(size) << this.#start[b]!;
      live += size;
    }
    for (let i = 0; i < kinds; i++) {
      const size = sizes[i]!;
      if (live + size > this.#most) break;
      for (let at = 0; at + size <= cells; at++) {
        if ((occupied & run(size) << at) !== 0) continue;
        const number = state + this.#weight[at * kinds + i]!;
        const image = mirrored + this.#mirror[at * kinds + i]!;
        const start = number <= image ? at : cells - at - size;
        this.#lose(number, image, 1 + kinds + start);
      }
    }
    for (let b = 0; b < this.#blocks; b++) {
      const start = this.#start[b]!;
      const i = this.#size[b]!;
      const number = state - this.#weight[start * kinds + i]!;
      const image = mirrored - this.#mirror[start * kinds + i]!;
      if (this.#move[number < image ? number : image] !== 0) continue;
      const rest = occupied & ~(run(sizes[i]!) << start);
      if (this.#mustLose(number, image, rest, i)) {
        this.#lose(number, image, 1 + i);
      }
    }
  }

  /** Whether a request of sizes[i] leads to lost states wherever it is put. */
  #mustLose(number: number, mirrored: number, occupied: number, i: number) {
    const kinds = this.sizes.length;
    const size = this.sizes[i]!;
    const block = run(size);
    for (let at = 0; at + size <= this.cells; at++) {
      if ((occupied & block << at) !== 0) continue;
      const next = number + this.#weight[at * kinds + i]!;
      const image = mirrored + this.#mirror[at * kinds + i]!;
      if (this.#move[next < image ? next : image] === 0) return false;
    }
    return true;
  }

  /** Takes the number of a placement apart into its blocks. */
  #read(number: number): void {
    this.#blocks = 0;
    const kinds = this.sizes.length;
    for (let at = 0; at < this.cells;) {
      // The last decision at this cell that skips no more than `number`.
      let i = kinds - 1;
      while (
        i >= 0 &&
        (at + this.sizes[i]! > this.cells ||
          this.#weight[at * kinds + i]! > number)
      ) i--;
      if (i < 0) at++;
      else {
        number -= this.#weight[at * kinds + i]!;
        this.#start[this.#blocks] = at;
        this.#size[this.#blocks++] = i;
        at += this.sizes[i]!;
      }
    }
  }
}

/** The lowest `size` bits. */
function run(size: number): number {
  return 2 ** size - 1;
}

/** What a game of any length ends with. */
export interface Solved {
  /** Cells of the least heap that serves everything. */
  optimum: number;
  /** The game on a heap one cell shorter, which the adversary wins. */
  shorter: HeapGame;
}

/** The least heap for blocks of `sizes`, one of them at most `most` live cells long. */
export function solve(sizes: readonly number[], most: number): Solved {
  let shorter = new HeapGame(sizes, most, most - 1);
  for (let cells = most;; cells++) {
    const game = new HeapGame(sizes, most, cells);
    if (!game.lost) return { optimum: cells, shorter };
    shorter = game;
  }
}
