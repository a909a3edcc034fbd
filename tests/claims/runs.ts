/**
 * The runs that decide every claim of the project: the default run, and one for
 * each group of claims that needs other parameters or a file.
 *
 * @module
 */
import { gunzipSync } from "node:zlib";
import type { Value } from "../../experiments/experiment/experiment.ts";

/** A run of the command `claims`. */
export interface ClaimsRun {
  /** What is special about it. */
  name: string;
  /** Claims that it decides; none: all that it can. */
  ids: readonly string[];
  /** Values instead of the experiments' own. */
  set: Readonly<Record<string, readonly Value[]>>;
}

const FIXTURES = new URL("../fixtures/claims/", import.meta.url);
/** Profiles of Fleetbench in the fixture. */
const PROFILES = [0, 2, 3, 5, 6, 7, 9];

/** The runs, where {@linkcode writeProfiles} has filled `folder`. */
export function claimsRuns(folder: string): ClaimsRun[] {
  return [
    { name: "the default scale", ids: [], set: {} },
    {
      name: "profiles of Fleetbench",
      ids: PROFILES.map((profile) => `fleet-${profile}`),
      set: { profiles: [folder], profile: PROFILES, spacing: ["jemalloc"] },
    },
    {
      name: "buffers of minimalloc",
      ids: ["a", "f"].flatMap((file) => [
        `minimalloc-${file}`,
        `minimalloc-${file}-best-fit`,
      ]),
      set: {
        file: ["A", "F"].map((file) =>
          `${FIXTURES.pathname}${file}.1048576.csv.gz`
        ),
      },
    },
    {
      name: "a million elements",
      ids: ["stl-allocator.calls"],
      set: { elements: [1_000_000], kind: ["map"] },
    },
  ];
}

/** Writes the profiles into `folder`, a file each, as Fleetbench names them. */
export function writeProfiles(folder: string): void {
  const packed = Deno.readFileSync(new URL("fleetbench.csv.gz", FIXTURES));
  const [, ...rows] = new TextDecoder().decode(gunzipSync(packed))
    .trimEnd().split("\n").map((line) => line.split(","));
  for (const profile of PROFILES) {
    const lines = rows.filter(([of]) => Number(of) === profile)
      .map(([, size, live]) => `${size}, 0, ${live}\n`);
    Deno.writeTextFileSync(
      `${folder}/TCMALLOC_${profile}.csv`,
      lines.join(""),
    );
  }
}
