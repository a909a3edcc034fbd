/**
 * `list`: what can be run.
 *
 * @module
 */
import { offersOf } from "../../allocators/capability.ts";
import type { AllocatorEntry, Options } from "../../allocators/entry.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { UsageError } from "../runner/failure.ts";
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
  usage: ["[--json]"],
  options: [{ name: "json", summary: "print JSON" }],
  examples: ["list", "list --json"],
  parse(args, catalogue) {
    if (args.names.length > 0) {
      throw new UsageError(`list takes no names, not "${args.names[0]}"`);
    }
    return (lab) =>
      lab.print(
        args.flag("json")
          ? JSON.stringify(plain(catalogue), null, 2) + "\n"
          : text(catalogue),
      );
  },
};

function plain(
  { experiments, allocators, workloads, adversaries }: Catalogue,
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

function text(
  { experiments, allocators, workloads, adversaries }: Catalogue,
): string {
  return [
    "Experiments",
    ...experiments.flatMap(experimentLines),
    "",
    "Allocators",
    ...allocators.flatMap(allocatorLines),
    "",
    "Workloads",
    ...workloads.flatMap(workloadLines),
    "",
    "Adversaries",
    ...adversaries.flatMap(workloadLines),
    "",
  ].join("\n");
}

/** What an allocator offers unless its options say otherwise. */
function offersIn(entry: AllocatorEntry): string[] {
  return [...offersOf({ entry, values: {}, text: entry.name })];
}

function experimentLines(
  { name, question, parameters, needs = [] }: Experiment,
): string[] {
  return [
    `  ${name}: ${question}`,
    ...(needs.length > 0 ? [`      needs ${needs.join(", ")}`] : []),
    ...Object.entries(parameters).map(([key, { summary, values }]) =>
      `      ${key}=${values.default.join(",")}  ${summary}`
    ),
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
