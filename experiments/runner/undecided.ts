/**
 * Why a claim is not measured, and what would measure it.
 *
 * @module
 */
import type {
  Claim,
  Experiment,
  Finished,
  Scale,
  Value,
} from "../experiment/experiment.ts";
import { cellsOf, type Choice, gridOf } from "./plan.ts";
import type { Specs } from "./specs.ts";

/** Why a claim is not measured. */
export interface Undecided {
  /** The reason, a clause. */
  why: string;
  /** The options of a run that measures it; undefined: none is known. */
  options?: readonly string[];
}

/** Measures of which each has a value: only which cells there are counts. */
const ANY: Finished["measures"] = new Proxy({}, { get: () => 1 });

/** Whether the cells that `choice` asks of `experiment` decide `claim`. */
export function decides(
  claim: Claim,
  experiment: Experiment,
  choice: Choice,
  specs: Specs,
): boolean {
  const grid = gridOf(experiment, choice, specs);
  const cells = cellsOf(grid, experiment, specs)
    .map((key): Finished => ({ ...key, measures: ANY }));
  return claim.measured(cells) !== undefined;
}

/** Why `claim` is not measured in a run of what `choice` asks for. */
export function whyUndecided(
  claim: Claim,
  experiment: Experiment,
  choice: Choice,
  specs: Specs,
): Undecided {
  const isDecidedBy = (other: Choice) =>
    decides(claim, experiment, other, specs);
  if (isDecidedBy(choice)) return { why: "a cell that decides it has failed" };
  const at = (scale: Scale): Choice => ({ overrides: {}, scale });
  const chosen = [
    ...(choice.scale === "default" ? [] : [`--scale ${choice.scale}`]),
    ...(choice.allocators ? ["--allocator"] : []),
    ...(Object.keys(choice.overrides).length > 0 ? ["--set"] : []),
  ];
  if (isDecidedBy(at("default"))) {
    const verb = chosen.length > 1 ? "leave" : "leaves";
    return {
      why: `${chosen.join(" and ")} ${verb} out the cells that decide it`,
      options: [],
    };
  }
  if (isDecidedBy(at("full"))) {
    return {
      why: "only --scale full has the cells that decide it",
      options: ["--scale", "full"],
    };
  }
  return {
    why: `it needs files of others, of which \`list ${experiment.name}\` tells`,
    ...(claim.needs && { options: settings(claim.needs) }),
  };
}

/** `values` as options. */
function settings(values: Readonly<Record<string, Value>>): string[] {
  return Object.entries(values)
    .flatMap(([key, value]) => ["--set", `${key}=${value}`]);
}
