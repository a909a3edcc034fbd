/**
 * `sweep`: experiments of so many cells that one machine is not enough.
 *
 * @module
 */
import { UsageError } from "../runner/failure.ts";
import { ENGINES } from "../sweep/engines.ts";
import {
  type Arguments,
  checkNames,
  oneOf,
  type Option,
  wholeNumber,
  wholeOption,
} from "./arguments.ts";
import type { Command } from "./command.ts";
import { folderOptions, readFolderOptions } from "./run_options.ts";
import { collect } from "./sweep_collect.ts";
import {
  doctor,
  plan,
  run,
  status,
  submit,
  type SweepOrder,
} from "./sweep_actions.ts";

/** Most shards of a sweep. */
const MAX_SHARDS = 1_000_000;

/** What can be done, and with which options. */
const ACTIONS = {
  plan: { act: plan, options: [] },
  run: {
    act: run,
    options: [
      ...["cells", "out", "shard", "shards", "jobs"],
      ...["cell-time", "cell-memory", "cell-disk"],
    ],
  },
  status: { act: status, options: ["cells", "out", "shards", "json", "watch"] },
  collect: { act: collect, options: ["cells", "out", "shards", "results"] },
  submit: {
    act: submit,
    options: ["cells", "out", "shards", "engine", "hosts", "jobs", "go"],
  },
  doctor: { act: doctor, options: ["cells", "out", "shards", "engine"] },
} as const;

const OPTIONS: readonly Option[] = [
  { name: "cells", value: "FILE", summary: "the plan" },
  { name: "out", value: "FOLDER", summary: "the shards; all that is kept" },
  {
    name: "shards",
    value: "N",
    summary: "shards of the plan; so many that each has 1000 cells",
  },
  {
    name: "shard",
    value: "K/N",
    summary: "run: shard K of N, 1 being the first; all that are left",
  },
  {
    name: "jobs",
    value: "N",
    summary: "run: cells at a time; all processors, 1 with --shard. submit: " +
      "shards at a time",
  },
  {
    name: "engine",
    value: "ENGINE",
    summary: `submit, doctor: ${ENGINES.join(", ")}; local`,
  },
  { name: "hosts", value: "FILE", summary: "submit: parallel's sshloginfile" },
  { name: "go", summary: "submit: start it" },
  { name: "json", summary: "status: as JSON" },
  { name: "watch", summary: "status: until all shards are there" },
  {
    name: "results",
    value: "FOLDER",
    summary: "collect: results go here; data/results",
  },
  ...folderOptions("").filter(({ name }) => name.startsWith("cell-")),
];

/** The command. */
export const sweep: Command = {
  name: "sweep",
  call: "deno task",
  summary: "experiments of many cells on many machines",
  usage: [
    "plan SPEC.json > cells.jsonl",
    "run --cells FILE --out FOLDER [--shard K/N]",
    "status|collect|submit|doctor --cells FILE --out FOLDER [options]",
  ],
  options: OPTIONS,
  notes: {
    title: "SPEC.json is an object, or a list of them, with these members",
    lines: [
      ["experiment", "its name"],
      ["allocators", "specs instead of its own"],
      ["set", "values of its parameters: { name: [value, ...] }"],
      ["seeds", "a number of them, or a list"],
      ["scale", "quick, default or full"],
    ],
  },
  examples: [
    "sweep plan spec.json > data/cells.jsonl",
    "sweep doctor --cells data/cells.jsonl --out data/shards",
    "sweep submit --cells data/cells.jsonl --out data/shards --engine slurm --go",
    "sweep status --cells data/cells.jsonl --out data/shards",
    "sweep collect --cells data/cells.jsonl --out data/shards --results data/sweep",
  ],
  parse(args) {
    const [name, ...names] = args.names;
    const known = Object.keys(ACTIONS);
    if (name === undefined) {
      throw new UsageError(`sweep expects one of ${known.join(", ")}`);
    }
    checkNames("action", known, [name]);
    const { act, options } = ACTIONS[name as keyof typeof ACTIONS];
    const extra = OPTIONS.find(({ name }) =>
      !(options as readonly string[]).includes(name) &&
      (args.flag(name) || args.text(name) !== undefined)
    );
    if (extra) throw new UsageError(`sweep ${name} has no --${extra.name}`);
    const takes = name === "plan" ? 1 : 0;
    if (names.length !== takes) {
      throw new UsageError(
        takes === 1
          ? "sweep plan expects one file, SPEC.json"
          : `sweep ${name} takes no more words: what is "${names[0]}"?`,
      );
    }
    const order = readOrder(args, names, name !== "plan");
    return (lab) => act(lab, order);
  },
};

function readOrder(
  args: Arguments,
  [spec = ""]: readonly string[],
  needsPlan: boolean,
): SweepOrder {
  const [cells, out, results, hosts] = ["cells", "out", "results", "hosts"]
    .map((name) => args.text(name));
  if (needsPlan && (cells === undefined || out === undefined)) {
    throw new UsageError("expected --cells FILE and --out FOLDER");
  }
  const shard = readShard(args.text("shard"));
  const shards = args.text("shards") === undefined
    ? shard?.of
    : wholeOption(args, "shards", { low: 1, high: MAX_SHARDS, fallback: 1 });
  if (shard && shards !== shard.of) {
    throw new UsageError(`--shards ${shards} is not that of --shard`);
  }
  const { jobs, limits } = readFolderOptions(args);
  return {
    spec,
    cells: cells ?? "",
    out: out ?? "",
    ...(shard && { shard: shard.number }),
    ...(shards !== undefined && { shards }),
    ...(results !== undefined && { results }),
    ...(hosts !== undefined && { hosts }),
    jobs,
    limits,
    engine: oneOf(args, "engine", ENGINES, "local"),
    go: args.flag("go"),
    json: args.flag("json"),
    watch: args.flag("watch"),
  };
}

function readShard(text: string | undefined) {
  if (text === undefined) return undefined;
  const [number, of] = text.split("/").map((n) =>
    wholeNumber(n, 1, MAX_SHARDS)
  );
  if (/^\d+\/\d+$/.test(text) && number && of && number <= of) {
    return { number, of };
  }
  throw new UsageError(`--shard expects K/N with K in 1..N, not "${text}"`);
}
