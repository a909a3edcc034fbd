/**
 * What /proc/slabinfo means: what each cache holds and wastes, and how its
 * slabs come to be as they are.
 *
 * @module
 */
import {
  SHEAF_WISHES,
  sheafCapacity,
} from "../../../allocators/slab/sheaf_capacity.ts";
import type { Sample, Setting } from "../kind.ts";
import { listed, mebibytes, percent, plural, table } from "../words.ts";
import { type Cache, contradiction, heldBytes } from "./cache.ts";
import { debugNote } from "./names.ts";
import { growthLines, type Holding, isSeries } from "./series.ts";
import { sheafLines } from "./sheaf_lines.ts";
import { fitSlab, placeOf } from "./slab_fit.ts";
import {
  fitSlub,
  fitText,
  hasLayout,
  type Layout,
  slubLayout,
} from "./slub_fit.ts";

/** How the slabs of a text come about. */
interface Rules {
  /** Titles of the columns about slabs. */
  titles: readonly string[];
  /** Their cells for a cache. */
  cells(cache: Cache): string[];
  /** A word on a cache that is not as it should be, or "". */
  note(cache: Cache): string;
  /** What of a slab holds no object. */
  rest: string;
  /** The rules in words. */
  lines: string[];
}

/** The explanation of one or more texts. */
export function explainSlabs(
  samples: readonly Sample<Cache[]>[],
  { pageBytes }: Setting,
): string[] {
  const holdings = samples.map((sample) => ({
    ...sample,
    data: holdingsOf(sample.data, pageBytes),
  }));
  const series = isSeries(holdings);
  return [
    ...(series ? growthLines(holdings) : []),
    ...(series ? samples.slice(-1) : samples)
      .flatMap(({ data }) => [...textLines(data, pageBytes), ""]),
  ];
}

/** The caches with what they hold. */
export function holdingsOf(
  caches: readonly Cache[],
  pageBytes: number,
): Holding[] {
  return caches.map((cache) => ({
    ...cache,
    heldBytes: heldBytes(cache, pageBytes),
  }));
}

function textLines(caches: readonly Cache[], pageBytes: number): string[] {
  if (caches.length === 0) return ["No cache is listed."];
  const sound = caches.filter((cache) => !contradiction(cache, pageBytes));
  const rules = caches.some(({ limit }) => limit > 0)
    ? slabRules(sound, pageBytes)
    : slubRules(sound, pageBytes);
  const rows = caches.map((cache) => {
    const { objectsPerSlab, pagesPerSlab, size } = cache;
    const wrong = contradiction(cache, pageBytes);
    const idle = (cache.objects - cache.activeObjects) * size;
    return [
      cache.name,
      `${size}`,
      ...rules.cells(cache),
      ...(wrong ? ["", "", "", wrong] : [
        percent(1 - objectsPerSlab * size / (pagesPerSlab * pageBytes)),
        mebibytes(heldBytes(cache, pageBytes)),
        mebibytes(idle),
        rules.note(cache),
      ]),
    ];
  });
  return [
    ...table([
      ["cache", "size", ...rules.titles, "tail waste", "held", "idle", ""],
      ...rows,
    ]),
    "",
    ...rules.lines,
    ...debugNote(sound),
    ...totals(sound, pageBytes, rules.rest),
    ...(sound.length < caches.length
      ? [
        `${
          plural(caches.length - sound.length, "cache is", "caches are")
        } marked: figures that cannot all be true, left out of the sums.`,
      ]
      : []),
  ];
}

function slubRules(caches: readonly Cache[], pageBytes: number): Rules {
  const fit = fitSlub(caches, pageBytes);
  const layouts = (cache: Cache) =>
    fit.guesses.map((guess) => slubLayout(cache.size, guess, pageBytes));
  const predicted = (cache: Cache, figure: (layout: Layout) => number) => {
    const all = layouts(cache).map((found) => found ? figure(found) : "-");
    return [...new Set(all)].join("/") || "-";
  };
  return {
    titles: ["objects/slab", "predicted", "pages/slab", "predicted"],
    cells: (cache) => [
      `${cache.objectsPerSlab}`,
      predicted(cache, ({ objects }) => objects),
      `${cache.pagesPerSlab}`,
      predicted(cache, ({ order }) => 2 ** order),
    ],
    note: (cache) =>
      layouts(cache).some((layout) => hasLayout(cache, layout))
        ? ""
        : "differs",
    rest: "tails of slabs",
    lines: [
      fitText(fit, caches.length),
      [
        "In use: SLUB counts what CPUs keep for themselves as in use.",
        ...sheafLines(
          caches.map(({ name, size, activeObjects }) => ({
            name,
            size,
            activeObjects,
            capacity: sheafCapacity(size, SHEAF_WISHES[name]),
          })),
          fit.guesses.filter(({ rules }) => rules === "new"),
          "assumed",
        ),
      ].join(" "),
    ],
  };
}

function slabRules(caches: readonly Cache[], pageBytes: number): Rules {
  const fits = fitSlab(caches, pageBytes);
  const places = (cache: Cache) =>
    fits.map(({ generation }) => placeOf(cache, generation, pageBytes));
  const kernels = fits.map(({ generation: { name, formula } }) =>
    `${name}: ${formula}`
  );
  return {
    titles: ["objects/slab", "pages/slab", "indexes"],
    cells: (cache) => [
      `${cache.objectsPerSlab}`,
      `${cache.pagesPerSlab}`,
      [...new Set(places(cache).map((place) => place ?? "-"))].join(" / "),
    ],
    note: (cache) => places(cache).some(Boolean) ? "" : "differs",
    rest: "indexes and tails of slabs",
    lines: [
      "This is the classical SLAB allocator, not SLUB: its CPUs' arrays have " +
      "limits (tunables) where SLUB prints zeros. Its slabs do not depend on " +
      "the number of CPUs.",
      fits.length === 0
        ? "No generation of SLAB explains these numbers of objects."
        : `${fits[0]!.hits} of ${plural(caches.length, "cache")} ${
          fits[0]!.hits === 1 ? "has" : "have"
        } as many objects on ` +
          "a slab as SLAB puts there: slab / size with the indexes of free " +
          `objects off the slab, and with them on it, in kernels ${
            listed(kernels, "or")
          }.`,
    ],
  };
}

/** What all caches hold, and for what. */
function totals(
  caches: readonly Cache[],
  pageBytes: number,
  rest: string,
): string[] {
  let [held, used, room] = [0, 0, 0];
  for (const cache of caches) {
    held += heldBytes(cache, pageBytes);
    used += cache.activeObjects * cache.size;
    room += cache.objects * cache.size;
  }
  if (held === 0) return ["No slab is held."];
  const largest = caches.toSorted((a, b) =>
    heldBytes(b, pageBytes) - heldBytes(a, pageBytes)
  ).slice(0, 3).map((cache) =>
    `${cache.name} (${mebibytes(heldBytes(cache, pageBytes))})`
  );
  return [
    `${mebibytes(held)} held: ${percent(used / held)} in use, ${
      percent((room - used) / held)
    } free objects, ${percent((held - room) / held)} ${rest}. ` +
    `The largest: ${listed(largest)}.`,
  ];
}
