/**
 * What a foreign module says about its specs, so that a run can be planned
 * without the module.
 *
 * @module
 */
import {
  CAPABILITIES,
  type Capability,
  offersOf,
} from "../../allocators/capability.ts";
import { printable } from "../traces/lines.ts";
import { firstLine } from "./failure.ts";
import type { NamedSpec, Specs } from "./specs.ts";

/** A spec in the words of its module. */
export type Described = {
  /** Its canonical text. */
  text: string;
  /** Name of the entry. */
  name: string;
  /** Capabilities. */
  offers: string[];
  /** Whether a heap draws random numbers. */
  draws: boolean;
  /** What to know before bytes are requested. */
  advice?: string;
} | {
  /** Why it means nothing. */
  wrong: string;
} | {
  /** The error that its allocator begins with. */
  broken: string;
};

/** What the module of `text` says. */
export function described(specs: Specs, text: string): Described {
  let spec: NamedSpec;
  try {
    spec = specs.parse(text);
  } catch (error) {
    return { wrong: firstLine(error) };
  }
  try {
    return descriptionOf(spec);
  } catch (error) {
    const name = error instanceof Error ? error.name : "Error";
    return { broken: `${name}: ${firstLine(error)}` };
  }
}

function descriptionOf(spec: NamedSpec): Described {
  const { entry, values } = spec;
  const advice = entry.advice?.(values);
  return {
    text: spec.text,
    name: entry.name,
    offers: [...offersOf(spec)],
    draws: entry.draws?.(values) ?? false,
    ...(advice !== undefined && { advice }),
  };
}

/**
 * What the module at `path` answered about `spec`. Throws `RangeError` if the
 * spec means nothing to it.
 */
export function specIn(path: string, spec: string, it: unknown): NamedSpec {
  const found = it as Partial<Record<string, unknown>> | null;
  if (typeof found?.wrong === "string") {
    throw new RangeError(printable(found.wrong, 500));
  }
  if (typeof found?.broken === "string") {
    return brokenSpec(path, spec, found.broken);
  }
  const { text, name, offers, draws, advice } = found ?? {};
  if (
    typeof text !== "string" || typeof name !== "string" ||
    !text.startsWith(path) || /[,;"\p{C}]/u.test(text.slice(path.length)) ||
    !Array.isArray(offers) || typeof draws !== "boolean"
  ) {
    return brokenSpec(path, spec, "it does not say what its allocator is");
  }
  const known = offers.filter((name) =>
    Object.hasOwn(CAPABILITIES, name)
  ) as Capability[];
  const isPages = known.includes("pages");
  return {
    text,
    values: {},
    module: path,
    entry: {
      name: printable(name),
      summary: "",
      source: path,
      layer: "",
      options: {},
      offers: () => known.filter((name) => name !== "pages"),
      advice: () =>
        typeof advice === "string" ? printable(advice, 500) : undefined,
      draws: () => draws,
      create: absent,
      ...(isPages && { createPages: absent }),
    },
  };
}

/** The spec `text` of a module that cannot be used. */
export function brokenSpec(path: string, text: string, why: string): NamedSpec {
  const entry = { name: path, summary: "", source: path, layer: "" };
  return {
    text,
    values: {},
    module: path,
    broken: `Cannot load ${path}: ${printable(why, 500)}`,
    entry: { ...entry, options: {}, offers: () => [], create: absent },
  };
}

/** A module makes its allocators in a process of its own only. */
function absent(): never {
  throw new Error("A module's allocator is made in its own process");
}
