/**
 * Programs with threads, one request at a time: what strands memory in arenas.
 *
 * @module
 */
import { Op, type Trace, TraceBuilder } from "../traces/trace.ts";
import type { Prng } from "../laws/prng.ts";

const KIB = 1024;
const MIB = 2 ** 20;

/** A program of threads in the making. */
class Program {
  readonly trace = new TraceBuilder();
  #running = 0;

  /** The following requests are made by `thread`. */
  as(thread: number): TraceBuilder {
    if (thread !== this.#running) {
      this.#running = thread;
      this.trace.append(Op.THREAD, thread, 0, 0);
    }
    return this.trace;
  }

  /** `thread` ends. */
  end(thread: number): void {
    this.trace.append(Op.THREAD_END, thread, 0, 0);
    if (thread === this.#running) this.#running = 0;
  }

  /** The main thread gives back what it can. */
  trim(): void {
    this.as(0).append(Op.TRIM, -1, 0, 0);
    this.trace.phase("trimmed");
  }
}

/**
 * Threads of a server, in turn: each holds up to `held` buffers of 16 bytes to
 * 16 KiB and replaces them `turns` times. Then all are freed, then the threads
 * end, then the main thread trims.
 */
export function server(
  threads: number,
  held: number,
  turns: number,
  draw: Prng,
): Trace {
  const program = new Program();
  const buffers = Array.from({ length: threads }, () => [] as number[]);
  const size = () => Math.floor(2 ** (4 + 10 * draw()));
  for (let turn = 0; turn < held * turns; turn++) {
    for (let t = 0; t < threads; t++) {
      const trace = program.as(t + 1);
      const mine = buffers[t]!;
      if (mine.length === held) {
        const k = draw.below(held);
        trace.free(mine[k]!);
        mine[k] = trace.malloc(size());
      } else mine.push(trace.malloc(size()));
    }
  }
  program.trace.phase("loaded");
  buffers.forEach((mine, t) => {
    for (const slot of mine) program.as(t + 1).free(slot);
  });
  program.trace.phase("freed");
  for (let t = 1; t <= threads; t++) program.end(t);
  program.trace.phase("ended");
  program.trim();
  return program.trace.build(`server threads=${threads}`);
}

/**
 * Jobs that go round `workers` threads: each takes 30 MiB in blocks of 1 KiB,
 * keeps a result of 64 bytes, and frees the 30 MiB.
 */
export function baton(workers: number, jobs: number): Trace {
  const program = new Program();
  for (let job = 0; job < jobs; job++) {
    const trace = program.as(1 + job % workers);
    const blocks = Array.from(
      { length: 30 * KIB },
      () => trace.malloc(KIB - 16),
    );
    trace.malloc(64);
    for (const slot of blocks) trace.free(slot);
    if (job === 0) trace.phase("first");
  }
  program.trace.phase("loaded");
  program.trim();
  return program.trace.build(`baton workers=${workers}`);
}

/**
 * Threads that take 50 MiB each in blocks of 100 kB, free them and end; before
 * them the main thread frees a mapped `buffer`, which raises the thresholds.
 */
export function ended(threads: number, buffer: number): Trace {
  const program = new Program();
  if (buffer > 0) {
    const trace = program.as(0);
    trace.free(trace.malloc(buffer));
  }
  const blocks = Array.from({ length: threads }, () => [] as number[]);
  for (let k = 0; k < Math.floor(50 * MIB / 100_000); k++) {
    for (let t = 0; t < threads; t++) {
      blocks[t]!.push(program.as(t + 1).malloc(100_000));
    }
  }
  program.trace.phase("loaded");
  blocks.forEach((mine, t) => {
    for (const slot of mine) program.as(t + 1).free(slot);
  });
  for (let t = 1; t <= threads; t++) program.end(t);
  program.trace.phase("ended");
  program.trim();
  return program.trace.build(`ended threads=${threads}`);
}

/** `threads` threads that make a request each, in order, and none ends. */
export function arrivals(threads: number): Trace {
  const program = new Program();
  for (let t = 1; t <= threads; t++) program.as(t).malloc(100);
  program.trace.phase("loaded");
  return program.trace.build(`arrivals threads=${threads}`);
}
