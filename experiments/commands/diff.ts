/**
 * `diff`: two folders of results, or two traces, compared pair by pair; fails
 * where something has grown too much.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import { resolve } from "node:path";
import { offersOf } from "../../allocators/capability.ts";
import { nearest } from "../../allocators/names.ts";
import { memoryOf, newHeap } from "../experiment/cell.ts";
import { measuresOf, SampleSums } from "../experiment/outcome.ts";
import { fileOf, readParameters } from "../experiment/result_files.ts";
import { type Column, KEY_COLUMNS, type Sample } from "../measures/columns.ts";
import { csv, read } from "../measures/csv.ts";
import {
  compare,
  type Comparison,
  type Difference,
  isCalled,
  type Limit,
  limitIn,
  type Measured,
  passes,
} from "../measures/paired.ts";
import { measureText, textTable } from "../measures/text_table.ts";
import { checkOffers } from "../replay/needs.ts";
import { replay, Session } from "../replay/replay.ts";
import { Failure, UsageError } from "../runner/failure.ts";
import { isFolder } from "../runner/files.ts";
import { Results } from "../runner/results.ts";
import { openTrace } from "../traces/open_trace.ts";
import { checkNames, together, wholeOption } from "./arguments.ts";
import type { Command, Lab } from "./command.ts";
import { confined } from "./confined.ts";
import { noteLeftOut, openInput } from "./input.ts";
import { orExplain } from "./other_command.ts";
import { ALLOCATOR, loadSpecs, readSpecs } from "./spec_option.ts";

/** Operations between the samples of a replayed trace. */
const EVERY = 1000;
/** Heaps are made with this seed. */
const SEED = 1;

/** What was asked for. */
interface Request {
  files: readonly [string, string];
  specs: readonly string[];
  limits: readonly (Limit & { text: string })[];
  ignored: readonly string[];
  most: number;
  csv: boolean;
}

/** The command. */
export const diff: Command = {
  name: "diff",
  summary: "compare two folders of results, or two traces, pair by pair",
  notes: {
    title: "A LIMIT is a measure, > or <, and a change:",
    lines: [
      ["peak_footprint>+5%", "its mean has grown by more than 5 %"],
      ["failures>0", "there are more of them than before"],
      [
        "(several seeds)",
        "only if the 95 % interval of the paired differences excludes 0",
      ],
    ],
  },
  usage: [
    "RESULTS_A RESULTS_B [--fail-if LIMIT]... [options]",
    "TRACE_A TRACE_B [--allocator SPEC,SPEC] [--fail-if LIMIT]... [options]",
  ],
  options: [
    { ...ALLOCATOR, summary: `of traces: ${ALLOCATOR.summary}; glibc` },
    {
      name: "fail-if",
      value: "LIMIT",
      many: true,
      summary: "exit code 1 if a difference passes it",
    },
    {
      name: "ignore",
      value: "KEY",
      many: true,
      summary: "pair cells whatever this parameter is",
    },
    { name: "most", value: "N", summary: "show the N largest; 20" },
    { name: "csv", summary: "print all differences as CSV" },
  ],
  examples: [
    "diff data/before data/after",
    "diff data/before data/after --fail-if 'peak_footprint>+5%' --fail-if 'failures>0'",
    "diff old.rep.gz new.rep.gz --allocator glibc,tlsf",
  ],
  parse(args, { allocators }) {
    const [a, b, ...rest] = args.names;
    if (a === undefined || b === undefined || rest.length > 0) {
      throw new UsageError(
        "diff expects two folders of results, or two traces",
      );
    }
    const specs = readSpecs(args.all("allocator"), allocators);
    const request: Request = {
      files: [a, b],
      specs,
      limits: args.all("fail-if").map((text) => {
        const limit = limitIn(text);
        if (limit) return { ...limit, text };
        throw new UsageError(
          `--fail-if expects a limit like peak_footprint>+5%, not "${text}"`,
        );
      }),
      ignored: args.all("ignore"),
      most: wholeOption(args, "most", { low: 1, high: 2 ** 32, fallback: 20 }),
      csv: args.flag("csv"),
    };
    return (lab) =>
      confined(lab, specs, [a, b], () => orExplain(() => run(lab, request)));
  },
};

async function run(lab: Lab, request: Request): Promise<void> {
  const { files, limits } = request;
  const [before, after] = await measured(lab, request);
  const comparison = compare(before, after);
  if (comparison.pairs === 0) {
    throw new Failure(
      `${files[0]} and ${
        files[1]
      } have no cell in common (--ignore KEY leaves ` +
        "a parameter out of what makes a pair)",
    );
  }
  checkMeasures(limits, before);
  lab.print(
    request.csv ? csvText(comparison) : wordsOf(comparison, request.most),
  );
  const failed = limits.flatMap((limit) =>
    comparison.differences.filter((difference) =>
      isCalled(difference.measure, limit.measure) && passes(difference, limit)
    ).map((difference) => `${limit.text}: ${changeWords(difference)}`)
  );
  for (const line of failed.slice(0, -1)) lab.note(line);
  if (failed.length > 0) throw new Failure(failed.at(-1)!);
}

/** Throws `UsageError` for limits on what was not measured. */
function checkMeasures(
  limits: readonly Limit[],
  before: readonly Measured[],
): void {
  const known = new Set(before.flatMap(({ measures }) => [...measures.keys()]));
  const names = [...known].sort();
  const short = names.map((name) => name.replace(/_(bytes|ratio)$/, ""));
  const unknown = limits.map(({ measure }) => measure)
    .filter((measure) => !names.some((name) => isCalled(name, measure)));
  together(...unknown.map((measure) => () => {
    const near = nearest(measure, [...new Set([...short, ...names])]);
    checkNames("measure", near.length > 0 ? near : names, [measure]);
  }));
}

/** What was measured in two folders, or is by replaying two traces. */
async function measured(
  lab: Lab,
  { specs, ignored, files }: Request,
): Promise<readonly [Measured[], Measured[]]> {
  const [a, b] = files;
  const [isA, isB] = [a, b].map((file) => isFolder(resolve(lab.cwd, file)));
  if (isA !== isB) {
    throw new Failure(`${a} and ${b}: one is a folder and one is not`);
  }
  if (!isA) {
    if (ignored.length > 0) {
      throw new UsageError("--ignore goes with folders, not with traces");
    }
    const all = specs.length > 0 ? specs : ["glibc"];
    return [await replayed(lab, a, all), await replayed(lab, b, all)];
  }
  if (specs.length > 0) {
    throw new UsageError("--allocator goes with traces, not with folders");
  }
  const [before, after] = [
    summaryIn(resolve(lab.cwd, a)),
    summaryIn(resolve(lab.cwd, b)),
  ];
  const known = new Set(
    [...before.cells, ...after.cells].flatMap(({ parameters }) => [
      ...parameters.keys(),
    ]),
  );
  checkNames("parameter", [...known].sort(), ignored);
  return [measuredIn(before, ignored), measuredIn(after, ignored)];
}

/** The summary of a folder of results. */
interface Summary {
  names: readonly string[];
  /** A row, and what its cell's parameters are. */
  cells: readonly { row: string[]; parameters: ReadonlyMap<string, string> }[];
}

function summaryIn(folder: string): Summary {
  const results = Results.in(folder);
  const resource = results.about(fileOf("", "summary"));
  if (!resource) throw new Failure(`There is no summary.csv in ${folder}`);
  const { names, rows } = read(results.text(resource));
  const at = names.indexOf("parameters");
  return {
    names,
    cells: rows.map((row) => ({ row, parameters: readParameters(row[at]!) })),
  };
}

/** The cells of a summary, whatever their parameters `ignored` are. */
function measuredIn(
  { names, cells }: Summary,
  ignored: readonly string[],
): Measured[] {
  const at = (name: string) => names.indexOf(name);
  const keys = KEY_COLUMNS.map(({ name }) => name);
  const measures = names.map((name, i) => [name, i] as const)
    .filter(([name]) => !keys.includes(name));
  return cells.map(({ row, parameters }) => {
    const kept = [...parameters].filter(([key]) => !ignored.includes(key))
      .map((pair) => pair.join("=")).join(";");
    return {
      key: [row[at("experiment")]!, row[at("allocator")]!, kept],
      seed: row[at("seed")]!,
      measures: new Map(
        measures.filter(([, i]) => row[i] !== "")
          .map(([name, i]) => [name, Number(row[i])]),
      ),
    };
  });
}

/** A trace under each allocator. */
async function replayed(
  lab: Lab,
  file: string,
  specs: readonly string[],
): Promise<Measured[]> {
  const known = await loadSpecs(lab, specs);
  const trace = openTrace(file, () => openInput(lab, file));
  const cells: Measured[] = [];
  for (const text of specs) {
    const spec = known.parse(text);
    await checkOffers(trace, offersOf(spec));
    const { heap, source } = newHeap(spec, SEED, memoryOf(spec));
    const session = new Session(heap, source, { touch: "all" });
    const samples: Sample[] = [];
    const sink = (sample: Sample) => samples.push(sample);
    await replay(trace, session, { every: EVERY, sink });
    cells.push({
      key: ["replay", spec.text, ""],
      seed: `${SEED}`,
      measures: new Map(
        Object.entries({
          ...measuresOf(session, SampleSums.of(samples)),
          ...residentOf(samples),
        }),
      ),
    });
  }
  noteLeftOut(lab, file, trace);
  return cells;
}

/** Resident bytes over the samples; nothing without a page table. */
function residentOf(samples: readonly Sample[]): Record<string, number> {
  const values = samples.flatMap(({ resident_bytes }) => resident_bytes ?? []);
  if (values.length === 0) return {};
  return {
    peak_resident_bytes: values.reduce((a, b) => Math.max(a, b)),
    mean_resident_bytes: values.reduce((a, b) => a + b) / values.length,
    end_resident_bytes: values.at(-1)!,
  };
}

/** The comparison for a terminal. */
function wordsOf(comparison: Comparison, most: number): string {
  const { differences, pairs, compared, equal } = comparison;
  const { onlyBefore, onlyAfter } = comparison;
  const shown = differences.slice(0, most);
  const alone = [
    ...(onlyBefore > 0 ? [`${onlyBefore} only in the first`] : []),
    ...(onlyAfter > 0 ? [`${onlyAfter} only in the second`] : []),
  ];
  const sums = plural(pairs, "pair of cells", "pairs of cells") +
    (alone.length > 0 ? ` (${alone.join(", ")})` : "") +
    `: ${equal} of ${plural(compared, "measure")} ${
      equal === 1 ? "is" : "are"
    } equal, ${plural(differences.length, "differs", "differ")}\n`;
  if (shown.length === 0) return sums;
  const more = differences.length - shown.length;
  return sums + "\n" + textTable(
    [
      ["change", "before", "after", "95 % interval", "measure", "of"],
      ...shown.map((difference) => {
        const { measure, before, after, interval, key } = difference;
        return [
          shareText(difference),
          measureText(measure, before),
          measureText(measure, after),
          interval
            ? interval.map((end) => measureText(measure, end)).join(" to ")
            : "one pair",
          measure,
          key.filter(Boolean).join(" "),
        ];
      }),
    ],
    ["right", "right", "right", "right", "left", "left"],
  ) + (more > 0 ? `... and ${more} more (--most, --csv)\n` : "");
}

/** What passed a limit. */
function changeWords(difference: Difference): string {
  const { measure, before, after, key } = difference;
  return `${measure} of ${key.filter(Boolean).join(" ")} went from ${
    measureText(measure, before)
  } to ${measureText(measure, after)} (${shareText(difference)})`;
}

function shareText({ share }: Difference): string {
  if (!Number.isFinite(share)) return "from 0";
  return `${share > 0 ? "+" : ""}${(100 * share).toFixed(2)} %`;
}

/** Names of the columns of the CSV. */
const COLUMNS: readonly Column["name"][] = [
  "experiment",
  "allocator",
  "parameters",
  "measure",
  "pairs",
  "before",
  "after",
  "change",
  "ci95_low",
  "ci95_high",
  "change_ratio",
];

function csvText({ differences }: Comparison): string {
  const number = (value: number | undefined) =>
    value === undefined || !Number.isFinite(value) ? "" : `${value}`;
  return csv([
    [...COLUMNS],
    ...differences.map((d) => [
      ...d.key,
      d.measure,
      `${d.pairs}`,
      ...[
        d.before,
        d.after,
        d.change,
        d.interval?.[0],
        d.interval?.[1],
        d.share,
      ]
        .map(number),
    ]),
  ]);
}
