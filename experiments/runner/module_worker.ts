/**
 * Runs cells of a foreign module, in a process that a keeper watches.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import type { CellKey } from "../experiment/experiment.ts";
import { NO_MORE } from "../keeper/keeper.ts";
import { say } from "../keeper/message.ts";
import { CellRunner, failed } from "./cell_runner.ts";
import { described } from "./described.ts";
import type { Setting } from "./files.ts";
import { nextTurn } from "./turn.ts";

/** What comes first: a setting as JSON has it. */
export type Greeting = Omit<Setting, "spooled"> & {
  spooled: readonly (readonly [path: string, file: string])[];
};

/** What to do. */
export type ModuleJob = { describe: readonly string[] } | { cell: CellKey };

let runner: Promise<CellRunner> | undefined;

function emit(piece: Uint8Array): void {
  say({ rows: new TextDecoder().decode(piece) });
}

async function answer(job: ModuleJob): Promise<unknown> {
  try {
    const known = await runner!;
    return "cell" in job
      ? await known.answer(job.cell, emit)
      : job.describe.map((text) => described(known.specs, text));
  } catch (error) {
    return failed(error);
  }
}

async function load(greeting: Greeting): Promise<void> {
  const spooled = new Map(greeting.spooled);
  runner = CellRunner.in({ ...greeting, spooled });
  await runner.catch(() => {}); // the first job says why
  say({ ready: true });
}

async function work(job: ModuleJob): Promise<void> {
  const found = await answer(job);
  // What the module left to fail at once fails before its answer is given.
  await nextTurn();
  say({ answer: found });
}

function hear(message: Greeting | ModuleJob | typeof NO_MORE): void {
  if (message === NO_MORE) {
    parentPort!.off("message", hear);
    parentPort!.unref();
  } else if ("catalogue" in message) load(message);
  else work(message);
}

parentPort!.on("message", hear);
