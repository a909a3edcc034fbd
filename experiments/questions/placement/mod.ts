/**
 * Placement.
 *
 * @module
 */
import type { Chapter } from "../../experiment/chapter.ts";
import { benchThread } from "./bench_thread.ts";
import { distanceToOptimum } from "./distance_to_optimum.ts";
import { fiftyPercent } from "./fifty_percent.ts";
import { fleetExperiment } from "./fleet.ts";
import { johnstoneWilson } from "./johnstone_wilson.ts";
import { minimalloc } from "./minimalloc.ts";
import { randomSizes } from "./random_sizes.ts";
import { recordedOrRandom } from "./recorded_or_random.ts";
import { recordedPrograms } from "./recorded_programs.ts";
import { shore } from "./shore.ts";
import { sizeClasses } from "./size_classes.ts";
import { steadyOrSaturated } from "./steady_or_saturated.ts";

const chapter: Chapter = {
  name: "placement",
  title: "Placement",
  summary:
    "Where a block is put, and what that costs in the long run: policies, size classes, and real programs against random ones.",
  experiments: [
    recordedPrograms,
    recordedOrRandom,
    randomSizes,
    fiftyPercent,
    shore,
    sizeClasses,
    fleetExperiment,
    minimalloc,
    steadyOrSaturated,
    benchThread,
    johnstoneWilson,
    distanceToOptimum,
  ],
};

export default chapter;
