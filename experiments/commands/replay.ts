/**
 * `replay`: the user's own traces under any allocators.
 *
 * @module
 */
import { UsageError } from "../runner/failure.ts";
import { ONLY, replayExperiment } from "../runner/replay_experiment.ts";
import { FORMATS } from "../traces/formats.ts";
import { TOUCH_POLICIES } from "../replay/replay.ts";
import { printAddresses } from "./addresses.ts";
import { type Arguments, oneOf, readPids, wholeOption } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commandLine } from "./command_line.ts";
import { confined } from "./confined.ts";
import { readOnce, requestsBytes } from "./input.ts";
import { orExplain } from "./other_command.ts";
import { launch } from "./launch.ts";
import { replayFolder } from "./replay_folder.ts";
import { folderOptions, readFolderOptions } from "./run_options.ts";
import { ALLOCATOR, loadSpecs, noteAdvice, readSpecs } from "./spec_option.ts";

const FOLDER_OPTIONS = folderOptions("data/results-replay/TRACE");
/** Options that mean something with --addresses only, or without it only. */
const WITH_ADDRESSES = ["free-area", "explain", "stats-every", "space"];
const WITHOUT_ADDRESSES = [
  "sample",
  "touch",
  ...FOLDER_OPTIONS.map((o) => o.name),
];

/** The command. */
export const replay: Command = {
  name: "replay",
  summary: "replay traces under allocators: CSV as an experiment has it",
  notes: {
    title: "A FILE, compressed or not, is recognised by what is in it:",
    lines: FORMATS.map(({ name, summary }) => [name, summary]),
  },
  usage: [
    "FILE... --allocator SPEC,SPEC [options]",
    "FILE --allocator SPEC --addresses [--free-area]",
  ],
  options: [
    ALLOCATOR,
    {
      name: "sample",
      value: "N",
      summary: "operations between samples; 1000. 0: phase marks and end",
    },
    {
      name: "touch",
      value: "HOW",
      summary: "payload written when it is allocated: none, first, all; all",
    },
    {
      name: "pid",
      value: "N,M",
      summary: "processes whose calls to take from a log; those of one program",
    },
    {
      name: "addresses",
      summary: "print one line per operation: <op> H <hex offset> <usable>, " +
        "<op> - for a free, <op> 0 for NULL; a page frame or -1 per page " +
        "request (FILE.pages)",
    },
    {
      name: "free-area",
      summary: "after the answers to page requests: the free lists, `L order " +
        "type pfn...`, and the pageblocks, `PB type...`",
    },
    {
      name: "stats-every",
      value: "N",
      summary: "with --addresses: mallinfo's figures every N operations",
    },
    {
      name: "explain",
      summary: "with --addresses: where each block came from",
    },
    {
      name: "space",
      value: "FILE",
      summary: "with --addresses: the process that requests has the mappings " +
        "in FILE, lines of /proc/PID/maps, or V, D, P, M, X lines of a " +
        "recorded run",
    },
    ...FOLDER_OPTIONS,
  ],
  examples: [
    "replay cc1.rep.gz --allocator first_fit,best_fit",
    "replay - --allocator tlsf --sample 100 --out data/mine < cc1.rep",
    "replay cc1.rep --allocator best_fit --addresses > addresses.txt",
    "replay zone.pages --allocator linux_buddy:pages=65536,buddy:pages=65536",
    "replay cc1.rep --allocator glibc --addresses --stats-every 1000 --explain",
  ],
  parse(args, { allocators }) {
    const names = [...new Set(args.names)];
    const specs = readSpecs(args.all("allocator"), allocators);
    if (!isFilled(names)) throw new UsageError("replay expects a FILE");
    if (names.includes("") || names.some((name) => /[;\p{Cc}]/u.test(name))) {
      throw new UsageError(
        "A FILE needs a name without ; and control characters",
      );
    }
    if (!isFilled(specs)) throw new UsageError("replay expects --allocator");
    const pids = readPids(args);
    const options = pids ? { pids } : {};
    if (args.flag("addresses")) {
      checkAbsent(args, WITHOUT_ADDRESSES, "goes without --addresses");
      const [[file, ...files], [spec, ...others]] = [names, specs];
      if (files.length > 0 || others.length > 0) {
        throw new UsageError("--addresses expects one FILE and one SPEC");
      }
      const every = count(args, "stats-every", 0);
      const [explain, freeArea] = [
        args.flag("explain"),
        args.flag("free-area"),
      ];
      const space = args.text("space");
      const what = { explain, freeArea, every, space, options };
      return (lab) =>
        confined(
          lab,
          [spec],
          [file],
          () => orExplain(() => printAddresses(lab, { file, spec, ...what })),
        );
    }
    checkAbsent(args, WITH_ADDRESSES, "goes with --addresses");
    const folder = readFolderOptions(args);
    const choice = {
      allocators: specs,
      overrides: {
        trace: names,
        sample: [count(args, "sample", 1000)],
        touch: [oneOf(args, "touch", TOUCH_POLICIES, "all")],
        pid: [pids?.join("+") ?? ONLY],
      },
      seeds: [1],
      scale: "default" as const,
    };
    const again = commandLine([
      "replay",
      ...names,
      "--allocator",
      specs.join(),
      ...["sample", "touch", "pid"].flatMap((name) => {
        const text = args.text(name);
        return text === undefined ? [] : [`--${name}`, text];
      }),
    ]);
    return (lab) =>
      orExplain(async () => {
        const once = readOnce(lab, names, options);
        if (await requestsBytes(lab, names)) {
          const known = await loadSpecs(lab, specs, folder.limits);
          noteAdvice(lab, specs.map((spec) => known.parse(spec)));
        }
        await launch(lab, [replayExperiment], choice, {
          ...folder,
          out: folder.out ?? replayFolder(`${lab.results}-replay`, names),
          once,
          command: () => again,
        });
      });
  },
};

function isFilled<T>(list: T[]): list is [T, ...T[]] {
  return list.length > 0;
}

/** Throws `UsageError` if one of the options `names` is given. */
function checkAbsent(args: Arguments, names: string[], why: string): void {
  const given = names.find((name) => args.flag(name) || args.text(name));
  if (given !== undefined) throw new UsageError(`--${given} ${why}`);
}

/** The option `name`, a number of operations. */
function count(args: Arguments, name: string, fallback: number): number {
  return wholeOption(args, name, { low: 0, high: 2 ** 32, fallback });
}
