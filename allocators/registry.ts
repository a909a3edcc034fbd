/**
 * The ordered list of what exists. A new allocator is a file with a
 * `define({...})` and a line here.
 *
 * @module
 */
import { buddy } from "./buddy/binary.ts";
import { lazyBuddy } from "./buddy/lazy.ts";
import { linuxBuddy } from "./buddy/linux_entry.ts";
import { fibonacciBuddy, weightedBuddy } from "./buddy/split_entries.ts";
import type { AllocatorEntry } from "./entry.ts";
import { bestFit } from "./freelist/best_fit.ts";
import { bump } from "./freelist/bump.ts";
import { firstFit } from "./freelist/first_fit.ts";
import { freeList } from "./freelist/free_list.ts";
import { kingsley } from "./freelist/kingsley.ts";
import { nextFit } from "./freelist/next_fit.ts";
import { tlsf } from "./freelist/tlsf.ts";
import { worstFit } from "./freelist/worst_fit.ts";
import { glibc } from "./glibc/entry.ts";
import { jemalloc } from "./jemalloc/entry.ts";
import { musl } from "./musl/entry.ts";
import { rawBrk } from "./os/raw_brk.ts";
import { rawMmap } from "./os/raw_mmap.ts";
import { poolOver } from "./stl/entry.ts";
import { kmalloc } from "./slab/kmalloc.ts";
import { kmemCache } from "./slab/kmem_cache_entry.ts";

/** Every allocator that a spec can name. */
export const ALLOCATORS: readonly AllocatorEntry[] = [
  firstFit,
  bestFit,
  nextFit,
  worstFit,
  kingsley,
  tlsf,
  bump,
  freeList,
  buddy,
  lazyBuddy,
  fibonacciBuddy,
  weightedBuddy,
  linuxBuddy,
  kmemCache,
  kmalloc,
  rawBrk,
  rawMmap,
  glibc,
  musl,
  jemalloc,
  poolOver([glibc, firstFit, tlsf]),
];
