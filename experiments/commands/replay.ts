/**
 * `replay`: the user's own traces under any allocators.
 *
 * @module
 */
import { newHeap } from "../experiment/cell.ts";
import { addressLines, type Extras } from "../replay/addresses.ts";
import { Session } from "../replay/replay.ts";
import { isPagesName } from "../traces/open_pages.ts";
import { openTrace } from "../traces/open_trace.ts";
import { UsageError } from "../runner/failure.ts";
import { replayExperiment } from "../runner/replay_experiment.ts";
import { wholeOption } from "./arguments.ts";
import type { Command, Lab } from "./command.ts";
import { draw } from "./figures.ts";
import { openInput, readOnce } from "./input.ts";
import { launch } from "./launch.ts";
import { printPageAddresses } from "./page_addresses.ts";
import { FOLDER_OPTIONS, readFolderOptions } from "./run_options.ts";
import { ALLOCATOR, loadSpecs, readSpecs } from "./spec_option.ts";

/** The command. */
export const replay: Command = {
  name: "replay",
  summary: "replay traces under allocators: CSV as an experiment has it",
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
    const files = [...new Set(args.names)];
    const specs = readSpecs(args.all("allocator"), allocators);
    if (files.length === 0) throw new UsageError("replay expects a FILE");
    if (files.includes("") || files.some((file) => /[;\p{Cc}]/u.test(file))) {
      throw new UsageError(
        "A FILE needs a name without ; and control characters",
      );
    }
    if (specs.length === 0) throw new UsageError("replay expects --allocator");
    const folder = readFolderOptions(args);
    const sample = wholeOption(args, "sample", {
      low: 0,
      high: 2 ** 32,
      fallback: 1000,
    });
    if (args.flag("addresses")) {
      if (files.length > 1 || specs.length > 1) {
        throw new UsageError("--addresses expects one FILE and one SPEC");
      }
      const freeArea = args.flag("free-area");
      if (freeArea || isPagesName(files[0]!)) {
        return (lab) => printPageAddresses(lab, files[0]!, specs[0]!, freeArea);
      }
      const extras = {
        every: wholeOption(args, "stats-every", {
          low: 0,
          high: 2 ** 32,
          fallback: 0,
        }),
        explain: args.flag("explain"),
      };
      return (lab) => printAddresses(lab, files[0]!, specs[0]!, extras);
    }
    const choice = {
      allocators: specs,
      overrides: { trace: files, sample: [sample] },
      seeds: [1],
      scale: "default" as const,
    };
    return async (lab) => {
      const once = readOnce(lab, files);
      await launch(lab, [replayExperiment], choice, { ...folder, once });
      await draw(lab, [replayExperiment], folder.out);
    };
  },
};

async function printAddresses(
  lab: Lab,
  file: string,
  text: string,
  extras: Extras,
): Promise<void> {
  const spec = (await loadSpecs(lab, [text])).parse(text);
  const memory = spec.entry.process?.(spec.values);
  const subject = { ...newHeap(spec, 1, memory), process: !!memory };
  const trace = openTrace(file, () => openInput(lab, file));
  const session = new Session(subject.heap, subject.source);
  for await (const lines of addressLines(trace, session, subject, extras)) {
    lab.print(lines);
  }
}
