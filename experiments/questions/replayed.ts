/**
 * The experiments whose cells replay a trace, or play against their allocator:
 * those that the page of the lab can show. A test compares them with what cells
 * ask for.
 *
 * @module
 */
import type { Experiment } from "../experiment/experiment.ts";
import containers from "./containers/mod.ts";
import { binReuse } from "./glibc/bin_reuse.ts";
import { glibcVersions } from "./glibc/glibc_versions.ts";
import { tunables } from "./glibc/tunables.ts";
import { buddyCheckerboard } from "./pages/buddy_checkerboard.ts";
import { buddyPinnedPage } from "./pages/buddy_pinned_page.ts";
import { contiguous } from "./pages/contiguous.ts";
import { powerOfTwoWaste } from "./pages/power_of_two_waste.ts";
import { realPageTrace } from "./pages/real_page_trace.ts";
import { sheaves } from "./pages/sheaves.ts";
import { splitMergePingPong } from "./pages/split_merge_ping_pong.ts";
import { benchThread } from "./placement/bench_thread.ts";
import { distanceToOptimum } from "./placement/distance_to_optimum.ts";
import { fiftyPercent } from "./placement/fifty_percent.ts";
import { fleetExperiment } from "./placement/fleet.ts";
import { johnstoneWilson } from "./placement/johnstone_wilson.ts";
import { minimalloc } from "./placement/minimalloc.ts";
import { randomSizes } from "./placement/random_sizes.ts";
import { recordedOrRandom } from "./placement/recorded_or_random.ts";
import { recordedPrograms } from "./placement/recorded_programs.ts";
import { shore } from "./placement/shore.ts";
import { steadyOrSaturated } from "./placement/steady_or_saturated.ts";
import { rawFragmentation } from "./system/raw_fragmentation.ts";
import { bestFitKiller } from "./worst_cases/best_fit_killer.ts";
import { gap64448512 } from "./worst_cases/gap_64_448_512.ts";
import { heapGame } from "./worst_cases/heap_game.ts";
import { kingsleyWorst } from "./worst_cases/kingsley_worst.ts";
import { robsonExperiment } from "./worst_cases/robson.ts";

/** All of them. */
export const REPLAYED: readonly Experiment[] = [
  recordedPrograms,
  recordedOrRandom,
  randomSizes,
  fiftyPercent,
  shore,
  fleetExperiment,
  steadyOrSaturated,
  benchThread,
  johnstoneWilson,
  distanceToOptimum,
  minimalloc,
  kingsleyWorst,
  robsonExperiment,
  bestFitKiller,
  gap64448512,
  heapGame,
  powerOfTwoWaste,
  buddyPinnedPage,
  buddyCheckerboard,
  splitMergePingPong,
  contiguous,
  realPageTrace,
  sheaves,
  binReuse,
  glibcVersions,
  tunables,
  rawFragmentation,
  ...containers.experiments,
];
