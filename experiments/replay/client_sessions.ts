/**
 * Replays one trace whose clients use different heaps, as the nodes of a
 * container may come from a pool and its strings from the heap below.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import type { PageSource } from "../../allocators/pages.ts";
import { Pool } from "../../allocators/stl/pool.ts";
import type { Demand } from "../measures/metrics.ts";
import { runRows, Session, type TouchPolicy } from "./replay.ts";
import { type Block, Op, type Trace } from "../traces/trace.ts";

/**
 * What a program asks of `heap`, which lies in `source`: if it is a pool, it
 * serves the client `nodes`, and the heap below it all others.
 */
export function programSessions(
  heap: Allocator,
  source: PageSource,
  touch: TouchPolicy,
): { nodes: Session; direct: Session; sessions: ClientSessions } {
  const session = (heap: Allocator) => new Session(heap, source, { touch });
  const direct = session(heap instanceof Pool ? heap.below : heap);
  const nodes = heap instanceof Pool ? session(heap) : direct;
  const sessions = new ClientSessions((client) =>
    client === "nodes" ? nodes : direct
  );
  return { nodes, direct, sessions };
}

/**
 * One program with a session per client. A slot is allocated and freed by the
 * same client; what is requested before the first mark is nobody's, `""`.
 */
export class ClientSessions implements Demand {
  readonly #sessionOf: (client: string) => Session;
  readonly #sessions = new Map<string, Session>();
  #current: Session;

  /** `sessionOf` names the session of each client; several can share one. */
  constructor(sessionOf: (client: string) => Session) {
    this.#sessionOf = sessionOf;
    this.#current = this.#session("");
  }

  get op(): number {
    return this.#sum("op");
  }

  get clock(): number {
    return this.#sum("clock");
  }

  get requested(): number {
    return this.#sum("requested");
  }

  get live(): number {
    return this.#sum("live");
  }

  get failures(): number {
    return this.#sum("failures");
  }

  /** Replays `trace`; `phase` is called at each mark, with its name. */
  async replay(trace: Trace, phase: (name: string) => void): Promise<void> {
    for await (const block of trace.blocks()) {
      for (let from = 0; from < block.length;) {
        from = this.perform(trace, block, from, block.length);
        if (block.op[from - 1] === Op.PHASE) {
          phase(trace.names[block.slot[from - 1]!]!);
        }
      }
    }
  }

  /** Performs rows from `from` on, up to `end` or behind a mark; the next row. */
  perform(trace: Trace, block: Block, from: number, end: number): number {
    const to = Math.min(end, this.#mark(block, from) + 1);
    runRows(trace, this.#current, block, from, to);
    if (block.op[to - 1] === Op.CLIENT) {
      this.#current = this.#session(trace.names[block.slot[to - 1]!]!);
    }
    return to;
  }

  /** Row of the next mark from `from` on, else the last row. */
  #mark(block: Block, from: number): number {
    const { op, length } = block;
    while (from < length && op[from]! < Op.PHASE) from++;
    return Math.min(from, length - 1);
  }

  #session(client: string): Session {
    const session = this.#sessions.get(client) ?? this.#sessionOf(client);
    this.#sessions.set(client, session);
    return session;
  }

  #sum(field: keyof Demand): number {
    let sum = 0;
    for (const session of new Set(this.#sessions.values())) {
      sum += session[field];
    }
    return sum;
  }
}
