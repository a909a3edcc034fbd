/**
 * kmalloc: size classes, each a SLUB cache; what is larger goes straight to
 * the page allocator. A kernel has several families of classes, for memory that
 * is accounted, reclaimable, ...; all requests are made of one of them.
 *
 * @module
 */
import { MOST_PAGES } from "../buddy/growth.ts";
import { LinuxBuddy } from "../buddy/linux.ts";
import { MigrateType } from "../buddy/linux_area.ts";
import { type AllocatorEntry, choice, define, whole } from "../entry.ts";
import { KMALLOC_FAMILIES, kmallocName } from "./kmalloc_families.ts";
import { KMALLOC_SIZES } from "./kmalloc_sizes.ts";
import { MAX_OBJECT, type NamedSpec, SlabHeap } from "./slab_heap.ts";
import { CACHE_VERSIONS } from "./versions.ts";

/** `kmalloc`: SLUB size classes over the Linux page allocator. */
export const kmalloc: AllocatorEntry = define({
  name: "kmalloc",
  summary: "SLUB size classes; above 8 KiB blocks of the page allocator.",
  source: "Linux 6.1, 6.12 and 7.2, mm/slub.c and mm/slab_common.c",
  layer: "slab",
  options: {
    version: choice(CACHE_VERSIONS, "the kernel: CPU slabs, or 7.2's sheaves"),
    pages: whole(2 ** 18, "pages of the zone below", 1, MOST_PAGES),
    cpus: whole(
      2,
      "CPUs: threads run on them; more make larger slabs",
      1,
      8192,
    ),
    cache: whole(
      0,
      "one more cache, for objects of so many bytes",
      0,
      MAX_OBJECT,
    ),
    family: choice(KMALLOC_FAMILIES, "the classes that serve all requests"),
    shuffle: whole(0, "1: new slabs hand objects out in a random order", 0, 1),
  },
  examples: [
    "kmalloc:pages=2K:cpus=16:shuffle=1",
    "kmalloc:version=6.1:cache=9K",
    "kmalloc:version=7.2:family=accounted",
  ],
  draws: ({ shuffle }) => shuffle === 1,
  offers: [
    "census",
    "eachCached",
    "eachBinned",
    "eachSlab",
    "explain",
    "threading",
  ],
  create({ version, pages, cpus, cache, family, shuffle }, { source, draw }) {
    const specs: NamedSpec[] = KMALLOC_SIZES.map((
      size,
    ) => ({
      name: kmallocName(version, family, size),
      objectSize: size,
      align: size & -size,
    }));
    if (cache > 0 && !KMALLOC_SIZES.includes(cache)) {
      specs.push({
        name: `cache-${cache}`,
        objectSize: cache,
        align: cache & -cache,
      });
      specs.sort((a, b) => a.objectSize - b.objectSize);
    }
    return new SlabHeap(
      new LinuxBuddy({ pages, type: MigrateType.UNMOVABLE }),
      {
        specs,
        large: true,
        version,
        cpus,
        source,
        draw: shuffle === 1 ? draw : undefined,
      },
    );
  },
});
