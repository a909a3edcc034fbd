/**
 * The experiments, in the order in which they run.
 *
 * @module
 */
import { benchThread } from "./placement/bench_thread.ts";
import { bestFitKiller } from "./worst_cases/best_fit_killer.ts";
import { binReuse } from "./glibc/bin_reuse.ts";
import { brkTopPin } from "./glibc/brk_top_pin.ts";
import { buddyCheckerboard } from "./pages/buddy_checkerboard.ts";
import { buddyPinnedPage } from "./pages/buddy_pinned_page.ts";
import { buddyRounding } from "./pages/buddy_rounding.ts";
import { buddyStrictMerging } from "./pages/buddy_strict_merging.ts";
import { containers } from "./containers/containers.ts";
import { contiguous } from "./pages/contiguous.ts";
import { distanceToOptimum } from "./placement/distance_to_optimum.ts";
import { fiftyPercent } from "./placement/fifty_percent.ts";
import { fleetExperiment } from "./placement/fleet.ts";
import { gap64448512 } from "./worst_cases/gap_64_448_512.ts";
import { glibcBins } from "./glibc/glibc_bins.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { heapGame } from "./worst_cases/heap_game.ts";
import { johnstoneWilson } from "./placement/johnstone_wilson.ts";
import { kernelIndexes } from "./pages/kernel_indexes.ts";
import { kingsleyWorst } from "./worst_cases/kingsley_worst.ts";
import { largestContiguous } from "./pages/largest_contiguous.ts";
import { lastRemainder } from "./glibc/last_remainder.ts";
import { lazyCommit } from "./system/lazy_commit.ts";
import { mapChurn } from "./containers/map_churn.ts";
import { mapClear } from "./containers/map_clear.ts";
import { mapString } from "./containers/map_string.ts";
import { minimalloc } from "./placement/minimalloc.ts";
import { mmapThreshold } from "./glibc/mmap_threshold.ts";
import { mobilityGrouping } from "./pages/mobility_grouping.ts";
import { petersonNorman } from "./pages/peterson_norman.ts";
import { poolRetention } from "./containers/pool_retention.ts";
import { powerOfTwoWaste } from "./pages/power_of_two_waste.ts";
import { randomSizes } from "./placement/random_sizes.ts";
import { rawFragmentation } from "./system/raw_fragmentation.ts";
import { realPageTrace } from "./pages/real_page_trace.ts";
import { recordedOrRandom } from "./placement/recorded_or_random.ts";
import { recordedPrograms } from "./placement/recorded_programs.ts";
import { robsonExperiment } from "./worst_cases/robson.ts";
import { shore } from "./placement/shore.ts";
import { sizeClasses } from "./placement/size_classes.ts";
import { slabPinning } from "./pages/slab_pinning.ts";
import { slabWaste } from "./pages/slab_waste.ts";
import { splitMergePingPong } from "./pages/split_merge_ping_pong.ts";
import { steadyOrSaturated } from "./placement/steady_or_saturated.ts";
import { syscallCost } from "./system/syscall_cost.ts";
import { tunables } from "./glibc/tunables.ts";
import { wholeMachine } from "./machine/whole_machine.ts";
import { whyNotReturned } from "./machine/why_not_returned.ts";

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
