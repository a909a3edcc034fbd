/**
 * The experiments, in the order in which they run.
 *
 * @module
 */
import { buddyCheckerboard } from "./buddy_checkerboard.ts";
import { buddyPinnedPage } from "./buddy_pinned_page.ts";
import { buddyRounding } from "./buddy_rounding.ts";
import { buddyStrictMerging } from "./buddy_strict_merging.ts";
import { contiguous } from "./contiguous.ts";
import { fiftyPercent } from "./fifty_percent.ts";
import { lazyCommit } from "./lazy_commit.ts";
import { rawFragmentation } from "./raw_fragmentation.ts";
import { syscallCost } from "./syscall_cost.ts";
import { brkTopPin } from "./brk_top_pin.ts";
import { mmapThreshold } from "./mmap_threshold.ts";
import { binReuse } from "./bin_reuse.ts";
import { lastRemainder } from "./last_remainder.ts";
import { glibcBins } from "./glibc_bins.ts";
import { tunables } from "./tunables.ts";
import type { Experiment } from "./harness/experiment.ts";
import { kernelIndexes } from "./kernel_indexes.ts";
import { kingsleyWorst } from "./kingsley_worst.ts";
import { largestContiguous } from "./largest_contiguous.ts";
import { mapChurn } from "./map_churn.ts";
import { mobilityGrouping } from "./mobility_grouping.ts";
import { powerOfTwoWaste } from "./power_of_two_waste.ts";
import { randomSizes } from "./random_sizes.ts";
import { realPageTrace } from "./real_page_trace.ts";
import { recordedOrRandom } from "./recorded_or_random.ts";
import { recordedPrograms } from "./recorded_programs.ts";
import { shore } from "./shore.ts";
import { slabPinning } from "./slab_pinning.ts";
import { slabWaste } from "./slab_waste.ts";
import { splitMergePingPong } from "./split_merge_ping_pong.ts";
import { containers } from "./containers.ts";
import { mapClear } from "./map_clear.ts";
import { mapString } from "./map_string.ts";
import { poolRetention } from "./pool_retention.ts";
import { unequalBuddies } from "./unequal_buddies.ts";

/** All experiments. */
export const EXPERIMENTS: readonly Experiment[] = [
  powerOfTwoWaste,
  buddyPinnedPage,
  buddyCheckerboard,
  splitMergePingPong,
  buddyRounding,
  unequalBuddies,
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
];
