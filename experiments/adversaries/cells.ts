/**
 * Memory in cells, as the worst-case literature has it: a block of c cells
 * takes c cells, and the heap is as long as the highest end that a live block
 * ever had.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import { type Allocator, NULL } from "../../allocators/allocator.ts";
import type { Player } from "../replay/replay.ts";
import type { Tiling } from "./tiling.ts";

/** A request was refused: the adversary has all that the memory has. */
export class Exhausted extends RangeError {
  /** The class name, for reports. */
  override name = "Exhausted";
}

/** A player that counts in cells. */
export class Cells {
  readonly #player: Player;
  readonly #heap: Pick<Allocator, "isMapped">;
  readonly #tiling: Tiling;
  /** Live cells. */
  live = 0;
  // Lowest start and highest end of a live block ever, from the origin on.
  #low = 0;
  #high = 0;
  // Live cells in mappings of their own, which lie anywhere, and their peak.
  #mapped = 0;
  #mostMapped = 0;
  // Cells of the block in each slot; valid while it is live.
  #length = new Float64Array(1024);

  /** Plays on `heap`, whose cells are as `tiling` says. */
  constructor(
    player: Player,
    heap: Pick<Allocator, "isMapped">,
    tiling: Tiling,
  ) {
    this.#player = player;
    this.#heap = heap;
    this.#tiling = tiling;
  }

  /** Length of the heap in cells; blocks that are mapped add what they hold at once. */
  get reached(): number {
    return this.#high - this.#low + this.#mostMapped;
  }

  /** The slot of a new block of `cells` cells; throws {@linkcode Exhausted}. */
  malloc(cells: number): number {
    const { unit, overhead, origin } = this.#tiling;
    const slot = this.#player.malloc(Math.max(1, cells * unit - overhead));
    const address = this.#player.addressOf(slot);
    if (slot >= this.#length.length) this.#grow(slot);
    this.#length[slot] = cells;
    if (address === NULL) {
      throw new Exhausted(`No room for ${plural(cells, "cell")}`);
    }
    this.live += cells;
    if (this.#isMapped(address)) {
      this.#mapped += cells;
      this.#mostMapped = Math.max(this.#mostMapped, this.#mapped);
    } else {
      const start = (address - origin) / unit;
      if (start < this.#low) this.#low = start;
      if (start + cells > this.#high) this.#high = start + cells;
    }
    return slot;
  }

  /** Frees the block in `slot`. */
  free(slot: number): void {
    const cells = this.length(slot);
    this.live -= cells;
    if (this.#isMapped(this.#player.addressOf(slot))) this.#mapped -= cells;
    this.#player.free(slot);
  }

  /** Where the block in `slot` starts: cells above the origin. */
  start(slot: number): number {
    const { unit, origin } = this.#tiling;
    return (this.#player.addressOf(slot) - origin) / unit;
  }

  /** Cells of the block in `slot`. */
  length(slot: number): number {
    return this.#length[slot]!;
  }

  #grow(slot: number): void {
    const longer = new Float64Array(2 * slot);
    longer.set(this.#length);
    this.#length = longer;
  }

  #isMapped(address: number): boolean {
    return this.#heap.isMapped?.(address) ?? false;
  }
}
