/**
 * The cost of rounding up to size classes: at worst, and on the sizes of real
 * programs. No request is made; each live object counts with its class.
 *
 * @module
 */
import { bytes, count, ratio, type Row } from "../../measures/columns.ts";
import { mean, near, REFUTED } from "../../experiment/claims.ts";
import {
  type Claim,
  type Experiment,
  NO_ALLOCATOR,
  type Verdict,
} from "../../experiment/experiment.ts";
import {
  type Rounding,
  SPACINGS,
  worstOf,
} from "../../measures/size_classes.ts";
import type { Profile } from "../../traces/fleetbench.ts";
import {
  isOneProfile,
  NO_FILES,
  PROFILE_PARAMETERS,
  profileOf,
} from "../../workloads/profiles.ts";

/** Internal waste in per cent of live bytes, 4 classes per doubling. */
const FLEET: Record<number, number> = {
  0: 1.71,
  2: 2.2,
  3: 5.82,
  5: 5.76,
  6: 6.51,
  7: 2.36,
  9: 6.05,
};

/** Who spaces classes how, and the most that a block or request loses. */
const WORST: [id: string, spacing: string, measure: string, string, number][] =
  [
    [
      "class-jemalloc",
      "jemalloc",
      "worst_ratio",
      "4 classes per doubling (jemalloc) lose at most 1/5 of a block.",
      1 / 5,
    ],
    [
      "class-mimalloc",
      "mimalloc",
      "worst_ratio",
      "8 classes per doubling (mimalloc) lose at most 1/9 of a block.",
      1 / 9,
    ],
    [
      "class-tlsf",
      "tlsf",
      "worst_ratio",
      "32 classes per doubling (TLSF, SLI = 5) lose at most 1/33 of a block.",
      1 / 33,
    ],
    [
      "class-tlsf-search",
      "tlsf",
      "worst_per_request",
      "TLSF may pass over holes that are up to 1/32 longer than the request.",
      1 / 32,
    ],
  ];

/** The same of real libraries, which were asked for every size. */
const REAL: readonly [
  spacing: string,
  statement: string,
  value: number,
  verdict?: Verdict,
][] = [
  [
    "jemalloc 5.3.0",
    "jemalloc 5.3.0 has 4 classes per doubling: it loses at most 1/5 of a block.",
    1 / 5,
  ],
  [
    "mimalloc 3.6.0",
    "mimalloc 3.6.0 has 8 classes per doubling: it loses at most 1/9 of a block.",
    1 / 9,
    REFUTED,
  ],
  [
    "tcmalloc 2.18.1",
    "tcmalloc 2.18.1 loses at most 1/8 of a block.",
    1 / 8,
    REFUTED,
  ],
];

/** Spacings that claims are about. */
const COMPARED = [
  "jemalloc",
  "mimalloc",
  ...REAL.map(([spacing]) => spacing),
];

const claims: Claim[] = [
  ...WORST.map(([id, spacing, measure, statement, value]) => ({
    id,
    statement,
    source: "arithmetic; the manuals of jemalloc 5.3, mimalloc, TLSF",
    measured: mean(measure, { spacing }),
    expected: near(value, 1e-9),
  })),
  ...REAL.map(([spacing, statement, value, verdict]) => ({
    id: `class-${spacing.replace(" ", "-")}`,
    statement,
    source: "the usual account; the library's answers",
    measured: mean("worst_ratio", { spacing }),
    expected: near(value, 1e-9),
    ...(verdict && { verdict }),
  })),
  ...Object.entries(FLEET).map(([profile, percent]) => ({
    id: `fleet-${profile}`,
    statement: `On Fleetbench profile ${profile}, 4 classes per doubling ` +
      `lose ${percent} % of the live bytes.`,
    source: "computed from google/fleetbench",
    measured: mean("waste_per_live", {
      spacing: "jemalloc",
      profile: Number(profile),
      profiles: (folder) => folder !== NO_FILES,
    }),
    expected: near(percent / 100, 1e-4),
    needs: { profiles: "FOLDER", profile: Number(profile) },
  })),
];

/** The declaration. */
export const sizeClasses: Experiment = {
  name: "size_classes",
  question: "How much memory do size classes lose inside blocks?",
  claims,
  random: false,
  allocators: [NO_ALLOCATOR],
  parameters: {
    spacing: {
      summary: "size classes; per doubling, pow2 has 1, jemalloc 4, " +
        "mimalloc 8 and tlsf 32; glibc has one every 16 bytes. With a " +
        "version: those of the library",
      values: {
        quick: ["pow2", "tlsf", "glibc", ...COMPARED],
        default: Object.keys(SPACINGS),
      },
    },
    ...PROFILE_PARAMETERS,
  },
  selects: isOneProfile,
  columns: [
    ratio(
      "worst_ratio",
      "Largest share of a block that is lost, blocks of 512 bytes to 1 MiB.",
    ),
    ratio("worst_per_request", "Largest loss over the request, same blocks."),
    ratio("waste_per_live", "Bytes lost over live bytes as requested."),
    ratio("waste_ratio", "Bytes lost over bytes of the blocks."),
    ratio("classes_used", "Classes that hold at least one live object."),
    bytes("class_bytes", "Block length of a class."),
    count("objects", "object", "Live objects of the class, rounded."),
    ratio("lost_ratio", "Share of all lost bytes that this class loses."),
  ],
  headline: ["worst_ratio", "waste_per_live", "classes_used"],
  async run(cell) {
    const round = SPACINGS[cell.choice("spacing", Object.keys(SPACINGS))]!;
    const profile = await profileOf(cell);
    const { classes, requested, lost } = rounded(profile, round);
    return {
      workload: profile.name,
      samples: [],
      tables: { classes },
      measures: {
        ...worstOf(round),
        waste_per_live: lost / requested,
        waste_ratio: lost / (lost + requested),
        classes_used: classes.length,
      },
    };
  },
  figures: [{
    title: "Bytes lost over live bytes, by whose classes.",
    table: "summary",
    x: "spacing",
    y: "waste_per_live",
    series: "profile",
    mark: "bar",
  }],
};

/** The live objects of `profile` by class, shortest class first. */
function rounded({ sizes, live }: Profile, round: Rounding) {
  const sums = new Map<number, { objects: number; lost: number }>();
  let [requested, lost] = [0, 0];
  sizes.forEach((size, i) => {
    const length = round(size);
    const sum = sums.get(length) ?? { objects: 0, lost: 0 };
    sums.set(length, sum);
    sum.objects += live[i]!;
    sum.lost += live[i]! * (length - size);
    requested += live[i]! * size;
    lost += live[i]! * (length - size);
  });
  const classes: Row[] = [...sums].toSorted(([a], [b]) => a - b)
    .map(([length, sum]) => ({
      class_bytes: length,
      objects: Math.round(sum.objects),
      lost_ratio: lost > 0 ? sum.lost / lost : 0,
    }));
  return { classes, requested, lost };
}
