/**
 * The settings of malloc that the proofs go through.
 *
 * @module
 */
import type { Tuning } from "../../experiments/real/glibc.ts";

/** The tunable settings of the proof: the default, and 14 that touch each tunable. */
export const TUNINGS: readonly Tuning[] = [
  [],
  ["tcache_count=0"],
  ["tcache_count=1", "tcache_max=100"],
  ["tcache_count=300"],
  ["tcache_max=0"],
  ["tcache_unsorted_limit=2"],
  ["mxfast=0"],
  ["mxfast=160", "tcache_count=2"],
  ["mmap_threshold=131072"],
  ["mmap_threshold=5000", "mmap_max=20"],
  ["mmap_max=0"],
  ["trim_threshold=20000", "tcache_count=3"],
  ["top_pad=0"],
  ["top_pad=700000", "trim_threshold=1"],
  ["tcache_count=0", "mxfast=0", "top_pad=0", "trim_threshold=0"],
];

/** The settings of the proof with threads. */
export const THREAD_TUNINGS: readonly Tuning[] = [
  [],
  ["arena_max=1"],
  ["arena_max=2"],
  ["arena_max=3"],
  ["arena_max=40"],
  ["arena_test=2"],
  ["arena_test=20"],
  ["top_pad=0"],
  ["top_pad=132500"],
  ["top_pad=3000000"],
  ["mmap_max=0"],
  ["mmap_max=0", "top_pad=0", "arena_max=5"],
  ["tcache_count=0"],
  ["tcache_count=0", "mxfast=0"],
  ["tcache_count=200", "arena_test=3"],
  ["mmap_threshold=40000000", "trim_threshold=100000"],
  ["trim_threshold=0", "top_pad=0"],
];
