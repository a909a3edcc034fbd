/**
 * `list`: what can be run.
 *
 * @module
 */
import { offersOf } from "../../allocators/capability.ts";
import type { AllocatorEntry, Options } from "../../allocators/entry.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { checkNames } from "./arguments.ts";
import type { Catalogue, Command } from "./command.ts";

/** A workload or an adversary. */
type Listed = Pick<
  Catalogue["workloads"][number],
  "name" | "summary" | "parameters"
>;

/** The command. */
export const list: Command = {
  name: "list",
  summary: "list experiments, allocators and workloads with their parameters",
  usage: ["[name...] [--json]"],
  options: [{ name: "json", summary: "print JSON" }],
  examples: ["list", "list glibc map_churn", "list --json"],
  parse(args, catalogue) {
    const { names } = args;
    const listed = names.length > 0 ? only(catalogue, names) : catalogue;
    return (lab) =>
      lab.print(
        args.flag("json")
          ? JSON.stringify(plain(listed), null, 2) + "\n"
          : text(listed, names.length > 0),
      );
  },
};

/** What `list` shows of a catalogue. */
type Shown = Pick<
  Catalogue,
  "experiments" | "allocators" | "workloads" | "adversaries"
>;

/** What is called `names`; a claim's id stands for its experiment. */
function only(
  { experiments, allocators, workloads, adversaries }: Catalogue,
  names: readonly string[],
): Shown {
  const claims = experiments.flatMap(({ claims }) => claims);
  const all = [...experiments, ...allocators, ...workloads, ...adversaries];
  const known = [...all.map(({ name }) => name), ...claims.map(({ id }) => id)];
  checkNames("name", [...new Set(known)], names);
  const isNamed = ({ name }: { name: string }) => names.includes(name);
  return {
    experiments: experiments.filter((one) =>
      isNamed(one) || one.claims.some(({ id }) => names.includes(id))
    ),
    allocators: allocators.filter(isNamed),
    workloads: workloads.filter(isNamed),
    adversaries: adversaries.filter(isNamed),
  };
}

function plain(
  { experiments, allocators, workloads, adversaries }: Shown,
): object {
  return {
    experiments: experiments.map((e) => ({
      name: e.name,
      question: e.question,
      allocators: e.allocators,
      needs: e.needs ?? [],
      parameters: e.parameters,
      claims: e.claims.map(({ id, statement, source }) => ({
        id,
        statement,
        source,
      })),
    })),
    allocators: allocators.map((a) => ({
      name: a.name,
      summary: a.summary,
      source: a.source,
      layer: a.layer,
      pages: a.createPages !== undefined,
      offers: offersIn(a),
      options: plainOptions(a.options),
      examples: a.examples ?? [],
    })),
    workloads: workloads.map(plainWorkload),
    adversaries: adversaries.map(plainWorkload),
  };
}

function plainWorkload({ name, summary, parameters }: Listed): object {
  return { name, summary, parameters: plainOptions(parameters) };
}

function plainOptions(options: Options): object {
  return Object.fromEntries(
    Object.entries(options).map(([key, { summary, fallback, expects }]) => [
      key,
      { summary, default: fallback, expects },
    ]),
  );
}

/** What is `shown`, kind by kind; all there is to know of it if `inFull`. */
function text(
  { experiments, allocators, workloads, adversaries }: Shown,
  inFull: boolean,
): string {
  const kinds: [title: string, lines: string[]][] = [
    ["Experiments", experiments.flatMap((e) => experimentLines(e, inFull))],
    ["Allocators", allocators.flatMap(allocatorLines)],
    ["Workloads", workloads.flatMap(workloadLines)],
    ["Adversaries", adversaries.flatMap(workloadLines)],
  ];
  return kinds.filter(([, lines]) => lines.length > 0)
    .map((kind) => kind.flat().join("\n") + "\n").join("\n");
}

/** What an allocator offers unless its options say otherwise. */
function offersIn(entry: AllocatorEntry): string[] {
  return [...offersOf({ entry, values: {}, text: entry.name })];
}

function experimentLines(
  { name, question, parameters, needs = [], allocators, claims }: Experiment,
  inFull: boolean,
): string[] {
  return [
    `  ${name}: ${question}`,
    ...(needs.length > 0 ? [`      needs ${needs.join(", ")}`] : []),
    ...Object.entries(parameters).map(([key, { summary, values }]) =>
      `      ${key}=${values.default.join(",")}  ${summary}`
    ),
    ...(inFull
      ? [
        `      allocators ${allocators.join(", ")}`,
        ...claims.map(({ id, statement }) => `      claim ${id}: ${statement}`),
      ]
      : []),
  ];
}

function allocatorLines(entry: AllocatorEntry): string[] {
  return [
    `  ${entry.name}: ${entry.summary}`,
    `      after ${entry.source}`,
    `      offers ${offersIn(entry).join(", ") || "nothing more"}`,
    ...optionLines(entry.options),
  ];
}

function workloadLines({ name, summary, parameters }: Listed): string[] {
  return [`  ${name}: ${summary}`, ...optionLines(parameters)];
}

function optionLines(options: Options): string[] {
  return Object.entries(options).map(([key, { summary, fallback, expects }]) =>
    `      ${key}=${fallback}  ${summary.replace(/\.$/, "")}; ${expects}`
  );
}
