/**
 * Real allocators beside the models.
 *
 * @module
 */
import type { Chapter } from "../../experiment/chapter.ts";
import { idleMemory } from "./idle_memory.ts";
import { muslBounce } from "./musl_bounce.ts";
import { realAllocators } from "./real_allocators.ts";

const chapter: Chapter = {
  name: "real",
  title: "Real allocators",
  summary: "What the allocators that programs run with need and give back.",
  experiments: [realAllocators, idleMemory, muslBounce],
};

export default chapter;
