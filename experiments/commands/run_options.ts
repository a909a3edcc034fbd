/**
 * The options that say what to run and where results go, as all commands that
 * run cells have them.
 *
 * @module
 */
import type { AllocatorEntry } from "../../allocators/entry.ts";
import type { Experiment, Scale, Value } from "../experiment/experiment.ts";
import { UsageError } from "../runner/failure.ts";
import { LIMITS, type Limits } from "../runner/module_process.ts";
import type { Choice } from "../runner/plan.ts";
import { expectedInstead } from "../runner/settable.ts";
import {
  type Arguments,
  checkNames,
  type Option,
  together,
  wholeNumber,
  wholeOption,
} from "./arguments.ts";
import { ALLOCATOR, readSpecs } from "./spec_option.ts";

/** Most seeds of one run. */
const MAX_SEEDS = 10_000;
/** Seeds are whole numbers up to here. */
const MAX_SEED = 2 ** 32 - 1;
/** Bytes of a MiB. */
const MIB = 2 ** 20;
/** MiB that the process of a module has at least: it takes some 100 itself. */
const LEAST_MIB = 256;
/** A week. */
const MAX_SECONDS = 604_800;
const SCALES: readonly Scale[] = ["quick", "default", "full"];

/** How to run, and where results go. */
export interface FolderChoice {
  /** Cells at a time; 0: as many as there are processors. */
  jobs: number;
  /** Folder of the results; undefined: the usual one. */
  out?: string;
  /** Whether to take finished cells over. */
  resume: boolean;
  /** What foreign modules may take. */
  limits: Limits;
}

/** Options about processors and the folder of results, of which one is `usual`. */
export function folderOptions(usual: string): readonly Option[] {
  return [
    { name: "jobs", value: "N", summary: "cells at a time; all processors" },
    { name: "out", value: "FOLDER", summary: `results go here; ${usual}` },
    {
      name: "resume",
      summary: "take over what an interrupted run has finished",
    },
    {
      name: "cell-time",
      value: "SECONDS",
      summary: `time that a cell of a module has; ${LIMITS.cell}`,
    },
    {
      name: "cell-memory",
      value: "MIB",
      summary: `memory that a module has; ${LIMITS.memory / MIB}`,
    },
    {
      name: "cell-disk",
      value: "MIB",
      summary: `disk that rows of a cell of a module have; ${
        LIMITS.disk / MIB
      }`,
    },
  ];
}

/** All of them. */
export const RUN_OPTIONS: readonly Option[] = [
  ALLOCATOR,
  {
    name: "set",
    value: "KEY=V1,V2",
    many: true,
    summary: "values of a parameter; 1+2+4 is one value, a list",
  },
  { name: "seed", value: "N", summary: "one seed of the random draws" },
  {
    name: "seeds",
    value: "N|A,B,C",
    summary: "seeds 1..N, or those listed; 5, at scale quick 1",
  },
  {
    name: "scale",
    value: "SCALE",
    summary: "values of the parameters: quick, default or full",
  },
  ...folderOptions("data/results"),
];

/** Reads what to run of `experiments`. */
export function readChoice(
  args: Arguments,
  allocators: readonly AllocatorEntry[],
  experiments: readonly Experiment[],
): Choice {
  const [overrides, specs, seeds, scale] = together(
    () => readOverrides(args, experiments),
    () => readSpecs(args.all("allocator"), allocators),
    () => readSeeds(args),
    () => readScale(args.text("scale") ?? "default"),
  );
  return {
    ...(specs.length > 0 && { allocators: specs }),
    overrides,
    ...(seeds && { seeds }),
    scale,
  };
}

/** Reads `--set` for `experiments`. */
function readOverrides(
  args: Arguments,
  experiments: readonly Experiment[],
): Record<string, Value[]> {
  const overrides = readSettings(args.all("set"));
  const known = new Set(
    experiments.flatMap(({ parameters }) => Object.keys(parameters)),
  );
  const keys = Object.keys(overrides);
  together(
    () => checkNames("parameter", [...known].sort(), keys),
    ...Object.entries(overrides).flatMap(([key, values]) =>
      values.map((value) => () => checkSetting(experiments, key, value))
    ),
  );
  return overrides;
}

/** Throws `UsageError` if one of `experiments` cannot have this value. */
function checkSetting(
  experiments: readonly Experiment[],
  key: string,
  value: Value,
): void {
  for (const { name, parameters } of experiments) {
    if (!Object.hasOwn(parameters, key)) continue;
    const expected = expectedInstead(parameters[key]!, value);
    if (expected === undefined) continue;
    throw new UsageError(
      `--set ${key} of ${name} expects ${expected}, not "${value}"`,
    );
  }
}

/** Reads the options of {@linkcode folderOptions}. */
export function readFolderOptions(args: Arguments): FolderChoice {
  const out = args.text("out");
  const number = (name: string, low: number, high: number, fallback: number) =>
    wholeOption(args, name, { low, high, fallback });
  const { start, cell, memory, disk } = LIMITS;
  return {
    jobs: number("jobs", 1, 1024, 0),
    limits: {
      start,
      cell: number("cell-time", 1, MAX_SECONDS, cell),
      memory: MIB * number("cell-memory", LEAST_MIB, 2 ** 20, memory / MIB),
      disk: MIB * number("cell-disk", 1, 2 ** 30, disk / MIB),
    },
    ...(out !== undefined && { out }),
    resume: args.flag("resume"),
  };
}

/** Reads `--set`: values that look like numbers are numbers. */
export function readSettings(
  settings: readonly string[],
): Record<string, Value[]> {
  const read = new Map<string, Value[]>();
  for (const setting of settings) {
    const match = /^([A-Za-z0-9_]+)=(.+)$/.exec(setting);
    const values = match?.[2]?.split(",") ?? [];
    if (!match || values.includes("") || /[;\p{Cc}]/u.test(setting)) {
      throw new UsageError(`--set expects KEY=V1,V2, not "${setting}"`);
    }
    const key = match[1]!;
    if (read.has(key)) throw new UsageError(`--set ${key} is given twice`);
    read.set(key, [...new Set(values.map(readValue))]);
  }
  return Object.fromEntries(read);
}

function readValue(text: string): Value {
  const isNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text);
  return isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Reads `--seed` and `--seeds`; undefined if neither is given. */
export function readSeeds(args: Arguments): number[] | undefined {
  const one = args.text("seed");
  const some = args.text("seeds");
  if (one !== undefined && some !== undefined) {
    throw new UsageError("--seed and --seeds exclude each other");
  }
  if (one !== undefined) {
    return [wholeOption(args, "seed", { low: 0, high: MAX_SEED, fallback: 1 })];
  }
  if (some === undefined) return undefined;
  const numbers = some.split(",").map((text) => wholeNumber(text, 0, MAX_SEED));
  const count = numbers.length === 1 && numbers[0] !== undefined
    ? numbers[0]
    : numbers.length;
  if (numbers.includes(undefined) || count < 1 || count > MAX_SEEDS) {
    throw new UsageError(
      `--seeds expects a number in 1..${MAX_SEEDS} or a list 3,5,9, not "${some}"`,
    );
  }
  return numbers.length === 1
    ? Array.from({ length: count }, (_, i) => i + 1)
    : [...new Set(numbers as number[])];
}

function readScale(text: string): Scale {
  const scale = SCALES.find((known) => known === text);
  if (scale) return scale;
  throw new UsageError(`--scale is one of ${SCALES.join(", ")}, not "${text}"`);
}
