/**
 * The profile that a cell names: one of the ten of google/fleetbench in a
 * folder of the user's, or a law of our own.
 *
 * @module
 */
import type { Cell, Parameter } from "../experiment/experiment.ts";
import {
  inverseSquareProfile,
  type Profile,
  readProfile,
} from "../traces/fleetbench.ts";

/** What stands for the law of our own. */
export const NO_FILES = "none";

/** The parameters that name a profile. */
export const PROFILE_PARAMETERS: Readonly<
  Record<"profiles" | "profile", Parameter>
> = {
  profiles: {
    summary: "folder of TCMALLOC_0.csv .. 9 as github.com/google/fleetbench " +
      "publishes them (Apache-2.0); none: sizes 8..32768, births by the " +
      "inverse square of the size, live objects by its inverse",
    values: { default: [NO_FILES] },
  },
  profile: {
    summary: "number of the profile",
    values: { default: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
  },
};

/** Without files all profiles are one. */
export function isOneProfile(
  { profiles, profile }: Readonly<Record<string, unknown>>,
): boolean {
  return profiles !== NO_FILES || profile === 0;
}

/** The profile of `cell`. */
export async function profileOf(cell: Cell): Promise<Profile> {
  const folder = cell.text("profiles");
  if (folder === NO_FILES) return inverseSquareProfile();
  const path = `${folder}/TCMALLOC_${cell.number("profile")}.csv`;
  return await readProfile(path, () => cell.open(path));
}
