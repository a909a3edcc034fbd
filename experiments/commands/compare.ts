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
import { Replayer } from "../real/replayer.ts";
import { type Requests, writeRequests } from "../real/requests.ts";
import { simulate } from "../real/simulated.ts";
import { curvesCsv, rowOf, tableCsv, tableText } from "../real/table.ts";
import { offersOf } from "../../allocators/capability.ts";
import { checkOffers } from "../replay/needs.ts";
import { Failure, UsageError } from "../runner/failure.ts";
import { projectPath } from "../runner/files.ts";
import { Folder } from "../runner/folder.ts";
import { writeAll } from "../runner/write_all.ts";
import { openTrace } from "../traces/open_trace.ts";
import { plural } from "../traces/plural.ts";
import { wholeOption } from "./arguments.ts";
import type { Command, Lab } from "./command.ts";
import { openInput } from "./input.ts";
import { orExplain } from "./other_command.ts";
import { shortName } from "./replay_folder.ts";
import { loadSpecs, readSpecs } from "./spec_option.ts";

const REPETITIONS = { low: 1, high: 1000, fallback: 9 };
/** Samples over the operations, unless --sample says otherwise. */
const SAMPLES = 1000;

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
  usage: ["TRACE --real NAME,NAME=/path/lib.so [options]", "--install"],
  options: [
    {
      name: "real",
      value: "NAMES",
      summary: `of ${NAMES.join(", ")}; or NAME=/path/lib.so. A library with ` +
        "a loader beside it runs with that; a musl is named by its " +
        "musl-gcc.specs",
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
      summary: "operations between samples; a thousandth of them",
    },
    { name: "json", summary: "print JSON" },
    {
      name: "out",
      value: "FOLDER",
      summary: "tables and page go here; data/results-compare/TRACE",
    },
    { name: "install", summary: "print the command that installs all of them" },
  ],
  examples: [
    "compare mine.rep.gz --real glibc,jemalloc,mimalloc,tcmalloc,musl",
    "compare mine.rep.gz --real glibc,new=/opt/lib/libmimalloc.so --model glibc",
  ],
  parse(args, { allocators }) {
    if (args.flag("install")) {
      return (lab) => lab.print(installCommand(NAMES) + "\n");
    }
    const [file, ...rest] = args.names;
    const real = args.text("real");
    if (!file || rest.length > 0 || real === undefined) {
      throw new UsageError("compare expects one TRACE and --real NAMES");
    }
    readWanted(real, (path) => path);
    const request: Request = {
      file,
      real,
      models: readSpecs(args.all("model"), allocators),
      repetitions: wholeOption(args, "repetitions", REPETITIONS),
      every: wholeOption(args, "sample", {
        low: 1,
        high: 2 ** 40,
        fallback: 0,
      }),
      json: args.flag("json"),
      out: args.text("out"),
    };
    return (lab) => orExplain(() => run(lab, request));
  },
};

async function run(lab: Lab, request: Request): Promise<void> {
  if (Deno.build.os !== "linux") throw new Failure("compare needs Linux");
  const { state } = await Deno.permissions.query({
    name: "run",
    command: "setarch",
  });
  if (state !== "granted") {
    throw new Failure("Only `deno task compare` may start programs");
  }
  const { file, models } = request;
  const known = await loadSpecs(lab, models);
  const specs = models.map((text) => known.parse(text));
  const subjects = readWanted(request.real, (path) => resolve(lab.cwd, path))
    .map((wanted) => find(wanted, projectPath("data")));
  const folder = projectPath("data/real");
  const fixed = await fixedAddresses();
  const replayers: Replayer[] = [];
  for (const subject of subjects) {
    replayers.push(await Replayer.built(subject, folder, fixed));
  }
  const place = request.out ?? `${lab.results}-compare/${shortName(file)}`;
  using results = await Folder.open(resolve(lab.cwd, place));
  const requests = Deno.makeTempFileSync({ dir: folder, suffix: ".rep" });
  try {
    const found = await copied(lab, file, requests);
    const { operations } = found;
    const every = request.every || Math.ceil(operations / SAMPLES);
    const { repetitions } = request;
    const { process, measured } = await measureAll(replayers, {
      file: requests,
      operations,
      every,
      repetitions,
      status: lab.status,
    });
    for (const spec of specs) {
      lab.status(`model: ${spec.text}`);
      const trace = openTrace(requests, () => openInput(lab, requests));
      await checkOffers(trace, offersOf(spec));
      measured.push(await simulate(spec, trace, every));
    }
    lab.status("");
    const remarks = [
      `${plural(operations, "operation")}; resident: anonymous, since before ` +
      "the first, payload written",
      `time: CPU, no payload written, ${
        plural(repetitions, "measurement")
      } in turns; in brackets: 95 % interval of the median`,
      `huge pages: ${process.hugePages}; addresses ${
        process.randomized ? "" : "not "
      }randomized`,
      ...leftOut(found),
    ];
    if (request.json) {
      lab.print(
        JSON.stringify(
          {
            trace: file,
            operations,
            huge_pages: process.hugePages,
            randomized: process.randomized,
            repetitions,
            allocators: measured.map(rowOf),
          },
          null,
          2,
        ) + "\n",
      );
    } else {
      lab.print(tableText(measured));
      for (const remark of remarks) lab.note(remark);
    }
    results.write("compare.csv", tableCsv(measured));
    results.write("over_time.csv", curvesCsv(measured));
    results.write("index.html", pageOf(shortName(file), measured, remarks));
    lab.note(`Tables and the page are in ${place}`);
  } finally {
    Deno.removeSync(requests);
  }
}

/** Writes the requests of `file` to `path`. */
async function copied(
  lab: Lab,
  file: string,
  path: string,
): Promise<Requests> {
  const trace = openTrace(file, () => openInput(lab, file));
  using out = Deno.openSync(path, { write: true, truncate: true });
  return await writeRequests(trace, (text) => writeAll(out, text));
}

/** What of the trace was not replayed. */
function leftOut({ commands, threads }: Requests): string[] {
  return [
    ...(commands > 0
      ? [`left out: ${plural(commands, "command")} to glibc's malloc`]
      : []),
    ...(threads > 1 ? [`${threads} threads are replayed as one`] : []),
  ];
}
