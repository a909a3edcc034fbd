/**
 * The experiments, chapter by chapter, in the order in which they run.
 *
 * @module
 */
import type { Chapter } from "../experiment/chapter.ts";
import type { Experiment } from "../experiment/experiment.ts";
import containers from "./containers/mod.ts";
import glibc from "./glibc/mod.ts";
import machine from "./machine/mod.ts";
import pages from "./pages/mod.ts";
import placement from "./placement/mod.ts";
import real from "./real/mod.ts";
import system from "./system/mod.ts";
import worstCases from "./worst_cases/mod.ts";

/** All chapters. */
export const CHAPTERS: readonly Chapter[] = [
  placement,
  worstCases,
  pages,
  glibc,
  system,
  containers,
  machine,
  real,
];

/** All experiments. */
export const EXPERIMENTS: readonly Experiment[] = CHAPTERS.flatMap((chapter) =>
  chapter.experiments
);

/** Claims that answer the questions which newcomers ask first, by id. */
export const HEADLINES: readonly string[] = [
  "map-erase",
  "map-erase.kept-by-fast-bins",
  "stl-allocator",
  "brk-top",
  "mmap-128k",
  "jw-best-fit",
  "bestfit-16-1024",
  "buddy-pin",
  "buddy-external",
  "external-def.machine",
];
