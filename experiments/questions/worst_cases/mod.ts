/**
 * Worst cases.
 *
 * @module
 */
import type { Chapter } from "../../experiment/chapter.ts";
import { bestFitKiller } from "./best_fit_killer.ts";
import { gap64448512 } from "./gap_64_448_512.ts";
import { heapGame } from "./heap_game.ts";
import { kingsleyWorst } from "./kingsley_worst.ts";
import { robsonExperiment } from "./robson.ts";

const chapter: Chapter = {
  name: "worst_cases",
  title: "Worst cases",
  summary:
    "What an adversary can do to an allocator, and the bounds that theory proves.",
  experiments: [
    kingsleyWorst,
    robsonExperiment,
    bestFitKiller,
    gap64448512,
    heapGame,
  ],
};

export default chapter;
