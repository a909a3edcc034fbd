/**
 * `why`: where the resident memory of a recorded program is, who keeps what it
 * does not use, and what would change it.
 *
 * @module
 */
import { basename, resolve } from "node:path";
import type { NamedSpec } from "../runner/specs.ts";
import { TOUCH_POLICIES } from "../replay/replay.ts";
import { Failure, UsageError } from "../runner/failure.ts";
import { Folder } from "../runner/folder.ts";
import { openTrace } from "../traces/open_trace.ts";
import { whole } from "../traces/whole.ts";
import { Replays } from "../why/replays.ts";
import { pageOf } from "../why/page.ts";
import { type Why, whyOf } from "../why/why.ts";
import { whyText } from "../why/words.ts";
import { oneOf, readPids, wholeOption } from "./arguments.ts";
import type { Command, Lab } from "./command.ts";
import { confined } from "./confined.ts";
import { noteLeftOut, openInput } from "./input.ts";
import { orExplain } from "./other_command.ts";
import { shortName } from "./replay_folder.ts";
import { loadSpecs, readSpecs } from "./spec_option.ts";

/** Rows of the longest trace that is kept in memory: 240 MB of it. */
const MOST_ROWS = 2 ** 23;
/** The page in its folder. */
const PAGE = "index.html";

/** What was asked for. */
interface Request {
  file: string;
  spec: string;
  at: string;
  touch: typeof TOUCH_POLICIES[number];
  jobs: number;
  pids: readonly number[] | undefined;
  out: string | undefined;
}

/** The command. */
export const why: Command = {
  name: "why",
  summary: "where a program's resident memory is, and what keeps it",
  usage: ["TRACE [--allocator SPEC] [--at INSTANT] [options]"],
  options: [
    {
      name: "allocator",
      value: "SPEC",
      summary: "the allocator of the program, with its options; glibc",
    },
    {
      name: "at",
      value: "INSTANT",
      summary: "a number of operations, a mark of the trace, peak (most " +
        "resident), end, or waste (most resident and not in use); waste",
    },
    {
      name: "touch",
      value: "HOW",
      summary: "payload written when it is allocated: none, first, all; all, " +
        "as programs write what they ask for",
    },
    {
      name: "pid",
      value: "N,M",
      summary: "processes whose calls to take from a log; those of one program",
    },
    { name: "jobs", value: "N", summary: "replays at a time; all processors" },
    {
      name: "out",
      value: "FOLDER",
      summary: "the page goes here; data/results-why/TRACE",
    },
  ],
  examples: [
    "why mine.rep.gz",
    "why mine.rep.gz --allocator glibc:version=2.41 --at peak",
    "why mine.rep.gz --at after_clear --out data/mine",
    "why - --at end < mine.rep",
  ],
  parse(args, { allocators }) {
    const [file, ...rest] = args.names;
    if (!file || rest.length > 0) {
      throw new UsageError("why expects one TRACE");
    }
    const given = args.text("allocator");
    const [spec, ...others] = readSpecs([given ?? "glibc"], allocators);
    if (others.length > 0) {
      throw new UsageError("why expects one --allocator SPEC");
    }
    const request: Request = {
      file,
      spec: spec!,
      at: args.text("at") ?? "waste",
      touch: oneOf(args, "touch", TOUCH_POLICIES, "all"),
      jobs: wholeOption(args, "jobs", { low: 1, high: 64, fallback: 0 }),
      pids: readPids(args),
      out: args.text("out"),
    };
    return (lab) =>
      confined(
        lab,
        [request.spec],
        [file],
        () => orExplain(() => run(lab, request)),
      );
  },
};

async function run(lab: Lab, request: Request): Promise<void> {
  const { file, out } = request;
  const specs = await loadSpecs(lab, [request.spec]);
  if (lab.isConfined) { // where nothing can be written, and no worker started
    lab.print(whyText(await ask(lab, request, specs.parse(request.spec))));
    lab.note("There is no page for an allocator of a module");
    return;
  }
  const place = out ?? `${lab.results}-why/${shortName(file)}`;
  using folder = await Folder.open(resolve(lab.cwd, place));
  const answer = await ask(lab, request, specs.parse(request.spec));
  lab.print(whyText(answer));
  folder.write(PAGE, pageOf(answer));
  lab.note(`The page is ${place}/${PAGE}`);
}

async function ask(
  lab: Lab,
  { file, at, touch, jobs, pids }: Request,
  spec: NamedSpec,
): Promise<Why> {
  // Workers get ready while the file is read.
  using lanes = new Replays(spec.module ? 0 : (jobs || lab.cores) - 1);
  const open = () => openInput(lab, file);
  const streamed = openTrace(file, open, pids ? { pids } : {});
  const kept = await whole(streamed, MOST_ROWS, true);
  if (!kept && file === "-") {
    throw new Failure(
      `Standard input has more than ${MOST_ROWS} lines: save it as a file first`,
    );
  }
  const trace = kept && { ...kept, name: basename(file) } || streamed;
  const replays = kept
    ? lanes.replayEverywhere(kept)
    : lanes.replayHere(streamed);
  try {
    const answer = await whyOf({ trace, spec, at, touch, replays });
    noteLeftOut(lab, file, streamed);
    return answer;
  } catch (error) {
    if (error instanceof RangeError) throw new Failure(error.message);
    throw error;
  }
}
