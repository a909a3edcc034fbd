/**
 * The registry entry of the Linux page allocator.
 *
 * @module
 */
import { type AllocatorEntry, choice, define, whole } from "../entry.ts";
import { pagedAdvice, PagedHeap, pagedOffers } from "../paged_heap.ts";
import { PAGE, type PageSource } from "../pages.ts";
import { MOST_PAGES } from "./growth.ts";
import { LinuxBuddy } from "./linux.ts";
import { LINUX_VERSIONS } from "./linux_versions.ts";

const TYPE_NAMES = ["movable", "unmovable", "reclaimable"] as const;
/** Migratetypes in the order of TYPE_NAMES. */
const TYPE_NUMBERS = { movable: 1, unmovable: 0, reclaimable: 2 };

const options = {
  version: choice(
    LINUX_VERSIONS,
    "the kernel: Debian's 6.1.192, 6.12.117 or 7.2.13",
  ),
  pages: whole(
    0,
    "pages of the zone; 0: grows by top-order blocks",
    0,
    MOST_PAGES,
  ),
  nofragment: whole(0, "1: fallbacks take whole pageblocks only", 0, 1),
  defrag: whole(
    0,
    "1: nofragment until all else has failed (vm.defrag_mode of 7.2)",
    0,
    1,
  ),
  type: choice(TYPE_NAMES, "migratetype of requests that name none"),
  pcp: whole(
    0,
    "pages per refill of a CPU's list (kernel: 63); 0: none",
    0,
    1024,
  ),
  high: whole(
    0,
    "pages at which a CPU drains its lists; 0: as the kernel tunes it",
    0,
  ),
  cpus: whole(1, "CPUs with lists of their own", 1, 4096),
  min: whole(0, "min watermark: free pages that requests must leave", 0),
  cma: whole(
    0,
    "pages at the zone's end for CMA, lent to movable requests; 0: none",
    0,
    MOST_PAGES,
  ),
};

/** `linux_buddy`: the kernel's page allocator, one zone. */
export const linuxBuddy: AllocatorEntry = define({
  name: "linux_buddy",
  summary: "Linux page allocator: migratetypes, fallbacks, per-CPU lists.",
  source: "Linux 6.1, 6.12 and 7.2, mm/page_alloc.c and mm/compaction.c",
  layer: "buddy",
  options,
  examples: [
    "linux_buddy:pages=4096:nofragment=1",
    "linux_buddy:pages=4096:pcp=63:cpus=2:min=64",
    "linux_buddy:version=6.1:pages=4096:pcp=63:cpus=2:min=64",
    "linux_buddy:version=7.2:pages=4096:defrag=1:pcp=63:min=64",
    "linux_buddy:version=7.2:pages=4096:pcp=63:cma=2048",
  ],
  advice: () => pagedAdvice(PAGE, "it lies below a heap"),
  offers: ({ pages }) => [
    ...pagedOffers(pages),
    "eachCached",
    "compact",
    "cpu",
    "freeList",
    "pageblockTypes",
    "splitPages",
    "follow",
    "second",
  ],
  create: (o, { source }) => new PagedHeap(zone(o, source), source),
  createPages: (o, { source }) => zone(o, source),
});

function zone(
  o: { [K in keyof typeof options]: typeof options[K]["fallback"] },
  source: PageSource,
): LinuxBuddy {
  return new LinuxBuddy({
    version: o.version,
    pages: o.pages,
    noFragment: o.nofragment === 1,
    defrag: o.defrag === 1,
    type: TYPE_NUMBERS[o.type],
    pcp: o.pcp,
    high: o.high,
    cpus: o.cpus,
    min: o.min,
    cma: o.cma,
  }, source);
}
