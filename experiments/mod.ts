/**
 * The experiments, in the order in which they run.
 *
 * @module
 */
import { benchThread } from "./bench_thread.ts";
import { bestFitKiller } from "./best_fit_killer.ts";
import { buddyCheckerboard } from "./buddy_checkerboard.ts";
import { buddyPinnedPage } from "./buddy_pinned_page.ts";
import { buddyRounding } from "./buddy_rounding.ts";
import { contiguous } from "./contiguous.ts";
import { distanceToOptimum } from "./distance_to_optimum.ts";
import { fiftyPercent } from "./fifty_percent.ts";
import { fleetExperiment } from "./fleet.ts";
import { gap64448512 } from "./gap_64_448_512.ts";
import type { Experiment } from "./harness/experiment.ts";
import { heapGame } from "./heap_game.ts";
import { johnstoneWilson } from "./johnstone_wilson.ts";
import { kingsleyWorst } from "./kingsley_worst.ts";
import { mapChurn } from "./map_churn.ts";
import { minimalloc } from "./minimalloc.ts";
import { petersonNorman } from "./peterson_norman.ts";
import { powerOfTwoWaste } from "./power_of_two_waste.ts";
import { randomSizes } from "./random_sizes.ts";
import { recordedOrRandom } from "./recorded_or_random.ts";
import { recordedPrograms } from "./recorded_programs.ts";
import { robsonExperiment } from "./robson.ts";
import { shore } from "./shore.ts";
import { sizeClasses } from "./size_classes.ts";
import { splitMergePingPong } from "./split_merge_ping_pong.ts";
import { steadyOrSaturated } from "./steady_or_saturated.ts";

/** All experiments. */
export const EXPERIMENTS: readonly Experiment[] = [
  powerOfTwoWaste,
  buddyPinnedPage,
  buddyCheckerboard,
  splitMergePingPong,
  buddyRounding,
  contiguous,
  mapChurn,
  recordedPrograms,
  recordedOrRandom,
  randomSizes,
  fiftyPercent,
  shore,
  kingsleyWorst,
  robsonExperiment,
  bestFitKiller,
  gap64448512,
  heapGame,
  sizeClasses,
  fleetExperiment,
  minimalloc,
  steadyOrSaturated,
  petersonNorman,
  benchThread,
  johnstoneWilson,
  distanceToOptimum,
];
