/**
 * What allocators offer beyond the contract, and how an entry declares it, so
 * that what cannot be done is known before any work.
 *
 * @module
 */
import type { Allocator } from "./allocator.ts";
import type { AllocatorEntry, Spec } from "./entry.ts";
import { FlatSource, type PageAllocator } from "./pages.ts";

/** The names of the members of `T` that may be absent. */
export type Optional<T> = {
  [K in keyof T]-?: undefined extends T[K] ? K : never;
}[keyof T];

/** A capability of heaps: an optional member of {@linkcode Allocator}. */
export type HeapCapability = Optional<Allocator>;

/** A capability of page allocators: an optional member of theirs. */
export type PageCapability = Exclude<Optional<PageAllocator>, "base">;

/** What an entry can declare; the entry itself shows whether it serves pages. */
export type Declared = HeapCapability | PageCapability | "resident";

/** What a trace or an experiment can need. */
export type Capability = Declared | "pages";

/** The capabilities of heaps, and what they are about. */
export const HEAP_CAPABILITIES: Readonly<Record<HeapCapability, string>> = {
  memalign: "aligned blocks",
  calloc: "zeroed blocks",
  control: "malloc_trim and mallopt",
  threading: "threads",
  placeOf: "blocks outside of the main arena",
  arenaFigures: "figures of each arena",
  census: "what lies on each list",
  eachCached: "its cached blocks one by one",
  eachBinned: "its free blocks in the order of their lists",
  eachSlab: "the slabs or groups that its blocks are cut from",
  isMapped: "which blocks are mappings",
  mallinfo: "the figures of mallinfo2",
  explain: "where a block came from",
  resizesToNothing: "blocks resized to nothing",
  written: "what a program writes",
  idle: "time that passes",
};

/** The capabilities of page allocators, and what they are about. */
export const PAGE_CAPABILITIES: Readonly<Record<PageCapability, string>> = {
  compact: "compaction",
  cpu: "CPUs with lists of their own",
  freeList: "free lists by migratetype",
  pageblockTypes: "the migratetype of every pageblock",
  splitPages: "blocks freed by parts",
  eachCached: "the blocks on lists of CPUs, or held out of merging",
  follow: "compaction on its own",
  second: "housekeeping once a second",
};

/** Every capability, and what it is about. */
export const CAPABILITIES: Readonly<Record<Capability, string>> = {
  ...HEAP_CAPABILITIES,
  ...PAGE_CAPABILITIES,
  resident: "blocks in the memory of a process",
  pages: "page requests",
};

/** What the allocators of `spec` offer; of an entry that declares nothing, what a heap on flat memory has. */
export function offersOf({ entry, values }: Spec): ReadonlySet<Capability> {
  const declared = entry.offers?.(values) ?? found(entry, values);
  return new Set([
    ...declared,
    ...(entry.createPages ? ["pages" as const] : []),
  ]);
}

/** What `spec` does not offer of what is needed, in words; undefined if nothing. */
export function lacking(
  spec: Spec,
  needs: readonly Capability[],
): string | undefined {
  const offers = offersOf(spec);
  const missing = needs.find((need) => !offers.has(need));
  return missing && `does not offer ${missing} (${CAPABILITIES[missing]})`;
}

/** The optional members that `heap` has. */
export function heapOffers(heap: Allocator): HeapCapability[] {
  const all = Object.keys(HEAP_CAPABILITIES) as HeapCapability[];
  return all.filter((name) => heap[name] !== undefined);
}

/** The optional members that `pages` has. */
export function pageOffers(pages: PageAllocator): PageCapability[] {
  const all = Object.keys(PAGE_CAPABILITIES) as PageCapability[];
  return all.filter((name) => pages[name] !== undefined);
}

/** What the members of new allocators, and a first request, show. */
function found(entry: AllocatorEntry, values: Spec["values"]): Declared[] {
  const source = new FlatSource();
  const environment = { source, draw: () => 0.5 };
  const heap = entry.create(values, environment);
  heap.malloc(1);
  const resident = source.systemCalls > 0 ? ["resident" as const] : [];
  const pages = entry.createPages?.(values, environment);
  return [
    ...heapOffers(heap),
    ...resident,
    ...(pages ? pageOffers(pages) : []),
  ];
}
