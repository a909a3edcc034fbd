/**
 * The system below.
 *
 * @module
 */
import type { Chapter } from "../../experiment/chapter.ts";
import { lazyCommit } from "./lazy_commit.ts";
import { rawFragmentation } from "./raw_fragmentation.ts";
import { syscallCost } from "./syscall_cost.ts";

const chapter: Chapter = {
  name: "system",
  title: "The system below",
  summary:
    "System calls, lazy commitment, and heaps that ask the system for every block.",
  experiments: [lazyCommit, rawFragmentation, syscallCost],
};

export default chapter;
