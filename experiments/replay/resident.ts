/**
 * What a heap has resident while a program runs on it, as it is measured of
 * real processes: since before the first request, payload written.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import type { PageSource } from "../../allocators/pages.ts";
import type { Sample } from "../measures/columns.ts";
import type { Trace } from "../traces/trace.ts";
import { replay, Session } from "./replay.ts";

/** An instant of a run. */
export interface Instant {
  /** Operations done. */
  op: number;
  /** Bytes that the program holds, as requested. */
  live: number;
  /** Resident bytes, those before the first operation taken off. */
  resident: number;
  /** Minor page faults since then. */
  faults: number;
}

/** Requests of a little work after all is freed, and bytes written to each. */
const WORK = 10_000;
const WRITTEN = 16;

/** A program on a heap. Where no page table is below, the footprint counts. */
export class ResidentRun {
  readonly session: Session;
  readonly #heap: Allocator;
  readonly #source: PageSource;
  readonly #start: Sample;

  /** Before the first request. */
  constructor(
    { heap, source }: { heap: Allocator; source: PageSource },
  ) {
    this.#heap = heap;
    this.#source = source;
    this.session = new Session(heap, source, { touch: "all" });
    this.#start = this.session.sample();
  }

  /** Whether there is a page table: else nothing faults. */
  get isPaged(): boolean {
    return this.#start.resident_bytes !== undefined;
  }

  /** Replays `trace`: an instant every so many operations, the first before all. */
  async replay(trace: Trace, every: number): Promise<Instant[]> {
    const curve = [this.#instant(this.#start)];
    const sink = (sample: Sample) => curve.push(this.#instant(sample));
    await replay(trace, this.session, { every, sink });
    return curve;
  }

  /**
   * Frees all, works a little, asks the heap to give free memory back: resident
   * bytes after each. A heap that has no such call has no `purged`.
   */
  release(): { freed: number; work: number; purged?: number } {
    const heap = this.#heap;
    this.session.eachLive((address, bytes) => heap.free(address, bytes));
    const freed = this.#resident();
    for (let i = 0; i < WORK; i++) {
      const size = WRITTEN + i % 64 * 16;
      const address = heap.malloc(size);
      this.#source.touch(address, WRITTEN);
      heap.free(address, size);
    }
    const work = this.#resident();
    if (!heap.control) return { freed, work };
    heap.control.trim(0);
    return { freed, work, purged: this.#resident() };
  }

  #resident(): number {
    return this.#instant(this.session.sample()).resident;
  }

  #instant(sample: Sample): Instant {
    return {
      op: sample.op,
      live: sample.requested_bytes,
      resident: held(sample) - held(this.#start),
      faults: (sample.page_faults ?? 0) - (this.#start.page_faults ?? 0),
    };
  }
}

/** Bytes of a sample that are resident. */
function held({ resident_bytes, footprint_bytes }: Sample): number {
  return resident_bytes ?? footprint_bytes;
}

/** Peak and mean over the live bytes, of a curve. */
export function overLive(
  curve: readonly Instant[],
): { peak: number; mean: number } {
  let [peak, live, residents, lives] = [0, 0, 0, 0];
  for (const instant of curve) {
    peak = Math.max(peak, instant.resident);
    live = Math.max(live, instant.live);
    residents += instant.resident;
    lives += instant.live;
  }
  return { peak: peak / live, mean: residents / lives };
}
