/**
 * The drivers, in the order of `list`.
 *
 * @module
 */
import { BEST_FIT_KILLER } from "./best_fit_killer.ts";
import type { Driver } from "./driver.ts";
import { GAP } from "./gap.ts";
import { HEAP_GAME } from "./heap_game.ts";
import { ROBSON } from "./robson.ts";

/** Everything that can be played by name. */
export const DRIVERS: readonly Driver[] = [
  ROBSON,
  BEST_FIT_KILLER,
  GAP,
  HEAP_GAME,
];
