/**
 * What rounding up to size classes costs: at worst, and on the sizes of real
 * programs. No request is made; each live object counts with its class.
 *
 * @module
 */
import { bytes, count, ratio } from "../../measures/columns.ts";
import {
  type Claim,
  type Experiment,
  type Finished,
  meanOf,
  NO_ALLOCATOR,
} from "../../experiment/experiment.ts";
import { type Rounding, SPACINGS } from "../../measures/size_classes.ts";
import {
  isOneProfile,
  NO_FILES,
  PROFILE_PARAMETERS,
  profileOf,
} from "../../workloads/profiles.ts";

/** Classes are compared from here on, where all spacings have settled ... */
const FROM = 512;
/** ... up to here. */
const TO = 2 ** 20;

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

function worst(
  id: string,
  spacing: string,
  measure: string,
  value: number,
  statement: string,
): Claim {
  return {
    id,
    statement,
    source: "arithmetic; the manuals of jemalloc 5.3, mimalloc, TLSF",
    measured: (cells) => meanOf(cells, measure, { spacing }),
    expected: { value, tolerance: 1e-9 },
  };
}

/** The declaration. */
export const sizeClasses: Experiment = {
  name: "size_classes",
  question: "How much do size classes lose inside blocks?",
  claims: [
    worst(
      "class-jemalloc",
      "jemalloc",
      "worst_ratio",
      1 / 5,
      "4 classes per doubling lose at most 1/5 of a block.",
    ),
    worst(
      "class-mimalloc",
      "mimalloc",
      "worst_ratio",
      1 / 9,
      "8 classes per doubling lose at most 1/9 of a block.",
    ),
    worst(
      "class-tlsf",
      "tlsf",
      "worst_ratio",
      1 / 33,
      "32 classes per doubling (TLSF, SLI = 5) lose at most 1/33 of a block.",
    ),
    worst(
      "class-tlsf-search",
      "tlsf",
      "worst_per_request",
      1 / 32,
      "TLSF's search passes over holes up to 2^-5 longer than the request.",
    ),
    ...Object.entries(FLEET).map(([profile, percent]): Claim => ({
      id: `fleet-${profile}`,
      statement: `Fleetbench profile ${profile}, 4 classes per doubling: ` +
        `${percent} % of the live bytes are lost.`,
      source: "computed from google/fleetbench",
      measured: (cells) =>
        meanOf(cells.filter(hasFiles), "waste_per_live", {
          spacing: "jemalloc",
          profile: Number(profile),
        }),
      expected: { value: percent / 100, tolerance: 1e-4 },
    })),
  ],
  allocators: [NO_ALLOCATOR],
  parameters: {
    spacing: {
      summary: "whose classes: jemalloc 4, mimalloc 8, tlsf 32 per doubling, " +
        "pow2 1; glibc every 16 bytes",
      values: { default: Object.keys(SPACINGS) },
    },
    ...PROFILE_PARAMETERS,
  },
  selects: isOneProfile,
  columns: [
    ratio("worst_ratio", "Most that is lost of a block of 512 bytes to 1 MiB."),
    ratio("worst_per_request", "The same over the request."),
    ratio("waste_per_live", "Bytes lost over live bytes as asked for."),
    ratio("waste_ratio", "Bytes lost over bytes of the blocks."),
    ratio("classes_used", "Classes that some live object has."),
    bytes("class_bytes", "Length of a class."),
    count("objects", "object", "Live objects of the class, rounded."),
    ratio("lost_ratio", "Share of all that is lost that is lost in it."),
  ],
  headline: ["worst_ratio", "waste_per_live", "classes_used"],
  async run(cell) {
    const spacing = cell.text("spacing");
    const round = SPACINGS[spacing];
    if (!round) {
      const known = Object.keys(SPACINGS).join(", ");
      throw new RangeError(`spacing expects one of ${known}, not "${spacing}"`);
    }
    const { name, sizes, live } = await profileOf(cell);
    const classes = new Map<number, { objects: number; lost: number }>();
    let [requested, lost] = [0, 0];
    sizes.forEach((size, i) => {
      const length = round(size);
      const sums = classes.get(length) ?? { objects: 0, lost: 0 };
      classes.set(length, sums);
      sums.objects += live[i]!;
      sums.lost += live[i]! * (length - size);
      requested += live[i]! * size;
      lost += live[i]! * (length - size);
    });
    const rows = [...classes].toSorted(([a], [b]) => a - b).map((
      [length, sums],
    ) => ({
      class_bytes: length,
      objects: Math.round(sums.objects),
      lost_ratio: lost > 0 ? sums.lost / lost : 0,
    }));
    return {
      workload: name,
      samples: [],
      tables: { classes: rows },
      measures: {
        ...worstOf(round),
        waste_per_live: lost / requested,
        waste_ratio: lost / (lost + requested),
        classes_used: classes.size,
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

function hasFiles({ parameters }: Finished): boolean {
  return parameters.profiles !== NO_FILES;
}

/** The least upper bounds: a request just above a class gets the next one. */
function worstOf(round: Rounding): Record<string, number> {
  let [ofBlock, ofRequest] = [0, 0];
  for (let below = round(FROM); below < TO;) {
    const length = round(below + 1);
    ofBlock = Math.max(ofBlock, 1 - below / length);
    ofRequest = Math.max(ofRequest, length / below - 1);
    below = length;
  }
  return { worst_ratio: ofBlock, worst_per_request: ofRequest };
}
