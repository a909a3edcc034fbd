/**
 * The models: contracts, the registry, and the plain memory below them.
 *
 * @module
 */
export * from "./allocator.ts";
export * from "./capability.ts";
export * from "./entry.ts";
export * from "./histogram.ts";
export * from "./machine/causes.ts";
export * from "./machine/check.ts";
export * from "./machine/layers.ts";
export * from "./machine/machine.ts";
export * from "./machine/process.ts";
export * from "./machine/share.ts";
export * from "./machine/slab_user.ts";
export * from "./os/address_space.ts";
export * from "./os/events.ts";
export * from "./os/layout.ts";
export * from "./os/relocation.ts";
export * from "./paged_heap.ts";
export * from "./pages.ts";
export * from "./registry.ts";
export type { ObjectList } from "./slab/cpu_layer.ts";
export * from "./slab/kmem_cache.ts";
export * from "./slab/merge.ts";
export type { CacheOptions } from "./slab/node_slabs.ts";
export { SlabPages } from "./slab/slab_pages.ts";
export type { SheafCensus } from "./slab/sheaves.ts";
export type { CacheSpec, SlubGeometry } from "./slab/slub.ts";
export type { SlubVersion } from "./slab/versions.ts";
export * from "./slab_view.ts";
export * from "./snapshot.ts";
export { type Chunk, Chunks } from "./stl/chunks.ts";
export { PoolHeap } from "./stl/entry.ts";
export { Pool } from "./stl/pool.ts";
