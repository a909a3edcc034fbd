/**
 * The attributes of slab caches, as sysfs shows them: lines of
 * `grep -r . /sys/kernel/slab`, or a table with a column for each attribute.
 *
 *     /sys/kernel/slab/dentry/object_size:192
 *     cache,object_size,slab_size,objs_per_slab,order,...
 *     dentry,192,192,21,0,...
 *
 * @module
 */
import { PAGE } from "../../../allocators/pages.ts";
import type { Kind, Sample } from "../kind.ts";
import { listed, mebibytes, plural, table } from "../words.ts";
import { CACHE_COLUMNS, cacheRow, type Holding } from "./series.ts";
import { sheafLines } from "./sheaf_lines.ts";
import {
  beginsSysfs,
  COLUMNS,
  isComplete,
  SysfsReader,
} from "./sysfs_reader.ts";
import {
  explainedBy,
  fitSysfs,
  type SysfsCache,
  sysfsFitText,
} from "./sysfs_fit.ts";

/** The kind of text. */
export const SLAB_SYSFS: Kind<SysfsCache[]> = {
  name: "slab sysfs",
  about: "grep -r . /sys/kernel/slab: attributes of SLUB caches",
  begins: beginsSysfs,
  reader: () => new SysfsReader(),
  explain: explainSysfs,
  table: {
    columns: CACHE_COLUMNS,
    rows: (caches) => caches.map((cache) => cacheRow(holdingOf(cache))),
  },
};

function holdingOf({ name, attributes }: SysfsCache): Holding {
  const { slabs = 0, order = 0, slab_size = 0 } = attributes;
  const { total_objects = slabs * (attributes.objs_per_slab ?? 0) } =
    attributes;
  return {
    name,
    activeObjects: attributes.objects ?? 0,
    objects: total_objects,
    size: slab_size,
    slabs,
    heldBytes: order <= 10 ? slabs * 2 ** order * PAGE : 0,
  };
}

function explainSysfs(samples: readonly Sample<SysfsCache[]>[]): string[] {
  return samples.flatMap(({ data }) => [...textLines(data), ""]);
}

function textLines(all: readonly SysfsCache[]): string[] {
  const caches = all.filter(isComplete);
  const left = all.length - caches.length;
  const fit = fitSysfs(caches);
  const guess = fit.guesses.at(-1);
  const explained = caches.map((cache) => guess && explainedBy(cache, guess));
  const rows = caches.map(({ name, attributes, alias }, i) => {
    const { geometry, differs = [] } = explained[i] ?? {};
    const cell = (attribute: string) => `${attributes[attribute] ?? "-"}`;
    return [
      name,
      cell("object_size"),
      cell("slab_size"),
      `${geometry?.size ?? "-"}`,
      cell("objs_per_slab"),
      `${geometry?.objects ?? "-"}`,
      cell("order"),
      `${geometry?.order ?? "-"}`,
      cell("cpu_partial"),
      cell("sheaf_capacity"),
      alias ? "alias" : mebibytes(holdingOf(caches[i]!).heldBytes),
      differs.length > 0 ? `differs: ${differs.join(", ")}` : "",
    ];
  });
  const inside = caches.filter((_, i) =>
    explained[i]?.inside && explained[i].differs.length === 0
  ).map(({ name }) => name);
  const own = caches.filter(({ alias }) => !alias);
  const held = own.reduce((sum, cache) => sum + holdingOf(cache).heldBytes, 0);
  const sheaves = own.map((cache) => ({
    ...holdingOf(cache),
    capacity: cache.attributes.sheaf_capacity ?? 0,
  }));
  return [
    ...(rows.length === 0 ? ["No cache is listed."] : table([
      [
        ...["cache", "object", "size", "predicted", "objects/slab"],
        ...["predicted", "order", "predicted", "cpu_partial", "sheaf"],
        ...["held", ""],
      ],
      ...rows,
    ])),
    "",
    ...(rows.length === 0 ? [] : [sysfsFitText(fit, caches.length)]),
    ...(inside.length === 0 ? [] : [
      `The free pointer of ${listed(inside)} lies inside of the objects, ` +
      "though RCU may still read them: their sizes show it.",
    ]),
    ...(sheaves.some(({ capacity }) => capacity > 0)
      ? sheafLines(sheaves, fit.guesses, "shown")
      : []),
    `${mebibytes(held)} held by ${plural(own.length, "cache")}.`,
    ...(left > 0
      ? [
        `${plural(left, "cache lacks", "caches lack")} one of ` +
        `${listed(COLUMNS)} and ${left === 1 ? "is" : "are"} left out.`,
      ]
      : []),
  ];
}
