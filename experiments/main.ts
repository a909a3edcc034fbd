/**
 * The command line of the lab: the only file that prints, reads arguments or
 * exits.
 *
 * Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted (143 if asked to
 * terminate). A reader that has seen enough (a broken pipe) is no failure.
 *
 * @module
 */
import { ALLOCATORS } from "../allocators/registry.ts";
import type { Catalogue, Lab } from "./commands/command.ts";
import { parse } from "./commands/mod.ts";
import { CHAPTERS, EXPERIMENTS, HEADLINES } from "./questions/mod.ts";
import { REPLAYED } from "./questions/replayed.ts";
import { permittedLine, PROGRAM } from "./commands/command_line.ts";
import {
  ClosedFolder,
  defect,
  Failure,
  firstLine,
  Interrupted,
  UsageError,
} from "./runner/failure.ts";
import { projectPath } from "./runner/files.ts";
import { writeAll } from "./runner/write_all.ts";
import { ADVERSARIES } from "./adversaries/mod.ts";
import { WORKLOADS } from "./workloads/mod.ts";

/**
 * Bytes written at a time: a pipe takes that many or none, so a full one that
 * does not block (its other end may be a Node process) loses nothing.
 */
const ATOM = 4096;

/** Runs the command line `words`; the exit code. */
export async function main(
  words: readonly string[],
  catalogue: Catalogue,
): Promise<number> {
  const terminal = new Terminal();
  try {
    const act = parse(words, catalogue);
    return await act(terminal.lab(catalogue, words)) ?? 0;
  } catch (error) {
    terminal.status("");
    if (error instanceof Deno.errors.BrokenPipe) return 0;
    terminal.note(complaint(error, words));
    if (error instanceof UsageError) return 2;
    return error instanceof Interrupted ? terminal.interruptedWith : 1;
  }
}

/** What to tell the user about a command line, in one line. */
function complaint(error: unknown, words: readonly string[]): string {
  const line = firstLine(error);
  if (error instanceof ClosedFolder) {
    const program = callersFolder() === projectPath("").replace(/\/$/, "")
      ? PROGRAM
      : projectPath(PROGRAM);
    return `${line}; this may: ${permittedLine(words, error.path, program)}`;
  }
  return isForeign(error) ? line : defect(line);
}

/** The folder that relative paths begin in. */
function callersFolder(): string {
  return Deno.env.get("INIT_CWD") ?? Deno.cwd();
}

/** Whether the input, the system or the user is the cause. */
function isForeign(error: unknown): boolean {
  const kinds = [
    Failure,
    SyntaxError,
    RangeError,
    ...Object.values(Deno.errors),
  ];
  return kinds.some((kind) => error instanceof kind) ||
    error instanceof Error && "code" in error;
}

/** Writes to standard error; where that fails there is nobody to tell. */
function tell(text: string): void {
  try {
    writeAll(Deno.stderr, text, ATOM);
  } catch { /* the exit code says it */ }
}

/** Standard input, output and error. */
class Terminal {
  /** Exit code of an interrupted command. */
  interruptedWith = 130;
  readonly #isTerminal = Deno.stderr.isTerminal();
  #status = "";

  lab(catalogue: Catalogue, words: readonly string[]): Lab {
    return {
      catalogue,
      words,
      isConfined: false,
      cwd: callersFolder(),
      results: projectPath("data/results"),
      cores: navigator.hardwareConcurrency,
      colour: Deno.stdout.isTerminal() && !Deno.noColor,
      print: (text) => this.print(text),
      note: (line) => this.note(line),
      status: (line) => this.status(line),
      stdin: () => Deno.stdin.readable,
      interruption: () => this.#interruption(),
    };
  }

  print(text: string | Uint8Array): void {
    this.status("");
    try {
      writeAll(Deno.stdout, text, ATOM);
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) throw error;
      throw new Failure(`Cannot write to standard output: ${firstLine(error)}`);
    }
  }

  note(line: string): void {
    this.status("");
    tell(`${line}\n`);
  }

  status(line: string): void {
    if (!this.#isTerminal || line === this.#status) return;
    this.#status = line;
    tell(`\r\x1b[K${line}`);
  }

  /** `deno task` passes Ctrl-C on, so it comes twice: only the first counts. */
  #interruption(): AbortSignal {
    const controller = new AbortController();
    const stop = (code: number) => () => {
      if (!controller.signal.aborted) this.interruptedWith = code;
      controller.abort();
    };
    Deno.addSignalListener("SIGINT", stop(130));
    Deno.addSignalListener("SIGTERM", stop(143));
    return controller.signal;
  }
}

/** What the lab knows. */
export const CATALOGUE: Catalogue = {
  url: new URL("./questions/mod.ts", import.meta.url).href,
  experiments: EXPERIMENTS,
  chapters: CHAPTERS,
  replayed: REPLAYED,
  headlines: HEADLINES,
  allocators: ALLOCATORS,
  workloads: WORKLOADS,
  adversaries: ADVERSARIES,
};

if (import.meta.main) Deno.exit(await main(Deno.args, CATALOGUE));
