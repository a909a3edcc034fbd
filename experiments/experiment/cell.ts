/**
 * What a cell has at hand while it runs: its parameters, heaps over memory of
 * their own, and files.
 *
 * @module
 */
import type { Address, Allocator } from "../../allocators/allocator.ts";
import { lacking, offersOf } from "../../allocators/capability.ts";
import type { Environment, Spec } from "../../allocators/entry.ts";
import { AddressSpace } from "../../allocators/os/address_space.ts";
import { LAYOUT_ALIGNED } from "../../allocators/os/layout.ts";
import {
  FlatSource,
  type PageAllocator,
  type PageSource,
} from "../../allocators/pages.ts";
import type { Cell, CellKey } from "./experiment.ts";
import { prng } from "../laws/prng.ts";
import { Unsuitable } from "../replay/unsuitable.ts";

/** What a cell needs from its host. */
export interface Surroundings {
  /** The allocator that `spec` names; `RangeError` if there is none. */
  spec(spec: string): Spec;
  /** Opens a file; a relative path is the caller's. */
  open(path: string): Promise<ReadableStream<Uint8Array>>;
  /** Opens a file of the project's `data/` folder. */
  data(path: string): Promise<ReadableStream<Uint8Array>>;
  /** As a cell has it; absent: every cell makes its own. */
  trace?: Cell["trace"];
  /** As a cell has it; absent: it has none. */
  samples?: Cell["samples"];
}

/** The cell of `key`. */
export function cellOf(key: CellKey, around: Surroundings): Cell {
  const value = (name: string) => {
    const found = key.parameters[name];
    if (found !== undefined) return found;
    throw new RangeError(`${key.experiment} has no parameter "${name}"`);
  };
  return {
    ...key,
    trace: around.trace ?? ((_, make) => Promise.resolve(make())),
    samples(workload) {
      if (around.samples) return around.samples(workload);
      throw new Error("Nobody takes samples one by one");
    },
    open: around.open,
    data: around.data,
    number(name) {
      const found = value(name);
      if (typeof found === "number") return found;
      throw new RangeError(`${name} expects a number, not "${found}"`);
    },
    text: (name) => String(value(name)),
    choice(name, values) {
      const found = values.find((one) => one === value(name));
      if (found !== undefined) return found;
      throw new RangeError(
        `${name} expects one of ${values.join(", ")}, not "${value(name)}"`,
      );
    },
    heap: (text = key.allocator, source) => {
      const spec = around.spec(text);
      return source
        ? newHeapOver(source, spec, key.seed)
        : newHeap(spec, key.seed);
    },
    memory: (spec = key.allocator) => memoryOf(around.spec(spec)),
    offers: (spec = key.allocator) => offersOf(around.spec(spec)),
    pages: (spec = key.allocator) => newPages(around.spec(spec), key.seed),
  };
}

/** A heap as `spec` says, over `source`, which begins at `start`. */
export function newHeap(
  { entry, values }: Spec,
  seed: number,
  source: PageSource = new FlatSource(),
): { heap: Allocator; source: PageSource; start: Address } {
  const start = source.sbrk(0); // before the heap takes its arena
  const environment = { ...environmentOf(seed), source };
  return { heap: entry.create(values, environment), source, start };
}

/**
 * Memory for a heap as `spec` says: that of a process, as the real allocator
 * finds it if there is one; flat for a heap with memory of its own.
 */
export function memoryOf(spec: Spec): PageSource {
  const found = spec.entry.process?.(spec.values);
  if (found) return found;
  return offersOf(spec).has("resident")
    ? new AddressSpace({ layout: LAYOUT_ALIGNED })
    : new FlatSource();
}

/** As {@linkcode newHeap}; `Unsuitable` if the heap cannot lie over `source`. */
function newHeapOver(source: PageSource, spec: Spec, seed: number) {
  const why = source.lazy ? lacking(spec, ["resident"]) : undefined;
  if (why !== undefined) throw new Unsuitable(why);
  try {
    return newHeap(spec, seed, source);
  } catch (error) { // no room for what it takes at once
    throw error instanceof RangeError ? new Unsuitable(error.message) : error;
  }
}

/** A page allocator as `spec` says; `Unsuitable` if it has none. */
export function newPages({ entry, values }: Spec, seed: number): PageAllocator {
  if (entry.createPages) return entry.createPages(values, environmentOf(seed));
  throw new Unsuitable("The allocator does not serve pages");
}

/** Flat memory, and luck that no workload draws from. */
function environmentOf(seed: number): Environment {
  return { source: new FlatSource(), draw: prng(seed, "allocator") };
}
