/**
 * The adversaries, in the order of `list`.
 *
 * @module
 */
import { BEST_FIT_KILLER } from "./best_fit_killer.ts";
import type { Adversary } from "./adversary.ts";
import { GAP } from "./gap.ts";
import { HEAP_GAME } from "./heap_game.ts";
import { ROBSON } from "./robson.ts";

/** Everything that can be played by name. */
export const ADVERSARIES: readonly Adversary[] = [
  ROBSON,
  BEST_FIT_KILLER,
  GAP,
  HEAP_GAME,
];
