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

/**
 * Bytes of this process from which on workers do not outlive experiments. To
 * start one costs what its code and traces cost: at 440 MiB a quarter more CPU.
 */
const GROWN = 2 ** 30;

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
  /** Receives rows of a job, before its answer; as `done`. */
  rows(job: Job, piece: Uint8Array): void;
  /** Receives each answer; what it throws ends everything. */
  done(job: Job, answer: Answer): void;
  /** Hears what a module prints. */
  printed(module: string, line: string): void;
  /** Hears what a module does wrong when all its cells are over. */
  late(module: string, why: string): void;
}

/** Runs all of `jobs`; the first error ends everything. */
export async function runJobs(
  jobs: readonly Job[],
  options: PoolOptions,
): Promise<void> {
  const { lanes, signal } = options;
  const queue = new Queue(jobs);
  const grown = () => all.forEach((lane) => lane.age());
  const all = Array.from(
    { length: lanes },
    () => new Lane(jobs, options, grown),
  );
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(new Interrupted("Interrupted"));
  signal.addEventListener("abort", stop);
  try {
    if (signal.aborted) stop();
    await Promise.race([
      Promise.all(all.map((lane, i) => lane.run(() => queue.take(i)))),
      stopped.promise,
    ]);
  } finally {
    signal.removeEventListener("abort", stop);
    for (const lane of all) lane.stop();
  }
}

class Lane {
  readonly #jobs: readonly Job[];
  readonly #options: PoolOptions;
  readonly #grown: () => void;
  /** By module; undefined: the lab's own allocators. */
  readonly #hands = new Map<string | undefined, Hand>();
  /** The experiment of the last cell. */
  #experiment = "";
  #isOld = false;
  #isOver = false;

  /** `grown` hears that this process has grown. */
  constructor(
    jobs: readonly Job[],
    options: PoolOptions,
    grown: () => void,
  ) {
    this.#jobs = jobs;
    this.#options = options;
    this.#grown = grown;
  }

  /** Runs what `next` gives until there is none. */
  async run(next: () => Job | undefined): Promise<void> {
    const { rows, done, late } = this.#options;
    for (;;) {
      const job = this.#isOver ? undefined : next();
      if (!job) break;
      const take = (piece: Uint8Array) => {
        if (!this.#isOver) rows(job, piece);
      };
      this.#renew(job);
      const answer = await this.#hand(job.module).ask(job.key, take);
      if (!this.#isOver) done(job, answer);
    }
    for (const [module, hand] of this.#hands) {
      if (this.#isOver) break;
      const why = await hand.end();
      if (why !== undefined && !this.#isOver) late(module!, why);
    }
  }

  /** Ends all that runs. */
  stop(): void {
    this.#isOver = true;
    for (const hand of this.#hands.values()) hand.stop();
  }

  /**
   * Ends the worker before an experiment if this process has grown, and so does
   * every lane: what the engine keeps of the last ones, code and free memory,
   * goes with it.
   */
  #renew({ key: { experiment } }: Job): void {
    if (experiment === this.#experiment) return;
    this.#experiment = experiment;
    if (Deno.memoryUsage().rss > GROWN) this.#grown();
    if (this.#isOld) this.#hands.get(undefined)?.stop();
    this.#isOld = false;
  }

  /** Its worker is not to run the next experiment. */
  age(): void {
    this.#isOld = true;
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
