/**
 * `record`: runs a program and writes down what it asks of malloc.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import { basename, resolve } from "node:path";
import { convert, type Recording } from "../recorder/convert.ts";
import { library } from "../recorder/library.ts";
import { LogsFolder } from "../recorder/logs_folder.ts";
import { checkProgram, findProgram } from "../recorder/program.ts";
import { Failure, UsageError } from "../runner/failure.ts";
import { projectPath } from "../runner/files.ts";
import { wholeOption } from "./arguments.ts";
import type { Command, Lab } from "./command.ts";
import { checkPlace } from "./place.ts";
import { recover } from "./recover.ts";

/** Frames of a site. */
const DEPTH = { low: 0, high: 64, fallback: 4 };
/** What to add to the number of the signal that ended a program. */
const BY_SIGNAL = 128;
const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/** How to record. */
interface Order {
  words: readonly string[];
  out: string | undefined;
  depth: number;
  addresses: string | undefined;
}

/** The command. */
export const record: Command = {
  name: "record",
  call: "deno task",
  summary: "run a program and write its requests for memory as a trace",
  usage: ["[options] -- PROGRAM [ARGUMENTS]", "--recover"],
  options: [
    {
      name: "out",
      value: "FILE",
      summary: "the trace, below the folder that you call from or the " +
        "project's data/; data/recorded/PROGRAM.rep.gz. Child processes get " +
        "files of their own: FILE.2.rep.gz, ...",
    },
    {
      name: "depth",
      value: "N",
      summary: "frames of the call stack of each request; 4. 0: none",
    },
    {
      name: "addresses",
      value: "FILE",
      summary: "what the program got, as replay --addresses prints it; where " +
        "--out may lie",
    },
    {
      name: "recover",
      summary: "write the traces of recordings that were killed: " +
        "data/recorded/PROGRAM-ID.rep.gz",
    },
  ],
  notes: {
    title: "A program marks the end of a phase",
    lines: [
      [
        "by a call",
        'FRAGLAB_PHASE("name") of experiments/recorder/preload/fraglab.h',
      ],
      ["from outside", "kill -USR1 PROCESS, unless it handles that itself"],
    ],
  },
  examples: [
    "record -- ./mine --its options",
    "record --out mine.rep.gz --depth 8 -- ./mine",
    "record --depth 0 --addresses mine.addresses -- ./mine",
  ],
  parse(args) {
    const depth = wholeOption(args, "depth", DEPTH);
    const [out, addresses] = [args.text("out"), args.text("addresses")];
    const words = args.names;
    if (args.flag("recover")) {
      if (words.length > 0 || out !== undefined || addresses !== undefined) {
        throw new UsageError("record --recover expects nothing else");
      }
      return (lab) => recoverAll(lab);
    }
    if (words.length === 0) throw new UsageError("record expects a PROGRAM");
    return (lab) => runAndConvert(lab, { words, out, depth, addresses });
  },
};

async function recoverAll(lab: Lab): Promise<number> {
  await mayRun("env");
  await recover(lab, (recordings) => report(lab, recordings, undefined));
  return 0;
}

async function runAndConvert(lab: Lab, order: Order): Promise<number> {
  if (Deno.build.os !== "linux") throw new Failure("record needs Linux");
  const [name, ...args] = order.words;
  const program = findProgram(name!, lab.cwd);
  checkProgram(program);
  await mayRun("env");
  const data = projectPath("data/recorder");
  const out = resolve(
    ...(order.out === undefined
      ? [projectPath("data/recorded"), `${basename(program)}.rep.gz`]
      : [lab.cwd, order.out]),
  );
  const addresses = order.addresses && resolve(lab.cwd, order.addresses);
  for (const path of [out, ...addresses ? [addresses] : []]) checkPlace(path);
  const preload = await library(data);
  using folder = LogsFolder.made(data);
  const how = `${order.depth}:${addresses ? 1 : 0}:${folder.path}`;
  const child = new Deno.Command("env", {
    args: [
      `LD_PRELOAD=${preload}`,
      `FRAGLAB_RECORD=${how}`,
      program,
      ...args,
    ],
    cwd: lab.cwd,
  }).spawn();
  lab.note(
    `Recording process ${child.pid}: kill -USR1 ${child.pid} marks a phase`,
  );
  // Ctrl-C reaches the program, too: this only waits for its end.
  lab.interruption();
  Deno.addSignalListener("SIGTERM", () => pass(child));
  const { code, signal } = await child.status;
  const recordings = await convert({ folder: folder.path, out, addresses });
  report(lab, recordings, addresses);
  return signal === null ? code : BY_SIGNAL + (SIGNALS[signal] ?? 0);
}

/** Asks the program to end, as this one was asked. */
function pass(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGTERM");
  } catch { /* it has ended */ }
}

/** Throws `Failure` if this process may not run `program`. */
async function mayRun(command: string): Promise<void> {
  const { state } = await Deno.permissions.query({ name: "run", command });
  if (state === "granted") return;
  throw new Failure("Only `deno task record` may start programs");
}

/** Says what was written. */
function report(
  lab: Lab,
  recordings: readonly Recording[],
  addresses: string | undefined,
): void {
  if (recordings.length === 0) {
    throw new Failure("Nothing was recorded: the program took no library in");
  }
  for (const { path, head, requests, leftOut, incomplete } of recordings) {
    lab.note(
      `${path}: ${
        plural(requests, "operation")
      } of process ${head.pid}, ${head.program}` +
        (incomplete ? `; incomplete: ${incomplete}` : "") +
        (leftOut > 0 ? `; frees of unknown blocks left out: ${leftOut}` : ""),
    );
  }
  const { ownMalloc } = recordings[0]!.head;
  if (!addresses) return;
  lab.note(
    ownMalloc
      ? `${addresses}: no places: malloc is not that of the C library`
      : `${addresses}: what process ${recordings[0]!.head.pid} got`,
  );
}
