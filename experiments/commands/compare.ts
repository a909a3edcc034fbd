/**
 * `compare --real`: the real allocators of this machine side by side, and
 * models beside them, on the requests of one trace.
 *
 * @module
 */
import { resolve } from "node:path";
import { fixedAddresses } from "../real/fixed.ts";
import { find, installCommand, NAMES, readWanted } from "../real/allocators.ts";
import { measureAll } from "../real/measure.ts";
import { pageOf } from "../real/page.ts";
import type { Process } from "../real/output.ts";
import { Replayer } from "../real/replayer.ts";
import { sizeClassesOf } from "../real/sizes.ts";
import type { ClassRuns } from "../measures/size_classes.ts";
import { type Requests, writeRequests } from "../real/requests.ts";
import { simulate } from "../real/simulated.ts";
import {
  COLUMNS,
  curvesCsv,
  rowOf,
  tableCsv,
  tableText,
} from "../real/table.ts";
import { offersOf } from "../../allocators/capability.ts";
import { checkOffers } from "../replay/needs.ts";
import { ClosedFolder, Failure, UsageError } from "../runner/failure.ts";
import { openFile, projectPath } from "../runner/files.ts";
import { replaceFile } from "../runner/commit.ts";
import { tableHeader, tableLines } from "../real/recorded_table.ts";
import {
  REAL_TABLE,
  SIDE_BY_SIDE,
  sideBySide,
} from "../workloads/side_by_side.ts";
import type { Trace } from "../traces/trace.ts";
import { Folder } from "../runner/folder.ts";
import { TemporaryFolder } from "../runner/temporary_folder.ts";
import { writeAll } from "../runner/write_all.ts";
import { openTrace } from "../traces/open_trace.ts";
import { plural } from "../traces/plural.ts";
import { type Arguments, wholeOption } from "./arguments.ts";
import { compareGlibc } from "./compare_glibc.ts";
import type { Command, Lab } from "./command.ts";
import { noteLeftOut, openInput } from "./input.ts";
import { orExplain } from "./other_command.ts";
import { shortName } from "./replay_folder.ts";
import { loadSpecs, readSpecs } from "./spec_option.ts";

const REPETITIONS = { low: 1, high: 1000, fallback: 9 };
/** Where programs are built and requests are written. */
const BUILD = projectPath("data/real");
const REQUESTS = "requests.rep";
/** Samples over the operations, unless --sample says otherwise. */
const SAMPLES = 1000;

/** Operations between samples where answers are compared. */
const EVERY = 1000;
const SAMPLE = { low: 1, high: 2 ** 40, fallback: 0 };
/** Options that make sense with `--real` only, and without it. */
const REAL_ONLY = ["model", "repetitions", "json", "sizes", "table"];
const GLIBC_ONLY = ["allocator", "version", "folder"];

/** What was asked for. */
interface Request {
  file: string;
  real: string;
  models: readonly string[];
  repetitions: number;
  every: number;
  json: boolean;
  out: string | undefined;
}

/** The command. */
export const compare: Command = {
  name: "compare",
  call: "deno task",
  summary: "real allocators side by side, and models beside them",
  usage: [
    "TRACE --real NAME,NAME=/path/lib.so [options]",
    "TRACE [--allocator glibc:...]: the simulated glibc, answer by answer",
    "--sizes --real NAMES",
    "--table --real NAMES",
    "--install",
  ],
  options: [
    {
      name: "real",
      value: "NAMES",
      summary: `of ${NAMES.join(", ")}; or NAME=/path/lib.so. A library with ` +
        "a loader beside it runs with that; a musl is named by its " +
        "musl-gcc.specs, and linked statically unless NAME ends with -dyn",
    },
    {
      name: "model",
      value: "SPEC,SPEC",
      many: true,
      summary: "models beside them, e.g. glibc,musl,best_fit",
    },
    {
      name: "repetitions",
      value: "N",
      summary: "measurements of time, in turns; 9",
    },
    {
      name: "sample",
      value: "N",
      summary: "operations between samples; with --real a thousandth of " +
        "them, else 1000",
    },
    {
      name: "json",
      summary: "with --real: print JSON: trace, operations, huge_pages, " +
        "randomized, repetitions, allocators (their fields: below)",
    },
    {
      name: "sizes",
      summary: "print the size classes of the allocators as JSON; no TRACE",
    },
    {
      name: "out",
      value: "FOLDER",
      summary: "tables and page go here; data/results-compare/TRACE. " +
        "Without --real a file: break and resident pages of both",
    },
    {
      name: "allocator",
      value: "SPEC",
      summary: "without --real: the simulation, with the options of the real " +
        "one; glibc",
    },
    {
      name: "version",
      value: "V",
      summary: "without --real: 2.31, 2.36, 2.41, 2.43 or 2.44; the " +
        "machine's own 2.36",
    },
    {
      name: "folder",
      value: "DIR",
      summary: "where those are: filled by tests/oracle/glibc_versions.sh " +
        "DIR; data/glibc",
    },
    {
      name: "table",
      summary: `write data/${REAL_TABLE}, which experiments read; no TRACE`,
    },
    { name: "install", summary: "print the command that installs all of them" },
  ],
  notes: {
    title: "With --real, columns of compare.csv, and fields of --json for " +
      "each of its allocators; empty or absent where there is nothing to " +
      "measure:",
    lines: [
      ["allocator", "As it was named; a real one and its model alike."],
      ["version", 'What it says of itself; "model" for a simulated one.'],
      ...COLUMNS.map(({ name, description }) => [name, description]),
    ],
  },
  examples: [
    "compare mine.rep.gz --real glibc,jemalloc,mimalloc,tcmalloc,musl",
    "compare mine.rep.gz --real glibc,new=/opt/lib/libmimalloc.so --model glibc",
  ],
  parse(args, { allocators }) {
    if (args.flag("install")) {
      refuse(args, [...REAL_ONLY, ...GLIBC_ONLY, "real"], "without --install");
      if (args.names.length > 0) {
        throw new UsageError("compare --install expects no TRACE");
      }
      return (lab) => lab.print(installCommand(NAMES) + "\n");
    }
    const real = args.text("real");
    const others = [
      ...(args.flag("sizes") ? [printSizes] : []),
      ...(args.flag("table") ? [writeTable] : []),
    ];
    const [file, ...rest] = args.names;
    const wanted = (file === undefined ? 0 : 1) + others.length;
    if (wanted !== 1 || rest.length > 0) {
      throw new UsageError("compare expects one of TRACE, --sizes, --table");
    }
    const every = wholeOption(args, "sample", SAMPLE);
    if (real === undefined) {
      refuse(args, REAL_ONLY, "with --real NAMES");
      const request = {
        file: file!,
        spec: args.text("allocator") ?? "glibc",
        version: args.text("version"),
        folder: args.text("folder"),
        every: every || EVERY,
        out: args.text("out"),
      };
      return async (lab) => {
        await mayRun();
        return await compareGlibc(lab, request);
      };
    }
    refuse(args, GLIBC_ONLY, "without --real");
    readWanted(real, (path) => path);
    const [other] = others;
    if (other) return (lab) => other(lab, real);
    const request: Request = {
      file: file!,
      real,
      models: readSpecs(args.all("model"), allocators),
      repetitions: wholeOption(args, "repetitions", REPETITIONS),
      every,
      json: args.flag("json"),
      out: args.text("out"),
    };
    return (lab) => orExplain(() => run(lab, request));
  },
};

/** Throws `UsageError` if one of `names` is given, which goes as `what` says. */
function refuse(args: Arguments, names: readonly string[], what: string): void {
  const given = names.find((name) => args.flag(name) || args.all(name).length);
  if (given) throw new UsageError(`--${given} goes ${what}`);
}

/** Throws `Failure` if this process may not run the programs. */
async function mayRun(): Promise<void> {
  if (Deno.build.os !== "linux") throw new Failure("compare needs Linux");
  const { state } = await Deno.permissions.query({
    name: "run",
    command: "setarch",
  });
  if (state === "granted") return;
  throw new Failure("Only `deno task compare` may start programs");
}

/** The allocators that `--real` names, ready to run. */
async function replayersOf(lab: Lab, real: string): Promise<Replayer[]> {
  await mayRun();
  const subjects = readWanted(real, (path) => resolve(lab.cwd, path))
    .map((wanted) => find(wanted, projectPath("data")));
  const fixed = await fixedAddresses();
  const replayers: Replayer[] = [];
  for (const subject of subjects) {
    replayers.push(await Replayer.built(subject, BUILD, fixed));
  }
  return replayers;
}

async function printSizes(lab: Lab, real: string): Promise<void> {
  const classes: Record<string, ClassRuns> = {};
  for (const replayer of await replayersOf(lab, real)) {
    lab.status(replayer.name);
    const { version } = await replayer.process();
    classes[version] = await sizeClassesOf(replayer);
  }
  lab.print(JSON.stringify(classes) + "\n");
}

async function writeTable(lab: Lab, real: string): Promise<void> {
  const replayers = await replayersOf(lab, real);
  const data = (path: string) => openFile(projectPath(`data/${path}`), path);
  using temporary = await TemporaryFolder.in(BUILD);
  const file = `${temporary.path}/${REQUESTS}`;
  let text = tableHeader();
  for (const name of SIDE_BY_SIDE) {
    lab.status(name);
    const trace = sideBySide(name, data);
    const { operations } = await copied(trace, file);
    text += await tableLines({ name, file, operations }, replayers);
  }
  replaceFile(projectPath(`data/${REAL_TABLE}`), text);
  lab.note(`data/${REAL_TABLE} is written`);
}

async function run(lab: Lab, request: Request): Promise<void> {
  const { file, models, repetitions } = request;
  const known = await loadSpecs(lab, models);
  const specs = models.map((text) => known.parse(text));
  const replayers = await replayersOf(lab, request.real);
  const place = request.out ?? `${lab.results}-compare/${shortName(file)}`;
  using results = await opened(resolve(lab.cwd, place));
  using temporary = await TemporaryFolder.in(BUILD);
  const requests = `${temporary.path}/${REQUESTS}`;
  const trace = openTrace(file, () => openInput(lab, file));
  const found = await copied(trace, requests);
  noteLeftOut(lab, file, trace);
  const { operations } = found;
  const every = request.every || Math.ceil(operations / SAMPLES);
  const { process, measured } = await measureAll(replayers, {
    file: requests,
    operations,
    every,
    repetitions,
    status: lab.status,
  });
  for (const spec of specs) {
    lab.status(`model: ${spec.text}`);
    const trace = openTrace(
      `${file}, requests only`,
      () => openInput(lab, requests),
    );
    await checkOffers(trace, offersOf(spec));
    measured.push(await simulate(spec, trace, every, measured));
  }
  lab.status("");
  const remarks = remarksOf(found, process, repetitions);
  if (request.json) {
    const about = {
      trace: file,
      operations,
      huge_pages: process.hugePages,
      randomized: process.randomized,
      repetitions,
      allocators: measured.map(rowOf),
    };
    lab.print(JSON.stringify(about, null, 2) + "\n");
  } else {
    lab.print(tableText(measured));
    for (const remark of remarks) lab.note(remark);
  }
  results.write("compare.csv", tableCsv(measured));
  results.write("over_time.csv", curvesCsv(measured));
  results.write("index.html", pageOf(shortName(file), measured, remarks));
  lab.note(`Tables and the page are in ${place}`);
}

/** The folder of results at `path`, which other permissions do not open. */
async function opened(path: string): Promise<Folder> {
  try {
    return await Folder.open(path);
  } catch (error) {
    if (error instanceof ClosedFolder) throw new Failure(error.message);
    throw error;
  }
}

/** How it was measured. */
function remarksOf(
  { operations, commands, threads }: Requests,
  { hugePages, randomized }: Process,
  repetitions: number,
): string[] {
  return [
    `${plural(operations, "operation")}; resident: anonymous, since before ` +
    "the first, payload written",
    `time: CPU, no payload written, ${plural(repetitions, "measurement")} ` +
    "in turns; in brackets: 95 % interval of the median",
    `huge pages: ${hugePages}; addresses ${randomized ? "" : "not "}randomized`,
    ...(commands > 0
      ? [`left out: ${plural(commands, "command")} to glibc's malloc`]
      : []),
    ...(threads > 1 ? [`${threads} threads are replayed as one`] : []),
  ];
}

/** Writes the requests of `trace` to the file at `path`. */
async function copied(trace: Trace, path: string): Promise<Requests> {
  using out = Deno.openSync(path, {
    write: true,
    create: true,
    truncate: true,
  });
  return await writeRequests(trace, (text) => writeAll(out, text));
}
