/**
 * The experiments, in the order in which they run.
 *
 * @module
 */
import { benchThread } from "./bench_thread.ts";
import { bestFitKiller } from "./best_fit_killer.ts";
import { binReuse } from "./bin_reuse.ts";
import { brkTopPin } from "./brk_top_pin.ts";
import { buddyCheckerboard } from "./buddy_checkerboard.ts";
import { buddyPinnedPage } from "./buddy_pinned_page.ts";
import { buddyRounding } from "./buddy_rounding.ts";
import { buddyStrictMerging } from "./buddy_strict_merging.ts";
import { containers } from "./containers.ts";
import { contiguous } from "./contiguous.ts";
import { distanceToOptimum } from "./distance_to_optimum.ts";
import { fiftyPercent } from "./fifty_percent.ts";
import { fleetExperiment } from "./fleet.ts";
import { gap64448512 } from "./gap_64_448_512.ts";
import { glibcBins } from "./glibc_bins.ts";
import type { Experiment } from "./harness/experiment.ts";
import { heapGame } from "./heap_game.ts";
import { johnstoneWilson } from "./johnstone_wilson.ts";
import { kernelIndexes } from "./kernel_indexes.ts";
import { kingsleyWorst } from "./kingsley_worst.ts";
import { largestContiguous } from "./largest_contiguous.ts";
import { lastRemainder } from "./last_remainder.ts";
import { lazyCommit } from "./lazy_commit.ts";
import { mapChurn } from "./map_churn.ts";
import { mapClear } from "./map_clear.ts";
import { mapString } from "./map_string.ts";
import { minimalloc } from "./minimalloc.ts";
import { mmapThreshold } from "./mmap_threshold.ts";
import { mobilityGrouping } from "./mobility_grouping.ts";
import { petersonNorman } from "./peterson_norman.ts";
import { poolRetention } from "./pool_retention.ts";
import { powerOfTwoWaste } from "./power_of_two_waste.ts";
import { randomSizes } from "./random_sizes.ts";
import { rawFragmentation } from "./raw_fragmentation.ts";
import { realPageTrace } from "./real_page_trace.ts";
import { recordedOrRandom } from "./recorded_or_random.ts";
import { recordedPrograms } from "./recorded_programs.ts";
import { robsonExperiment } from "./robson.ts";
import { shore } from "./shore.ts";
import { sizeClasses } from "./size_classes.ts";
import { slabPinning } from "./slab_pinning.ts";
import { slabWaste } from "./slab_waste.ts";
import { splitMergePingPong } from "./split_merge_ping_pong.ts";
import { steadyOrSaturated } from "./steady_or_saturated.ts";
import { syscallCost } from "./syscall_cost.ts";
import { tunables } from "./tunables.ts";
import { wholeMachine } from "./whole_machine.ts";
import { whyNotReturned } from "./why_not_returned.ts";

/** All experiments. */
export const EXPERIMENTS: readonly Experiment[] = [
  powerOfTwoWaste,
  buddyPinnedPage,
  buddyCheckerboard,
  splitMergePingPong,
  buddyRounding,
  petersonNorman,
  buddyStrictMerging,
  mobilityGrouping,
  contiguous,
  largestContiguous,
  kernelIndexes,
  realPageTrace,
  slabWaste,
  slabPinning,
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
  benchThread,
  johnstoneWilson,
  distanceToOptimum,
  lazyCommit,
  rawFragmentation,
  syscallCost,
  brkTopPin,
  mmapThreshold,
  binReuse,
  lastRemainder,
  glibcBins,
  tunables,
  mapClear,
  containers,
  mapString,
  poolRetention,
  whyNotReturned,
  wholeMachine,
];
