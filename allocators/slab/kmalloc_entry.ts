/**
 * The registry entry of kmalloc.
 *
 * @module
 */
import { type AllocatorEntry, choice, define, whole } from "../entry.ts";
import { MOST_PAGES } from "../buddy/growth.ts";
import { LinuxBuddy } from "../buddy/linux.ts";
import { MigrateType } from "../buddy/linux_area.ts";
import { Kmalloc } from "./kmalloc.ts";

/** `kmalloc`: SLUB size classes over the Linux page allocator. */
export const kmalloc: AllocatorEntry = define({
  name: "kmalloc",
  summary: "SLUB size classes; above 8 KiB blocks of the page allocator.",
  source: "Linux 6.12, mm/slub.c and mm/slab_common.c",
  layer: "slab",
  options: {
    pages: whole(2 ** 18, "pages of the zone below", 1, MOST_PAGES),
    cpus: whole(2, "CPUs of the machine; more make larger slabs", 1, 8192),
    cache: whole(0, "one more cache, for objects of so many bytes", 0, 4 << 20),
    rules: choice(["new", "old"], "slab orders as from 6.8 on or up to 6.6"),
    shuffle: whole(0, "1: new slabs hand objects out in a random order", 0, 1),
  },
  examples: [
    "kmalloc:pages=2K:cpus=16:shuffle=1",
    "kmalloc:cache=9K:rules=old",
  ],
  draws: ({ shuffle }) => shuffle === 1,
  offers: ["census"],
  create: ({ pages, cpus, cache, rules, shuffle }, { source, draw }) =>
    new Kmalloc(
      new LinuxBuddy({ pages, type: MigrateType.UNMOVABLE }),
      { cpus, cache, rules, source, draw: shuffle === 1 ? draw : undefined },
    ),
});
