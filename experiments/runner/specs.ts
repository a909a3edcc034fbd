/**
 * Allocators by spec: names of the registry, and modules of the user's own,
 * written `./mine.ts:key=value`.
 *
 * @module
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type AllocatorEntry,
  parseSpec,
  type Spec,
  specOf,
} from "../../allocators/entry.ts";
import { Failure, firstLine } from "./failure.ts";

/** A spec, and where its allocator comes from. */
export interface NamedSpec extends Spec {
  /** The user's module, by path; absent: the registry. */
  module?: string;
  /** Why no cell of it can run. */
  broken?: string;
}

/** A spec that names a module, taken apart. */
export interface ModuleSpec {
  /** Its path. */
  path: string;
  /** What it sets, `key=value`. */
  settings: string[];
}

/** A module's file URL by its path as the user wrote it. */
export type ModuleUrls = Readonly<Record<string, string>>;

/** Takes a spec apart if it names a module: it has a slash or ends in .ts. */
export function moduleSpec(spec: string): ModuleSpec | undefined {
  const match = /^(.*?\.[cm]?[jt]s)((?::[^:]*)*)$/.exec(spec);
  if (match) {
    return { path: match[1]!, settings: match[2]!.split(":").slice(1) };
  }
  return spec.includes("/") ? { path: spec, settings: [] } : undefined;
}

/** The modules that `specs` name, with relative paths from `cwd` on. */
export function moduleUrls(specs: readonly string[], cwd: string): ModuleUrls {
  const paths = specs.flatMap((spec) => moduleSpec(spec)?.path ?? []);
  return Object.fromEntries(
    paths.map((path) => [path, pathToFileURL(resolve(cwd, path)).href]),
  );
}

/** The allocators that can be named. */
export class Specs {
  readonly #registry: readonly AllocatorEntry[];
  readonly #modules: ReadonlyMap<string, AllocatorEntry>;
  readonly #described: ReadonlyMap<string, NamedSpec>;

  /** The `registry`, modules by path, and specs that modules describe. */
  constructor(
    registry: readonly AllocatorEntry[],
    modules: ReadonlyMap<string, AllocatorEntry> = new Map(),
    described: ReadonlyMap<string, NamedSpec> = new Map(),
  ) {
    this.#registry = registry;
    this.#modules = modules;
    this.#described = described;
  }

  /**
   * The registry and `modules`, whose code runs from now on in this process;
   * `Failure` for one that cannot be used.
   */
  static async load(
    registry: readonly AllocatorEntry[],
    modules: ModuleUrls,
  ): Promise<Specs> {
    const entries = new Map<string, AllocatorEntry>();
    for (const [path, url] of Object.entries(modules)) {
      entries.set(path, await load(path, url));
    }
    return new Specs(registry, entries);
  }

  /**
   * Reads a spec. The canonical text of a module's begins with its path.
   * Throws `RangeError` that says what is wrong and what is known.
   */
  parse(text: string): NamedSpec {
    const described = this.#described.get(text);
    if (described) return described;
    const named = moduleSpec(text);
    if (!named) return parseSpec(text, this.#registry);
    const entry = this.#modules.get(named.path);
    if (!entry) throw new RangeError(`Module ${named.path} is not loaded`);
    const spec = specOf(entry, named.settings);
    const set = spec.text.slice(entry.name.length);
    return { ...spec, text: named.path + set, module: named.path };
  }

  /** Throws `RangeError` as `parse`; what modules say is known once loaded. */
  check(text: string): void {
    if (!moduleSpec(text)) this.parse(text);
  }
}

/** The default export of a user's module. */
async function load(path: string, url: string): Promise<AllocatorEntry> {
  let entry: Partial<AllocatorEntry> | undefined;
  try {
    entry = (await import(url)).default;
  } catch (error) {
    throw new Failure(`Cannot load ${path}: ${firstLine(error)}`);
  }
  if (typeof entry?.create === "function" && entry.name && entry.options) {
    return entry as AllocatorEntry;
  }
  throw new Failure(`${path} has no default export made by define()`);
}
