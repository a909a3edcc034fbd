/**
 * The words of a command line, sorted into names and options.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { unknownNames } from "../../allocators/names.ts";
import { UsageError } from "../runner/failure.ts";

/** An option of a command. */
export interface Option {
  /** Name without dashes. */
  name: string;
  /** What stands for its value in help; absent: a flag. */
  value?: string;
  /** Whether it may be given more than once. */
  many?: boolean;
  /** What it does, for help. */
  summary: string;
}

/** A command line that knows only the command's options. */
export interface Arguments {
  /** The words that are no options. */
  names: string[];
  /** Whether the flag is given. */
  flag(name: string): boolean;
  /** The value of an option; undefined if it is not given. */
  text(name: string): string | undefined;
  /** All values of an option that may be given more than once. */
  all(name: string): string[];
}

/** Largest number of a process. */
const MAX_PID = 2 ** 31 - 1;
/** The form of an option; not all parsers survive others. */
const FLAG = /^--?[a-z][a-z0-9-]*(=|$)/;

/**
 * What all of `reads` give; if some of them throw a `UsageError`, one that says
 * what all of them say: a user who errs twice is told at once.
 */
export function together<T extends readonly unknown[]>(
  ...reads: { [K in keyof T]: () => T[K] }
): T {
  const wrong: string[] = [];
  const results = reads.map((read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      wrong.push(error.message);
    }
  });
  if (wrong.length === 0) return results as unknown as T;
  throw new UsageError(
    [...new Set(wrong)].map((line, i, { length }) =>
      i === length - 1 || line.endsWith("?") ? line : `${line}.`
    ).join(" "),
  );
}

/** Sorts `given`; `UsageError` for what is not among `options`. */
export function readArguments(
  given: readonly string[],
  options: readonly Option[],
): Arguments {
  const valued = options.filter(({ value }) => value !== undefined);
  const flags = options.filter(({ value }) => value === undefined);
  const words = withNegatives(given, valued);
  const end = words.indexOf("--");
  const unknown: string[] = [];
  for (const word of words.slice(0, end < 0 ? words.length : end)) {
    if (word.length < 2 || !word.startsWith("-")) continue;
    if (!FLAG.test(word) || word.startsWith("--no-")) {
      throw unknownOptions([word], options);
    }
    const flag = flags.find(({ name }) => word.startsWith(`--${name}=`));
    if (flag) throw new UsageError(`--${flag.name} takes no value`);
  }
  const parsed: Record<string, unknown> = parseArgs([...words], {
    boolean: flags.map(({ name }) => name),
    string: ["_", ...valued.map(({ name }) => name)],
    collect: valued.map(({ name }) => name),
    unknown: (word: string, key?: string) => {
      if (key !== undefined) unknown.push(word);
    },
  });
  if (unknown.length > 0) throw unknownOptions(unknown, options);
  const all = (name: string) => (parsed[name] ?? []) as string[];
  for (const { name, value, many } of valued) {
    if (all(name).some((given) => given === "" || /\p{Cc}/u.test(given))) {
      throw new UsageError(`--${name} expects ${value}`);
    }
    if (!many && all(name).length > 1) {
      throw new UsageError(`--${name} is given twice`);
    }
  }
  return {
    names: (parsed._ as unknown[]).map(String),
    flag: (name) => parsed[name] === true,
    text: (name) => all(name)[0],
    all,
  };
}

/** `words`, with `--name -1` as one word: -1 is a value there, no option. */
function withNegatives(
  words: readonly string[],
  valued: readonly Option[],
): string[] {
  const isOption = (word: string) =>
    valued.some(({ name }) => word === `--${name}`);
  const joined: string[] = [];
  let isPlain = true; // until "--"
  for (const word of words) {
    const last = joined.at(-1);
    if (isPlain && last !== undefined && isOption(last) && /^-\d/.test(word)) {
      joined[joined.length - 1] = `${last}=${word}`;
    } else joined.push(word);
    isPlain &&= word !== "--";
  }
  return joined;
}

function unknownOptions(
  words: readonly string[],
  options: readonly Option[],
): UsageError {
  const known = options.map(({ name }) => `--${name}`);
  return new UsageError(
    unknownNames(
      words.map((word) => word.replace(/=.*/s, "")),
      known,
      (name) => `option ${words.find((word) => word.startsWith(name))}`,
    )!,
  );
}

/** A whole number in [`low`, `high`]; `fallback` if the option is not given. */
export function wholeOption(
  args: Arguments,
  name: string,
  { low, high, fallback }: { low: number; high: number; fallback: number },
): number {
  const text = args.text(name);
  if (text === undefined) return fallback;
  const value = wholeNumber(text, low, high);
  if (value !== undefined) return value;
  throw new UsageError(
    `--${name} expects a whole number in ${low}..${high}, not "${text}"`,
  );
}

/** The number that `text` is; undefined if it is none in [`low`, `high`]. */
export function wholeNumber(
  text: string,
  low: number,
  high: number,
): number | undefined {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  return value >= low && value <= high ? value : undefined;
}

/** The one of `known` that is called `name`; `UsageError` that offers others. */
export function named<T extends { name: string }>(
  kind: string,
  known: readonly T[],
  name: string,
): T {
  return allNamed(kind, known, [name])[0]!;
}

/** Those of `known` that are called `names`, each once; `UsageError` as `named`. */
export function allNamed<T extends { name: string }>(
  kind: string,
  known: readonly T[],
  names: readonly string[],
): T[] {
  checkNames(kind, known.map(({ name }) => name), names);
  return [...new Set(names)]
    .map((name) => known.find((one) => one.name === name)!);
}

/** Throws `UsageError` that offers others for all of `names` that are not `known`. */
export function checkNames(
  kind: string,
  known: readonly string[],
  names: readonly string[],
): void {
  const wrong = unknownNames(names, known, (name) => `${kind} "${name}"`);
  if (wrong !== undefined) throw new UsageError(wrong);
}

/** The option `name`, one of `choices`. */
export function oneOf<T extends string>(
  args: Arguments,
  name: string,
  choices: readonly T[],
  fallback: T,
): T {
  const text = args.text(name) ?? fallback;
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new UsageError(
    `--${name} expects one of ${choices.join(", ")}, not "${text}"`,
  );
}

/** The numbers of `--pid`, ascending; undefined if it is not given. */
export function readPids(args: Arguments): number[] | undefined {
  const text = args.text("pid");
  const pids = text?.split(",").map((pid) => {
    const number = wholeNumber(pid, 0, MAX_PID);
    if (number !== undefined) return number;
    throw new UsageError(`--pid expects numbers of processes, not "${text}"`);
  });
  return pids && [...new Set(pids)].sort((a, b) => a - b);
}
