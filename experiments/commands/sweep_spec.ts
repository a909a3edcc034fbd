/**
 * What a sweep is asked to do: a file of JSON with the same words as the
 * options of `experiments`.
 *
 * @module
 */
import type { Experiment } from "../experiment/experiment.ts";
import { Failure, firstLine, UsageError } from "../runner/failure.ts";
import type { Choice } from "../runner/plan.ts";
import { named, readArguments } from "./arguments.ts";
import type { Catalogue } from "./command.ts";
import { readChoice, RUN_OPTIONS } from "./run_options.ts";

/** A part of a sweep. */
export interface SpecPart {
  experiment: Experiment;
  choice: Choice;
}

const KEYS = ["experiment", "allocators", "set", "seeds", "scale"];

/**
 * The parts that `text` asks for: an object, or a list of them. `path` is the
 * file's name in messages; throws `Failure`.
 */
export function readSpec(
  text: string,
  path: string,
  catalogue: Catalogue,
): SpecPart[] {
  const all = parsed(text, path);
  const parts = (Array.isArray(all) ? all : [all]).map((one) => {
    try {
      return partOf(one, catalogue);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new Failure(`${path}: ${error.message}`);
    }
  });
  const names = parts.map(({ experiment }) => experiment.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined && parts.length > 0) return parts;
  throw new Failure(
    `${path}: ${twice === undefined ? "nothing to do" : `${twice} twice`}`,
  );
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const line = /line (\d+)/.exec(firstLine(error))?.[1];
    const where = line === undefined ? path : `${path}:${line}`;
    throw new Failure(`${where}: expected JSON: ${firstLine(error)}`);
  }
}

function partOf(one: unknown, catalogue: Catalogue): SpecPart {
  const members = Object(one) as Record<string, unknown>;
  const wrong = Object.keys(members).find((key) => !KEYS.includes(key));
  if (wrong !== undefined || typeof members.experiment !== "string") {
    throw new UsageError(
      `expected an object with ${KEYS.join(", ")}` +
        (wrong === undefined ? ": experiment is missing" : `, not "${wrong}"`),
    );
  }
  const { experiments, allocators } = catalogue;
  const experiment = named("experiment", experiments, members.experiment);
  const args = readArguments(wordsOf(members), RUN_OPTIONS);
  return { experiment, choice: readChoice(args, allocators, [experiment]) };
}

/** The options that say the same. */
function wordsOf(
  { allocators, set = {}, seeds, scale }: Record<string, unknown>,
): string[] {
  if (typeof set !== "object" || set === null || Array.isArray(set)) {
    throw new UsageError("set expects an object: parameter to its values");
  }
  return [
    ...(allocators === undefined
      ? []
      : [`--allocator=${listOf("allocators", allocators)}`]),
    ...Object.entries(set)
      .map(([key, values]) => `--set=${key}=${listOf(`set.${key}`, values)}`),
    ...(seeds === undefined
      ? []
      : [`${isOne(seeds) ? "--seed" : "--seeds"}=${listOf("seeds", seeds)}`]),
    ...(scale === undefined ? [] : [`--scale=${listOf("scale", scale)}`]),
  ];
}

/** Whether it is a list of one, which is not the same as a number. */
function isOne(seeds: unknown): boolean {
  return Array.isArray(seeds) && seeds.length === 1;
}

/** A value, or several, as an option has them. */
function listOf(name: string, value: unknown): string {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  const isPlain = (one: unknown) =>
    typeof one === "number" || typeof one === "string" && !one.includes(",");
  if (all.length > 0 && all.every(isPlain)) return all.join();
  throw new UsageError(`${name} expects a number, a word or a list of these`);
}
