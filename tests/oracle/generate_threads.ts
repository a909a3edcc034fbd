/**
 * Random traces of several threads, one kind for each way in which threads use
 * a malloc. The same kind, seed and length always give the same text.
 *
 * @module
 */
import { drawing, huge, power, Writer } from "./generate.ts";

/** Threads that a trace has at once, the main one included. */
const MOST = 60;

/** A trace under construction, and its threads. */
class Program extends Writer {
  /** Threads that have not ended, the main one first. */
  readonly threads: number[] = [0];
  /** Who makes the requests. */
  running = 0;
  readonly #free: number[] = [];
  #next = 1;

  /** The following requests are made by `thread`. */
  run(thread: number): void {
    if (thread === this.running) return;
    this.command(`T ${thread}`);
    this.running = thread;
  }

  /** A new thread runs. */
  start(): void {
    if (this.threads.length >= MOST) return;
    const thread = this.#free.pop() ?? this.#next++;
    this.threads.push(thread);
    this.run(thread);
  }

  /** Some thread but the main one ends. */
  end(): void {
    if (this.threads.length === 1) return;
    const at = 1 + this.draw(this.threads.length - 1);
    const [thread] = this.threads.splice(at, 1);
    this.command(`E ${thread}`);
    this.#free.push(thread!);
    if (this.running === thread) this.running = 0;
  }

  /** Any thread runs. */
  switch(): void {
    this.run(this.threads[this.draw(this.threads.length)]!);
  }

  /** Allocates, or frees when there are more than about `target` objects. */
  churn(target: number, size: () => number | bigint): void {
    if (this.draw(2 * target) >= this.live.length) this.allocate(size());
    else this.free();
  }
}

/** One step of a kind of trace; `progress` runs from 0 to 1. */
type Step = (p: Program, progress: number) => void;

/** A request that cannot be had, just as it is when it is a double. */
const vast = (p: Program) => huge(p) & ~2047n;

/** What a thread can do first. */
function first(p: Program): void {
  switch (p.draw(8)) {
    case 0:
      return p.free();
    case 1:
      return p.realloc(power(p, 16));
    case 2:
      return p.allocate(power(p, 12), "c");
    case 3:
      return p.allocate(power(p, 17), "m", 2 ** p.draw(18));
    case 4:
      return p.command(`t ${power(p, 16)}`);
    case 5:
      return p.command(`o ${p.draw(12) - 8} ${p.draw(100_000)}`);
    case 6:
      return p.allocate(power(p, 27));
    default:
      return p.allocate(power(p, 11));
  }
}

/** Each kind as a step. */
export const THREAD_KINDS: Readonly<Record<string, Step>> = {
  /** Pairs: one allocates, the other frees. */
  pairs(p) {
    while (p.threads.length < 9) p.start();
    const pair = 1 + 2 * p.draw(4);
    if (p.live.length < 300 && p.draw(5) < 3) {
      p.run(p.threads[pair]!);
      for (let i = p.draw(6); i >= 0; i--) p.allocate(power(p, 13));
    } else {
      p.run(p.threads[pair + 1]!);
      for (let i = p.draw(6); i >= 0; i--) p.free();
    }
    if (p.draw(400) === 0) p.end();
  },
  /** A few workers that end and are replaced. */
  pool(p) {
    const roll = p.draw(60);
    if (roll === 0 && p.threads.length < 9) p.start();
    else if (roll === 1) p.end();
    else if (roll < 12) p.switch();
    else p.churn(400, () => power(p, 14));
  },
  /** More threads than there can be arenas. */
  many(p) {
    const roll = p.draw(24);
    if (roll < 2) p.start();
    else if (roll === 2) p.end();
    else if (roll < 10) p.switch();
    else p.churn(600, () => power(p, 13));
  },
  /** Arenas of several heaps, filled and emptied. */
  segments(p, progress) {
    if (p.threads.length < 4) p.start();
    if (p.draw(40) === 0) p.switch();
    if (p.draw(900) === 0) p.end();
    const filling = Math.floor(progress * 6) % 2 === 0;
    if (p.draw(10) < (filling ? 8 : 2)) {
      p.allocate(p.draw(8) === 0 ? power(p, 12) : 60_000 + p.draw(70_000));
    } else p.free(p.draw(4) === 0 ? undefined : p.live.length - 1);
  },
  /** Blocks up to 40 MB, once the threshold has grown. */
  big(p) {
    if (p.threads.length < 5) p.start();
    const roll = p.draw(60);
    if (roll === 0) {
      p.allocate(20_000_000 + p.draw(13_000_000));
      p.free(p.live.length - 1);
    } else if (roll === 1) p.command(`t ${power(p, 20)}`);
    else if (roll === 2) p.end();
    else if (roll < 12) p.switch();
    else if (roll < 16) p.realloc(power(p, 24));
    else p.churn(30, () => p.draw(3) ? power(p, 18) : p.draw(40_000_000));
  },
  /** Requests that cannot be had. */
  refused(p) {
    if (p.draw(50) === 0) p.start();
    const roll = p.draw(70);
    if (roll === 0) p.allocate(vast(p));
    else if (roll === 1) p.allocate(vast(p), "c");
    else if (roll === 2) p.allocate(vast(p), "m", 2 ** p.draw(22));
    else if (roll === 3) p.realloc(vast(p));
    else if (roll === 4) p.end();
    else if (roll < 16) p.switch();
    else p.churn(150, () => power(p, 16));
  },
  /** Threads by their first request. */
  starts(p) {
    if (p.draw(6) === 0) {
      p.start();
      first(p);
    } else if (p.draw(7) === 0) p.end();
    else if (p.draw(4) === 0) p.switch();
    else p.churn(200, () => power(p, 15));
  },
  /** Everything. */
  all(p) {
    const roll = p.draw(80);
    if (roll === 0) p.start();
    else if (roll === 1) p.end();
    else if (roll < 9) p.switch();
    else if (roll === 9) first(p);
    else if (roll === 10) {
      p.command(`k ${4096 * p.draw(9)}`);
    } else if (roll === 11) {
      const parameter = [-8, -7, -4, -3, -2, -1, 1][p.draw(7)]!;
      p.command(`o ${parameter} ${p.draw(2) ? p.draw(20) : power(p, 18)}`);
    } else if (roll < 16) p.allocate(power(p, 14), "m", 2 ** p.draw(25));
    else if (roll < 26) p.realloc(p.draw(30) === 0 ? 0 : power(p, 17));
    else if (roll < 32) p.allocate(power(p, 14), "c");
    else p.churn(300, () => power(p, 16));
  },
};

/** A trace of `kind` with `length` steps. */
export function generateThreads(
  kind: string,
  seed: number,
  length: number,
): string {
  const step = THREAD_KINDS[kind];
  if (!step) throw new RangeError(`Unknown kind of trace "${kind}"`);
  const program = new Program(drawing(seed));
  for (let i = 0; i < length; i++) step(program, i / length);
  return program.text();
}
