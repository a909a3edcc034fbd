/**
 * The registry entry of a single slab cache.
 *
 * @module
 */
import { MOST_PAGES } from "../buddy/growth.ts";
import { LinuxBuddy } from "../buddy/linux.ts";
import { MigrateType } from "../buddy/linux_area.ts";
import {
  type AllocatorEntry,
  choice,
  define,
  orUnset,
  powerOfTwo,
  whole,
} from "../entry.ts";
import { MAX_OBJECT, SlabHeap } from "./slab_heap.ts";
import { CACHE_VERSIONS } from "./versions.ts";

const flag = (summary: string) => whole(0, summary, 0, 1);

/** `kmem_cache`: one SLUB cache over the Linux page allocator. */
export const kmemCache: AllocatorEntry = define({
  name: "kmem_cache",
  summary: "One SLUB cache: objects of one size; longer requests are refused.",
  source: "Linux 6.1, 6.12 and 7.2, mm/slub.c",
  layer: "slab",
  options: {
    version: choice(CACHE_VERSIONS, "the kernel: CPU slabs, or 7.2's sheaves"),
    object: whole(
      0,
      "bytes of an object; 0: as many as the first request has",
      0,
      MAX_OBJECT,
    ),
    align: powerOfTwo(1, "alignment of objects in bytes", 1, 4096),
    hwcache: flag("1: objects are aligned to cache lines"),
    outside: flag("1: the free pointer lies behind the object (ctor, RCU)"),
    sheaf: orUnset(whole(0, "objects of a sheaf at least; 0: none", 0, 4096)),
    pages: whole(2 ** 18, "pages of the zone below", 1, MOST_PAGES),
    cpus: whole(
      1,
      "CPUs: threads run on them; more make larger slabs",
      1,
      8192,
    ),
    shuffle: flag("1: new slabs hand objects out in a random order"),
  },
  examples: [
    "kmem_cache:version=7.2:object=688:outside=1:shuffle=1",
    "kmem_cache:version=7.2:sheaf=0",
    "kmem_cache:version=6.1:hwcache=1:cpus=8",
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
  create(o, { source, draw }) {
    const cache = (objectSize: number) => ({
      name: "objects",
      objectSize,
      align: o.align,
      hwcacheAlign: o.hwcache === 1,
      ctor: o.outside === 1,
      ...(o.sheaf !== "unset" && { sheafCapacity: o.sheaf }),
    });
    return new SlabHeap(
      new LinuxBuddy({ pages: o.pages, type: MigrateType.UNMOVABLE }),
      {
        specs: o.object > 0 ? [cache(o.object)] : cache,
        version: o.version,
        cpus: o.cpus,
        source,
        draw: o.shuffle === 1 ? draw : undefined,
      },
    );
  },
});
