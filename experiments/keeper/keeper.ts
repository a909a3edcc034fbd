/**
 * The program that runs a foreign module: started by the lab as a process of
 * its own, with next to no permissions, so that whatever the module does costs
 * this process only.
 *
 * The module runs in a worker. The main thread, which the module cannot reach,
 * hands the worker its jobs and watches it: it ends the process and says why
 * when the worker ends by itself, an error escapes it or the process takes too
 * much memory, and quietly when nobody is left to hear. A worker of
 * `node:worker_threads` it is, as the other kind does not tell that it ended.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { lineOf, linesOf, messageIn } from "./message.ts";

/** What a keeper is told, JSON in its only argument. */
export interface Charge {
  /** URL of the module of the worker. */
  worker: string;
  /** What the worker is told first. */
  hello: unknown;
  /** Bytes that the process may take. */
  memory: number;
  /** Whether jobs follow on standard input, which is the worker's if not. */
  jobs: boolean;
}

/** Why a process ended, for whoever started it. */
export interface Ended {
  /** In words. */
  why: string;
}

/** The last that a worker with jobs is told. */
export const NO_MORE = "no more";
/** Milliseconds between two looks at the memory. */
const LOOK = 20;
/** Milliseconds that a module has for what it left undone after its last job. */
const GRACE = 1000;

async function keep({ worker, hello, memory, jobs }: Charge): Promise<void> {
  const parent = Deno.ppid;
  const kept = new Worker(new URL(worker));
  kept.on("error", (error: unknown) => {
    const { name, message } = error instanceof Error
      ? error
      : { name: "Error", message: String(error) };
    end(`${name}: ${message}`);
  });
  let isOver = false;
  kept.on("exit", (code: number) => {
    if (isOver) Deno.exit(0);
    end(`it ended its process (exit code ${code})`);
  });
  setInterval(() => {
    if (Deno.memoryUsage().rss > memory) {
      end(`it took more than ${Math.round(memory / 2 ** 20)} MiB of memory`);
    }
    if (Deno.ppid !== parent) Deno.exit(1);
  }, LOOK);
  kept.postMessage(hello);
  if (!jobs) {
    isOver = true;
    return;
  }
  for await (const line of linesOf(Deno.stdin.readable)) {
    kept.postMessage(messageIn(line));
  }
  isOver = true;
  kept.postMessage(NO_MORE);
  setTimeout(() => Deno.exit(0), GRACE);
}

function end(why: string): never {
  const line = why.split("\n", 1)[0]!;
  Deno.stderr.writeSync(
    new TextEncoder().encode(`\n${lineOf({ why: line } satisfies Ended)}`),
  );
  Deno.exit(1);
}

if (import.meta.main) await keep(JSON.parse(Deno.args[0]!));
