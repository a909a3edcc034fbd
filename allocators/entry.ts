/**
 * How an allocator introduces itself: name, options, source, and how to make
 * one. Specs are written `name[:key=value]*`.
 *
 * @module
 */
import type { Allocator } from "./allocator.ts";
import type { Declared } from "./capability.ts";
import { unknownName, unknownNames } from "./names.ts";
import type { Layout } from "./os/layout.ts";
import type { PageAllocator, PageSource } from "./pages.ts";

/** What an allocator gets from outside: memory, and luck. */
export interface Environment {
  /** The layer below. */
  source: PageSource;
  /** Draws a uniform number in [0, 1), for models with seeded disorder. */
  draw(): number;
}

/** One option of a spec. */
export interface Option<T extends number | string = number | string> {
  /** What it means, with its unit. */
  summary: string;
  /** The value without mention. */
  fallback: T;
  /** Reads a value; undefined if the text is not one. */
  parse(text: string): T | undefined;
  /** What is accepted, for messages. */
  expects: string;
  /** The least and the greatest that is accepted, or all; absent: no order. */
  edges?: readonly T[];
}

/** An option that is a whole number in [`min`, `max`]; accepts K, M, G suffixes. */
export function whole(
  fallback: number,
  summary: string,
  min = 0,
  max: number = Number.MAX_SAFE_INTEGER,
): Option<number> {
  const range = max === Number.MAX_SAFE_INTEGER
    ? `>= ${min}`
    : `in ${min}..${max}`;
  return {
    summary,
    fallback,
    expects: `a whole number ${range}`,
    edges: [min, max],
    parse(text) {
      const match = /^(-?\d+)([KMG]?)$/.exec(text);
      if (!match) return undefined;
      const value = Number(match[1]) *
        1024 ** ["", "K", "M", "G"].indexOf(match[2]!);
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** An option that is a power of two in [`min`, `max`]; accepts K, M, G suffixes. */
export function powerOfTwo(
  fallback: number,
  summary: string,
  min = 1,
  max: number = 2 ** 40,
): Option<number> {
  const { parse } = whole(fallback, summary, min, max);
  return {
    summary,
    fallback,
    expects: `a power of two in ${min}..${max}`,
    edges: [min, max],
    parse(text) {
      const value = parse(text);
      return value !== undefined && Number.isInteger(Math.log2(value))
        ? value
        : undefined;
    },
  };
}

/** As `option`, or the word `unset`, which it is without mention. */
export function orUnset(
  { summary, expects, edges = [], parse }: Option<number>,
): Option<number | "unset"> {
  return {
    summary,
    fallback: "unset",
    expects: `${expects}, or unset`,
    edges: ["unset", ...edges],
    parse: (text) => text === "unset" ? text : parse(text),
  };
}

/** An option that is one of `choices`; the first is the fallback. */
export function choice<T extends string>(
  choices: readonly [T, ...T[]],
  summary: string,
): Option<T> {
  return {
    summary,
    fallback: choices[0],
    expects: `one of ${choices.join(", ")}`,
    edges: choices,
    parse: (text) => choices.find((c) => c === text),
  };
}

/** The options of an entry, by key. */
// deno-lint-ignore no-explicit-any -- Option<T> is invariant in T
export type Options = Readonly<Record<string, Option<any>>>;

/** The values that options parse to. */
export type Values<O extends Options> = {
  [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

/** An allocator as the registry lists it. */
export interface AllocatorEntry {
  /** Lower case, digits, `_`. */
  name: string;
  /** One sentence. */
  summary: string;
  /** Where the rules come from. */
  source: string;
  /** The folder that models its kind. */
  layer: string;
  /** What a spec can set. */
  options: Options;
  /** Specs worth knowing: listed, and run by the conformance tests. */
  examples?: readonly string[];
  /** How `--addresses` names places; absent: from where the heap begins. */
  places?: "absolute";
  /** What its allocators have beyond the contract; absent: not declared. */
  offers?(
    values: Readonly<Record<string, number | string>>,
  ): readonly Declared[];
  /** What to know before bytes are requested of it; undefined: nothing. */
  advice?(
    values: Readonly<Record<string, number | string>>,
  ): string | undefined;
  /** Makes a heap; values not given take their fallback. */
  create(
    values: Readonly<Record<string, number | string>>,
    environment: Environment,
  ): Allocator;
  /** Makes the page face, where there is one; the option `pages` is its length. */
  createPages?(
    values: Readonly<Record<string, number | string>>,
    environment: Environment,
  ): PageAllocator;
  /**
   * Makes the memory of a process as the real allocator finds it, if there is
   * one; `found` is where its break and mappings are, if not as usual.
   */
  process?(
    values: Readonly<Record<string, number | string>>,
    found?: Partial<Layout>,
  ): PageSource | undefined;
  /** Whether a heap draws from its environment; absent: none does. */
  draws?(values: Readonly<Record<string, number | string>>): boolean;
}

/** An entry whose factory sees its options with their types. */
export interface Definition<O extends Options> extends
  Omit<
    AllocatorEntry,
    | "options"
    | "offers"
    | "advice"
    | "create"
    | "createPages"
    | "process"
    | "draws"
  > {
  /** What a spec can set. */
  options: O;
  /**
   * What its allocators have beyond the contract; if it is not declared, a heap
   * is made to find out.
   */
  offers?: readonly Declared[] | ((values: Values<O>) => readonly Declared[]);
  /** What to know before bytes are requested of it; undefined: nothing. */
  advice?(values: Values<O>): string | undefined;
  /** Makes a heap from complete values. */
  create(values: Values<O>, environment: Environment): Allocator;
  /** Makes the page face from complete values. */
  createPages?(values: Values<O>, environment: Environment): PageAllocator;
  /** Makes the memory of a process as the real allocator finds it. */
  process?(
    values: Values<O>,
    found?: Partial<Layout>,
  ): PageSource | undefined;
  /** Whether a heap draws from its environment; absent: none does. */
  draws?(values: Values<O>): boolean;
}

/** Turns a typed definition into a registry entry. */
export function define<O extends Options>(
  definition: Definition<O>,
): AllocatorEntry {
  const {
    options,
    offers,
    advice,
    create,
    createPages,
    process,
    draws,
    ...rest
  } = definition;
  const complete = (values: Readonly<Record<string, number | string>>) =>
    Object.fromEntries(
      Object.entries(options).map(([k, o]) => [k, values[k] ?? o.fallback]),
    ) as Values<O>;
  return {
    ...rest,
    options,
    ...(advice && { advice: (values) => advice(complete(values)) }),
    ...(offers && {
      offers: (values) =>
        typeof offers === "function" ? offers(complete(values)) : offers,
    }),
    create: (values, environment) => create(complete(values), environment),
    ...(process && {
      process: (values, found) => process(complete(values), found),
    }),
    ...(draws && { draws: (values) => draws(complete(values)) }),
    ...(createPages && {
      createPages: (values, environment) =>
        createPages(complete(values), environment),
    }),
  };
}

/** A spec taken apart and checked against its entry. */
export interface Spec {
  /** The entry it names. */
  entry: AllocatorEntry;
  /** The options it sets. */
  values: Readonly<Record<string, number | string>>;
  /** Canonical text: options that differ from the fallback, in entry order. */
  text: string;
}

/**
 * Parses `name[:key=value]*` against `entries`.
 *
 * Throws `RangeError` that names the unknown name, key or value and lists what
 * is known.
 */
export function parseSpec(
  text: string,
  entries: readonly AllocatorEntry[],
): Spec {
  const [name, ...settings] = text.split(":");
  const entry = entries.find((e) => e.name === name);
  if (!entry) {
    const known = entries.map((e) => e.name);
    throw new RangeError(unknownName(`allocator "${name}"`, name!, known));
  }
  return specOf(entry, settings);
}

/** As {@linkcode parseSpec}, for an entry already found. */
export function specOf(
  entry: AllocatorEntry,
  settings: readonly string[],
): Spec {
  const values: Record<string, number | string> = {};
  const wrong = unknownNames(
    settings.map((setting) => setting.replace(/=.*/s, "")),
    Object.keys(entry.options),
    (key) => `option "${key}" of ${entry.name}`,
  );
  if (wrong !== undefined) throw new RangeError(wrong);
  for (const setting of settings) {
    const at = setting.indexOf("=");
    const key = at < 0 ? setting : setting.slice(0, at);
    const option = entry.options[key]!;
    const value = at < 0 ? undefined : option.parse(setting.slice(at + 1));
    if (value === undefined) {
      throw new RangeError(
        `Bad option "${setting}" of ${entry.name}: ${key} expects ${option.expects}`,
      );
    }
    values[key] = value;
  }
  const text = [entry.name];
  for (const [key, option] of Object.entries(entry.options)) {
    const value = values[key];
    if (value !== undefined && value !== option.fallback) {
      text.push(`${key}=${value}`);
    }
  }
  return { entry, values, text: text.join(":") };
}
