/**
 * What runs the cells of a lane: a worker for the lab's own allocators, a
 * process for each foreign module.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { CellKey } from "../experiment/experiment.ts";
import { printable } from "../traces/lines.ts";
import type { Answer } from "./answer.ts";
import { checked, NONSENSE } from "./checked.ts";
import { Failure } from "./failure.ts";
import type { Setting } from "./files.ts";
import { type Limits, ModuleProcess } from "./module_process.ts";
import type { Greeting, ModuleJob } from "./module_worker.ts";
import type { Said } from "./worker.ts";

/** Takes a piece of the rows of a cell. */
export type TakeRows = (piece: Uint8Array) => void;

/** Runs cells one after the other. */
export interface Hand {
  /** Runs a cell, whose rows go to `take`. */
  ask(key: CellKey, take: TakeRows): Promise<Answer>;
  /** Whether it cannot run another. */
  readonly isOver: boolean;
  /** Ends a process when it has nothing to do; what went wrong after its last cell. */
  end?(): Promise<string | undefined>;
  /** Ends it at once. */
  stop(): void;
}

/** A worker of this process: its allocators are the lab's own. */
export class Thread implements Hand {
  readonly #worker: Worker;
  isOver = false;

  /** Starts it. */
  constructor(setting: Setting) {
    const url = new URL("./worker.ts", import.meta.url);
    this.#worker = new Worker(url, { type: "module" });
    this.#worker.postMessage({ ...setting, modules: {} });
  }

  ask(key: CellKey, take: TakeRows): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<Said>) => {
        try {
          if (data.rows) take(data.rows);
          if (data.answer) resolve(data.answer);
        } catch (error) {
          reject(error);
        }
      };
      this.#worker.onerror = (event) => {
        event.preventDefault();
        this.stop();
        resolve({ error: "Error", message: event.message });
      };
      this.#worker.postMessage(key);
    });
  }

  stop(): void {
    this.isOver = true;
    this.#worker.terminate();
  }
}

/** What a process for a module must know. */
export interface ModuleSetting {
  /** The module, as the user wrote its path. */
  module: string;
  setting: Setting;
  limits: Limits;
  /** Paths of the files that its cells read. */
  files: readonly string[];
  /** Hears what it prints. */
  printed(line: string): void;
}

/** A process of a module. */
export class Guest implements Hand {
  readonly #process: ModuleProcess;
  readonly #limits: Limits;
  #hasStarted = false;
  isOver = false;

  /** Starts it; `Failure` if it may not be started. */
  constructor({ module, setting, limits, files, printed }: ModuleSetting) {
    const url = setting.modules[module]!;
    const { catalogue, spooled } = setting;
    this.#limits = limits;
    this.#process = new ModuleProcess({
      worker: new URL("./module_worker.ts", import.meta.url).href,
      hello: {
        ...setting,
        spooled: [...spooled],
        modules: { [module]: url },
      } satisfies Greeting,
      memory: limits.memory,
      modules: [url],
      files: [fileURLToPath(catalogue), ...files, ...spooled.values()],
      jobs: true,
      printed,
    });
  }

  async ask(key: CellKey, take: TakeRows): Promise<Answer> {
    const heard = await this.#do({ cell: key }, take);
    return typeof heard === "string"
      ? { error: "", message: heard }
      : checked(heard.answer, key);
  }

  /**
   * What the module says about `texts`, one for each, or why it says nothing;
   * throws `Failure` if the file is no such module.
   */
  async describe(
    texts: readonly string[],
  ): Promise<readonly unknown[] | string> {
    const heard = await this.#do({ describe: texts });
    if (typeof heard === "string") return heard;
    const { answer } = heard;
    if (Array.isArray(answer)) return answer;
    const message = (answer as { message?: unknown } | null)?.message;
    if (typeof message !== "string") return NONSENSE;
    throw new Failure(printable(message, 500));
  }

  async end(): Promise<string | undefined> {
    if (this.isOver) return undefined;
    this.isOver = true;
    return await this.#process.end();
  }

  stop(): void {
    this.isOver = true;
    this.#process.stop("it was stopped");
  }

  /** The message with the answer, or why there is none. */
  async #do(
    job: ModuleJob,
    take?: TakeRows,
  ): Promise<{ answer: unknown } | string> {
    const { start, cell, disk } = this.#limits;
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      const heard = await this.#hear(start, `${start} s`);
      if (typeof heard === "string") return heard;
    }
    await this.#process.send(job);
    const end = performance.now() + 1000 * cell;
    let room = disk;
    for (;;) {
      const left = (end - performance.now()) / 1000;
      const heard = await this.#hear(left, `${cell} s (--cell-time)`);
      if (typeof heard === "string" || "answer" in heard) return heard;
      if (!take || typeof heard.rows !== "string") break;
      const rows = new TextEncoder().encode(heard.rows);
      room -= rows.length;
      if (room < 0) {
        this.stop();
        return `its rows take more than ${disk / 2 ** 20} MiB (--cell-disk)`;
      }
      take(rows);
    }
    this.stop();
    return NONSENSE;
  }

  /** The next message; why there is none within `seconds`, called `limit`. */
  async #hear(
    seconds: number,
    limit: string,
  ): Promise<{ answer: unknown } | { rows?: unknown } | string> {
    const heard = await this.#process.hear(seconds, limit);
    const message = typeof heard === "object" && heard ? heard : {};
    if (!("why" in message)) return message;
    this.stop();
    return String(message.why);
  }
}
