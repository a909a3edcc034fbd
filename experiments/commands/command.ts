/**
 * What a command of the lab is, and what it gets.
 *
 * `parse` is pure: the same words always mean the same action, or the same
 * `UsageError`. An action prints through the lab, never by itself.
 *
 * @module
 */
import type { AllocatorEntry } from "../../allocators/entry.ts";
import type { Chapter } from "../experiment/chapter.ts";
import type { Experiment } from "../experiment/experiment.ts";
import type { Adversary } from "../adversaries/adversary.ts";
import type { Workload } from "../workloads/workload.ts";
import type { Arguments, Option } from "./arguments.ts";

/** What can be named on a command line. */
export interface Catalogue {
  /** URL of the module that exports EXPERIMENTS, for workers. */
  url: string;
  /** Experiments in the order in which they run. */
  experiments: readonly Experiment[];
  /** The same in chapters, as the page shows them. */
  chapters: readonly Chapter[];
  /** Those whose cells replay a trace, which the page of the lab can show. */
  replayed: readonly Experiment[];
  /** Claims that the page begins with, by id. */
  headlines: readonly string[];
  /** The registry of allocators. */
  allocators: readonly AllocatorEntry[];
  /** What can be built and saved. */
  workloads: readonly Workload[];
  /** What can be played against an allocator, and saved. */
  adversaries: readonly Adversary[];
}

/** The surroundings of a command. */
export interface Lab {
  /** What can be named. */
  catalogue: Catalogue;
  /** Folder of the caller: relative paths begin here. */
  cwd: string;
  /** Folder of the results where none is named. */
  results: string;
  /** The words of the command line. */
  words: readonly string[];
  /** Whether foreign modules run in this process: it may do next to nothing. */
  isConfined: boolean;
  /** Processors. */
  cores: number;
  /** Whether standard output takes colours. */
  colour: boolean;
  /** Writes text, or bytes as they are, to standard output. */
  print(text: string | Uint8Array): void;
  /** Writes a line to standard error. */
  note(line: string): void;
  /** Replaces the last line on the terminal; "" removes it. No terminal: nothing. */
  status(line: string): void;
  /** Standard input. */
  stdin(): ReadableStream<Uint8Array>;
  /** Takes Ctrl-C over: from now on it aborts the signal and nothing else. */
  interruption(): AbortSignal;
}

/** What a command line means; a number is an exit code, not 0. */
export type Action = (lab: Lab) => void | Promise<void> | Promise<number>;

/** A command. */
export interface Command {
  /** The word that calls it. */
  name: string;
  /** What stands before its name; `deno task run`, unless it has its own task. */
  call?: string;
  /** One line for the list of commands. */
  summary: string;
  /** What may follow the name, for help. */
  usage: readonly string[];
  /** Its options. */
  options: readonly Option[];
  /** What else there is to know: a table of words and what they mean. */
  notes?: { title: string; lines: readonly (readonly string[])[] };
  /** Command lines that work, without `deno task run`. */
  examples: readonly string[];
  /** What `args` mean; `UsageError` if they mean nothing. */
  parse(args: Arguments, catalogue: Catalogue): Action;
}
