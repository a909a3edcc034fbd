/**
 * Churn in a memory that is always full: each request is repeated, a random
 * object freed before each attempt but the first, until it is served.
 *
 * This is how buddy systems have been compared since J. L. Peterson and T. A.
 * Norman, Buddy Systems, Comm. ACM 20 (1977).
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import type { PageSource } from "../../allocators/pages.ts";
import type { Cell, Outcome } from "../experiment/experiment.ts";
import { measuresOf, SampleSums } from "../experiment/outcome.ts";
import type { Law } from "../laws/distributions.ts";
import { type Prng, prng } from "../laws/prng.ts";
import { Player, Session } from "../replay/replay.ts";

/** What is requested. */
export interface Saturated {
  /** Law of the sizes, bytes. */
  sizes: Law;
  /** Requests. */
  steps: number;
}

/**
 * Plays; `refused` hears of every attempt that fails, with the number of the
 * request. What the empty memory refuses is left out.
 */
function saturate(
  player: Player,
  { sizes, steps }: Saturated,
  draw: Prng,
  refused: (step: number) => void,
): void {
  const size = sizes.sampler(draw.fork("sizes"));
  const victims = draw.fork("victims");
  // Slots of the live objects, in any order; valid up to `count`.
  let slots = new Int32Array(1024);
  let count = 0;
  for (let step = 0; step < steps; step++) {
    const bytes = size();
    for (;;) {
      const slot = player.malloc(bytes);
      if (player.has(slot)) {
        if (count === slots.length) slots = doubled(slots);
        slots[count++] = slot;
        break;
      }
      player.free(slot);
      refused(step);
      if (count === 0) break;
      const victim = victims.below(count);
      player.free(slots[victim]!);
      slots[victim] = slots[--count]!;
    }
  }
}

/** How a cell is saturated. */
export interface SaturatedRun extends Saturated {
  /** Requests before the first whose refusals count. */
  warmUp: number;
  /** Memory below the heap; flat and its own if not given. */
  source?: PageSource;
}

/**
 * {@linkcode saturate} on a new heap as the cell says; `look` sees the program
 * and its heap at each refusal that counts.
 */
export function saturatedCell(
  cell: Cell,
  { warmUp, source: below, ...saturated }: SaturatedRun,
  look: (session: Session, heap: Allocator) => void,
): { outcome: Outcome; refusals: number } {
  const { heap, source } = cell.heap(undefined, below);
  const session = new Session(heap, source);
  let refusals = 0;
  saturate(new Player(session), saturated, prng(cell.seed), (step) => {
    if (step < warmUp) return;
    refusals++;
    look(session, heap);
  });
  const samples = [session.sample()];
  const measures = measuresOf(session, SampleSums.of(samples));
  return { outcome: { workload: "saturated", samples, measures }, refusals };
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * array.length);
  longer.set(array);
  return longer;
}
