/**
 * What an adversary is: requests that may depend on where the blocks lie, so
 * they are made while they are answered. Parameters in, a game out; what it
 * played is a trace like any other.
 *
 * @module
 */
import {
  type Option,
  type Options,
  type Values,
  whole,
} from "../../allocators/entry.ts";
import type { Game } from "./game.ts";
import type { Parameter, Value } from "../experiment/experiment.ts";
import { complete } from "../workloads/workload.ts";

/** An adversary as the list of them names it. */
export interface Adversary {
  /** Lower case, digits, `_`. */
  name: string;
  /** One sentence. */
  summary: string;
  /** What can be set. */
  parameters: Options;
  /**
   * The game; values not given take their fallback. Throws `RangeError` that
   * names an unknown parameter or what a value should be.
   */
  game(values: Readonly<Record<string, Value>>): Game;
}

/** The most live cells that a parameter can ask for. */
export const MOST_CELLS: number = 2 ** 22;

const UNIT_SUMMARY =
  "bytes of a cell; 0: the allocator's smallest block, at least 64";

/** The parameter that all adversaries share. */
export const UNIT: Option<number> = whole(0, UNIT_SUMMARY, 0, 2 ** 20);

/** {@linkcode UNIT} as an experiment declares it. */
export const UNIT_PARAMETER: Readonly<Record<"unit", Parameter>> = {
  unit: { summary: UNIT_SUMMARY, values: { default: [0] } },
};

/** Turns a typed adversary into a list entry. */
export function define<O extends Options>(
  adversary: Omit<Adversary, "parameters" | "game"> & {
    parameters: O;
    game(values: Values<O>): Omit<Game, "name">;
  },
): Adversary {
  const { name, parameters, game } = adversary;
  return {
    ...adversary,
    game: (values) => ({
      name,
      ...game(complete(name, parameters, values) as Values<O>),
    }),
  };
}
