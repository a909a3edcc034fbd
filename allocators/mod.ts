/**
 * The models: contracts, the registry, and the plain memory below them.
 *
 * @module
 */
export * from "./allocator.ts";
export * from "./entry.ts";
export * from "./histogram.ts";
export * from "./paged_heap.ts";
export * from "./pages.ts";
export * from "./registry.ts";
