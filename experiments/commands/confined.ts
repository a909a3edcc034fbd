/**
 * Commands that make a foreign module's allocator themselves: they run in a
 * process of their own, which may do next to nothing, and this one prints what
 * they say.
 *
 * @module
 */
import { resolve } from "node:path";
import { Failure, UsageError } from "../runner/failure.ts";
import { checkThere } from "../runner/foreign_specs.ts";
import { LIMITS, ModuleProcess } from "../runner/module_process.ts";
import { moduleUrls } from "../runner/specs.ts";
import { printable } from "../traces/lines.ts";
import type { Lab } from "./command.ts";
import { notePrinted } from "./spec_option.ts";

/** What a confined command is told. */
export interface Charge {
  /** Its words. */
  words: readonly string[];
  /** Folder of the caller. */
  cwd: string;
}

/** What it says. */
export type Said =
  | { print: string }
  | { note: string }
  | { done: true }
  | {
    /** Class of the error that ended it. */
    error: string;
    message: string;
  }
  | {
    /** Why its process ended. */
    why: string;
  };

/**
 * `act`, the action of the lab's own words; in a process of its own if one of
 * `specs` is a foreign module. It reads `files`.
 */
export async function confined(
  lab: Lab,
  specs: readonly string[],
  files: readonly string[],
  act: () => void | Promise<void>,
): Promise<void> {
  const modules = moduleUrls(specs, lab.cwd);
  const name = Object.keys(modules).join();
  if (lab.isConfined || name === "") return await act();
  checkThere(modules);
  const { words, cwd } = lab;
  const process = new ModuleProcess({
    worker: new URL("./confined_worker.ts", import.meta.url).href,
    hello: { words, cwd } satisfies Charge,
    memory: LIMITS.memory,
    modules: Object.values(modules),
    files: files.map((file) => resolve(cwd, file)),
    jobs: false,
    printed: (line) => notePrinted(lab, name, line),
  });
  try {
    while (!heard(lab, name, await process.hear(LIMITS.cell) as Said));
  } finally {
    process.stop("");
  }
}

/** Does as it is said; whether that was all. */
function heard(lab: Lab, name: string, said: Said): boolean {
  if ("print" in said) lab.print(said.print);
  else if ("note" in said) lab.note(printable(said.note, 1000));
  else if ("why" in said) throw new Failure(`${name}: ${said.why}`);
  else if ("error" in said) throw failureOf(said, name);
  return "done" in said;
}

/** What a command threw, as this process would have. */
function failureOf(
  { error, message }: { error: string; message: string },
  name: string,
): Failure {
  const line = message.split("\n", 1)[0]!;
  if (error === "UsageError") return new UsageError(line);
  return ["Failure", "RangeError", "SyntaxError"].includes(error)
    ? new Failure(line)
    : new Failure(`${name}: ${error}: ${line}`);
}
