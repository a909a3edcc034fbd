/**
 * Lanes that run cells: each one cell at a time.
 *
 * What a cell results in depends neither on its lane nor on what that ran
 * before; the order only saves time. A module that misbehaves costs the cell in
 * which it does, and is started anew for the next.
 *
 * @module
 */
import type { Answer } from "./answer.ts";
import { Interrupted } from "./failure.ts";
import type { Setting } from "./files.ts";
import { Guest, type Hand, Thread } from "./hands.ts";
import type { Job } from "./job.ts";
import type { Limits } from "./module_process.ts";
import { Queue } from "./queue.ts";

/** How to run jobs. */
export interface PoolOptions {
  /** Cells to run at a time. */
  lanes: number;
  /** What whoever runs cells is told first. */
  setting: Setting;
  /** What modules may take. */
  limits: Limits;
  /** Ends everything. */
  signal: AbortSignal;
  /** Hears what a module prints. */
  printed(module: string, line: string): void;
  /** Hears what a module does wrong when all its cells are over. */
  late(module: string, why: string): void;
}

/** Takes what comes of jobs; what it throws ends everything. */
export interface Taking {
  /** Receives rows of a job, before its answer. */
  rows(job: Job, piece: Uint8Array): void;
  /** Receives each answer. */
  done(job: Job, answer: Answer): void;
}

/** Lanes, whose workers go on from one list of jobs to the next. */
export class Pool implements Disposable {
  readonly #options: PoolOptions;
  readonly #lanes: readonly Lane[];

  /** Starts nothing yet. */
  constructor(options: PoolOptions) {
    this.#options = options;
    this.#lanes = Array.from(
      { length: options.lanes },
      () => new Lane(options),
    );
  }

  /** Runs all of `jobs`; after the first error no others can be run. */
  async run(jobs: readonly Job[], taking: Taking): Promise<void> {
    const { signal } = this.#options;
    const queue = new Queue(jobs);
    const stopped = Promise.withResolvers<never>();
    const stop = () => stopped.reject(new Interrupted("Interrupted"));
    signal.addEventListener("abort", stop);
    try {
      if (signal.aborted) stop();
      const lanes = this.#lanes.map((lane, i) =>
        lane.run(() => queue.take(i), jobs, taking)
      );
      await Promise.race([Promise.all(lanes), stopped.promise]);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Ends all that runs. */
  [Symbol.dispose](): void {
    for (const lane of this.#lanes) lane.stop();
  }
}

class Lane {
  readonly #options: PoolOptions;
  #jobs: readonly Job[] = [];
  /** By module; undefined: the lab's own allocators. */
  readonly #hands = new Map<string | undefined, Hand>();
  #isOver = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Runs what `next` gives of `jobs` until there is none. */
  async run(
    next: () => Job | undefined,
    jobs: readonly Job[],
    { rows, done }: Taking,
  ): Promise<void> {
    const { late } = this.#options;
    this.#jobs = jobs;
    for (;;) {
      const job = this.#isOver ? undefined : next();
      if (!job) break;
      const take = (piece: Uint8Array) => {
        if (!this.#isOver) rows(job, piece);
      };
      const answer = await this.#hand(job.module).ask(job.key, take);
      if (!this.#isOver) done(job, answer);
    }
    for (const [module, hand] of this.#hands) {
      if (this.#isOver) break;
      const why = await hand.end?.();
      if (why !== undefined && !this.#isOver) late(module!, why);
    }
  }

  /** Ends all that runs. */
  stop(): void {
    this.#isOver = true;
    for (const hand of this.#hands.values()) hand.stop();
  }

  #hand(module: string | undefined): Hand {
    const known = this.#hands.get(module);
    if (known && !known.isOver) return known;
    const hand = this.#newHand(module);
    this.#hands.set(module, hand);
    return hand;
  }

  #newHand(module: string | undefined): Hand {
    const { setting, limits, printed } = this.#options;
    if (module === undefined) return new Thread(setting);
    const files = this.#jobs.filter((job) => job.module === module)
      .flatMap(({ files }) => files);
    return new Guest({
      module,
      setting,
      limits,
      files: [...new Set(files)],
      printed: (line) => printed(module, line),
    });
  }
}

/** What to say of a module that fails when its cells are over. */
export function lateText(module: string, why: string): string {
  return `${module}: ${why}, after its cells were finished`;
}
