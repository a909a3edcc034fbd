/**
 * A trace that is replayed with pauses, on a heap in an address space.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import type { Spec } from "../../allocators/entry.ts";
import { AddressSpace } from "../../allocators/os/address_space.ts";
import { memoryOf, newHeap } from "../experiment/cell.ts";
import { runRows, Session, type TouchPolicy } from "../replay/replay.ts";
import { Unsuitable } from "../replay/unsuitable.ts";
import type { Block, Trace } from "../traces/trace.ts";

/** Heaps with disorder of their own draw it from this seed. */
const SEED = 1;

/** Who uses which heap, and where that lies. */
export interface Scene {
  heap: Allocator;
  os: AddressSpace;
  session: Session;
}

/** A new heap as `spec` says; `Unsuitable` if it has no address space. */
export function sceneOf(spec: Spec, touch: TouchPolicy): Scene {
  const os = memoryOf(spec);
  if (!(os instanceof AddressSpace)) {
    throw new Unsuitable(
      `${spec.text} has memory of its own: nothing of it is resident or not`,
    );
  }
  const { heap } = newHeap(spec, SEED, os);
  return { heap, os, session: new Session(heap, os, { touch }) };
}

/** What happens during a replay. */
export interface Listener {
  /** The number of operations at which to pause next; Infinity: never. */
  next(): number;
  /** Is called there; true ends the replay. */
  pause(): boolean | void;
  /** Hears of rows `from` .. `to` - 1 of `block`, which have been performed. */
  rows?: (block: Block, from: number, to: number) => void;
}

/** Replays `trace` in `session`. */
export async function play(
  trace: Trace,
  session: Session,
  listener: Listener,
): Promise<void> {
  for await (const block of trace.blocks()) {
    for (let from = 0; from < block.length;) {
      const to = Math.min(block.length, from + listener.next() - session.op);
      runRows(trace, session, block, from, to);
      listener.rows?.(block, from, to);
      from = to;
      while (session.op === listener.next()) if (listener.pause()) return;
    }
  }
}

/** Pauses at each of `stops`, ascending numbers of operations above 0. */
export class Stops implements Listener {
  /** Stops behind us. */
  passed = 0;
  readonly #stops: readonly number[];
  readonly #pause: (i: number) => boolean | void;

  readonly rows?: Listener["rows"];

  /** `pause` is called with the number of the stop; true ends the replay. */
  constructor(
    stops: readonly number[],
    pause: (i: number) => boolean | void,
    rows?: Listener["rows"],
  ) {
    if (rows) this.rows = rows;
    this.#stops = stops;
    this.#pause = pause;
  }

  next(): number {
    return this.#stops[this.passed] ?? Infinity;
  }

  pause(): boolean | void {
    return this.#pause(this.passed++);
  }
}
