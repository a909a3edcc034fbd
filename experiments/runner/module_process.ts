/**
 * The process of a foreign module, as the lab sees it: jobs go in, answers come
 * out, and whatever ends the process comes out in words.
 *
 * @module
 */
import type { Charge, Ended } from "../keeper/keeper.ts";
import { lineOf, linesOf, messageIn } from "../keeper/message.ts";
import { Failure } from "./failure.ts";
import { type Needs, permits } from "./permits.ts";

/** What a module may take. */
export interface Limits {
  /** Seconds until it is loaded. */
  start: number;
  /** Seconds of a cell. */
  cell: number;
  /** Bytes of its process. */
  memory: number;
  /** Bytes of the rows of a cell. */
  disk: number;
}

/** What they are unless the user says otherwise. */
export const LIMITS: Limits = {
  start: 60,
  cell: 600,
  memory: 2 ** 31,
  disk: 2 ** 32,
};

/** Signals by which the engine, or the kernel, ends what has no memory left. */
const OUT_OF_MEMORY = ["SIGTRAP", "SIGABRT", "SIGILL"];
/** The same as exit codes of whoever stands between. */
const OUT_OF_MEMORY_CODES = [132, 133, 134];

/** Lines of what it prints that are passed on. */
const MAX_PRINTS = 100;

/** How to start one. */
export interface Start extends Needs {
  /** URL of the module of the worker. */
  worker: string;
  /** What it is told first. */
  hello: unknown;
  /** Whether it takes jobs; it has the lab's standard input if not. */
  jobs: boolean;
  /** Hears the lines that the module prints. */
  printed(line: string): void;
}

/** A running process. */
export class ModuleProcess {
  readonly #child: Deno.ChildProcess;
  readonly #jobs: WritableStreamDefaultWriter<Uint8Array> | undefined;
  readonly #lines: AsyncGenerator<string>;
  readonly #printed: (line: string) => void;
  /** The last that the keeper said. */
  readonly #last: Promise<string | undefined>;
  #prints = 0;
  /** Why the lab ended it. */
  #ended: string | undefined;

  /** Starts it; `Failure` if it may not be started. */
  constructor(how: Start) {
    const { worker, hello, jobs, memory } = how;
    const charge: Charge = { worker, hello, jobs, memory };
    const keeper = new URL("../keeper/keeper.ts", import.meta.url);
    this.#child = spawned([
      ...permits(how),
      keeper.href,
      JSON.stringify(charge),
    ], jobs);
    this.#jobs = jobs ? this.#child.stdin.getWriter() : undefined;
    this.#lines = linesOf(this.#child.stdout);
    this.#last = lastWord(this.#child.stderr);
    this.#printed = how.printed;
  }

  /** Gives it a job. */
  async send(job: unknown): Promise<void> {
    try {
      await this.#jobs!.write(new TextEncoder().encode(lineOf(job)));
    } catch { /* it ended: whoever waits for the answer hears why */ }
  }

  /** The next message; ends the process if there is none in time. */
  async hear(
    seconds: number,
    limit = `${seconds} s`,
  ): Promise<unknown | Ended> {
    const late = setTimeout(() => {
      this.stop(`it did not answer within ${limit}`);
    }, 1000 * seconds);
    try {
      for (;;) {
        const { value, done } = await this.#lines.next();
        if (done) return { why: await this.#why() };
        const message = messageIn(value);
        if (message !== undefined) return message;
        this.#print(value);
      }
    } finally {
      clearTimeout(late);
    }
  }

  /** Ends it, as it may; what went wrong with it meanwhile, if anything did. */
  async end(): Promise<string | undefined> {
    await this.#jobs?.close().catch(() => {});
    for await (const line of this.#lines) {
      if (messageIn(line) === undefined) this.#print(line);
    }
    const { success } = await this.#child.status;
    return success ? undefined : await this.#why();
  }

  /** Ends it at once, because of `why`. */
  stop(why: string): void {
    this.#ended ??= why;
    this.#jobs?.close().catch(() => {}); // whoever stands between lives on
    try {
      this.#child.kill("SIGKILL");
    } catch { /* it ended by itself */ }
  }

  /** Passes on what it printed, as long as that is little. */
  #print(line: string): void {
    if (line === "" || this.#prints > MAX_PRINTS) return;
    this.#printed(this.#prints++ < MAX_PRINTS ? line : "(more is left out)");
  }

  async #why(): Promise<string> {
    const { signal, code } = await this.#child.status;
    if (this.#ended !== undefined) return this.#ended;
    const last = await this.#last;
    if (last !== undefined) return last;
    return OUT_OF_MEMORY.includes(`${signal}`) ||
        OUT_OF_MEMORY_CODES.includes(code)
      ? "it ran out of memory"
      : signal
      ? `its process was ended by ${signal}`
      : `it ended its process (exit code ${code})`;
  }
}

function spawned(args: string[], jobs: boolean): Deno.ChildProcess {
  try {
    return new Deno.Command("deno", {
      args,
      stdin: jobs ? "piped" : "inherit",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw new Failure(
        "A module of yours runs in a process of its own: this needs " +
          "--allow-run=deno",
      );
    }
    if (error instanceof Deno.errors.NotFound) {
      throw new Failure("Cannot find deno: a module of yours needs it");
    }
    throw error;
  }
}

/** The last message in what a process says to the user, if there is one. */
async function lastWord(
  stderr: ReadableStream<Uint8Array>,
): Promise<string | undefined> {
  let last: string | undefined;
  for await (const line of linesOf(stderr)) {
    const message = messageIn(line) as Partial<Ended> | undefined;
    if (typeof message?.why === "string") last = message.why;
  }
  return last;
}
