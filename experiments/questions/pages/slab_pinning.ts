/**
 * One live object keeps its slab: objects of 21 per slab are made, most are
 * freed, and slabs with a survivor stay. For comparison, what a live kernel did
 * with its cache of open files: as many objects added 893 slabs; one in 21 kept
 * left all 893, the first 900 kept left 38 more than before.
 *
 * @module
 */
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { MigrateType } from "../../../allocators/buddy/linux_area.ts";
import { PAGE } from "../../../allocators/pages.ts";
import { KmemCache } from "../../../allocators/slab/kmem_cache.ts";
import { slubGeometry } from "../../../allocators/slab/slub.ts";
import { CACHE_VERSIONS } from "../../../allocators/slab/versions.ts";
import { count, ratio } from "../../measures/columns.ts";
import {
  above,
  exactly,
  mean,
  near,
  quotient,
  type Where,
} from "../../experiment/claims.ts";
import { type Experiment, NO_ALLOCATOR } from "../../experiment/experiment.ts";

/** struct file on 2 CPUs: 192 bytes, 21 on a page. */
const FILP = { objectSize: 184, hwcacheAlign: true, rcu: true };
const PAGES = 4096;
const OBJECTS = 18_900;
const KEEP = ["one_per_slab", "first"];

const RULES = "rules of Linux 6.12, mm/slub.c, from an empty start";
const SHEAVES = "rules of Linux 7.2, mm/slub.c, from an empty start";

/** The cells of one kernel with so many objects, of which some are kept. */
function cellsOf(keep: string, version = "6.12"): Where {
  return { keep, objects: OBJECTS, version };
}

/** The declaration. */
export const slabPinning: Experiment = {
  name: "slab_pinning",
  question: "How many slabs do a few objects pin?",
  claims: [
    {
      id: "slab-pin-fill",
      statement: "18,900 objects, 21 on a slab, take 900 slabs.",
      source: RULES,
      measured: mean("full_slabs", cellsOf("one_per_slab")),
      expected: exactly(900),
    },
    {
      id: "slab-pin-scattered",
      statement: "If one object in 21 is kept, all 900 slabs stay.",
      source: RULES,
      measured: mean("kept_slabs", cellsOf("one_per_slab")),
      expected: exactly(900),
    },
    {
      id: "slab-pin-use",
      statement:
        "If one object in 21 is kept, 4.8 % of the slabs' room is in use.",
      source: RULES,
      measured: mean("use_ratio", cellsOf("one_per_slab")),
      expected: near(0.0476, 5e-5),
    },
    {
      id: "slab-pin-first",
      statement: "If the first 900 objects are kept, 43 slabs hold them.",
      source: RULES,
      measured: mean("pinned_slabs", cellsOf("first")),
      expected: exactly(43),
    },
    {
      id: "slab-pin-retained",
      statement:
        "If the first 900 objects are kept, 53 slabs stay listed: 43 in use, 5 " +
        "empty ones on the node's partial list and 5 on the CPU's.",
      source: RULES,
      measured: mean("listed_slabs", cellsOf("first")),
      expected: exactly(53),
    },
    {
      id: "slab-pin-sheaves",
      statement: "In 7.2 too, if one object in 21 is kept, all 900 slabs stay.",
      source: SHEAVES,
      measured: mean("kept_slabs", cellsOf("one_per_slab", "7.2")),
      expected: exactly(900),
    },
    {
      id: "slab-pin-sheaves-first",
      statement:
        "In 7.2, if the first 900 objects are kept, free objects in sheaves " +
        "keep slabs that 6.12 gives back: slabs of 7.2 over those of 6.12.",
      source: SHEAVES,
      measured: quotient(
        mean("kept_slabs", cellsOf("first", "7.2")),
        mean("kept_slabs", cellsOf("first")),
      ),
      expected: above(1),
    },
  ],
  random: false,
  allocators: [NO_ALLOCATOR],
  parameters: {
    objects: { summary: "objects made", values: { default: [OBJECTS] } },
    keep: {
      summary: "which objects are kept; one_per_slab: the first of every " +
        "slab, first: the first 900",
      values: { default: KEEP },
    },
    version: {
      summary: "the kernel whose rules are followed",
      values: { default: ["6.1", "6.12", "7.2"] },
    },
  },
  columns: [
    count("full_slabs", "slab", "Slabs when all objects are live."),
    count("kept_slabs", "slab", "Slabs after most objects were freed."),
    count("pinned_slabs", "slab", "Of these, with a live object."),
    count(
      "listed_slabs",
      "slab",
      "Of these, with a live object or empty on a partial list.",
    ),
    count("shrunk_slabs", "slab", "Slabs after kmem_cache_shrink."),
    ratio("use_ratio", "Live objects over the objects that fit."),
  ],
  headline: ["full_slabs", "kept_slabs", "pinned_slabs", "use_ratio"],
  run(cell) {
    const zone = new LinuxBuddy({ pages: PAGES, type: MigrateType.UNMOVABLE });
    const version = cell.choice("version", CACHE_VERSIONS);
    const cache = new KmemCache(zone, slubGeometry(FILP, 2, version));
    const first = cell.choice("keep", KEEP) === "first";
    const pages = new Set<number>(); // slabs of one page that keep an object
    const stays = (address: number, i: number) => {
      if (first) return i < 900;
      const before = pages.size;
      return pages.add(Math.floor(address / PAGE)).size > before;
    };
    const objects = Array.from(
      { length: cell.number("objects") },
      () => cache.alloc(),
    );
    const full = cache.slabs;
    objects.forEach((address, i) => stays(address, i) || cache.free(address));
    const { slabs, empty, cpu } = cache.census();
    const use = cache.live / cache.capacity;
    cache.shrink();
    return {
      workload: `keep ${cell.text("keep")}`,
      samples: [],
      measures: {
        full_slabs: full,
        kept_slabs: slabs,
        pinned_slabs: slabs - empty,
        listed_slabs: slabs - Math.min(cpu, empty),
        shrunk_slabs: cache.slabs,
        use_ratio: use,
      },
    };
  },
  figures: [{
    title:
      "Slabs that as many survivors keep, by which objects survive and by kernel.",
    table: "summary",
    x: "keep",
    y: "kept_slabs",
    series: "version",
    mark: "bar",
  }],
};
