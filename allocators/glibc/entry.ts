/**
 * How glibc's malloc introduces itself.
 *
 * @module
 */
import { type AllocatorEntry, choice, define, whole } from "../entry.ts";
import { AddressSpace } from "../os/address_space.ts";
import { type Layout, LAYOUT_32, LAYOUT_64 } from "../os/layout.ts";
import { Glibc } from "./glibc.ts";
import { GEOMETRIES, NO_TUNABLES, UNSET } from "./params.ts";
import { VERSIONS } from "./versions.ts";

/** Memory of the machine: the kernel refuses a single request for more. */
const RAM = 24 * 2 ** 30;

/**
 * A 64-bit program with 56 MiB of static data, as the one whose threads were
 * recorded: alignments above a page show where the break starts.
 */
const PROGRAM_64: Layout = {
  ...LAYOUT_64,
  heapStart: 0x5555_58d8_d000,
  occupied: [
    [0x5555_5555_4000, 0x5555_58d8_d000],
    ...LAYOUT_64.occupied.slice(1),
  ],
};

/** The library's tunables, by the names that GLIBC_TUNABLES has for them. */
const TUNABLES = {
  tcache_count: whole(
    UNSET,
    "chunks per tcache bin; default 7, 16 from 2.43 on",
  ),
  tcache_max: whole(UNSET, "longest request for the tcache, in bytes"),
  tcache_unsorted_limit: whole(
    UNSET,
    "unsorted chunks filed before a cached one is returned; 0: no limit",
  ),
  mxfast: whole(UNSET, "longest request for fast bins, in bytes"),
  mmap_threshold: whole(
    UNSET,
    "requests from here on are mapped, in bytes; unset: 128K and growing",
  ),
  mmap_max: whole(UNSET, "mappings at once; default 65536"),
  trim_threshold: whole(
    UNSET,
    "length of the top that is trimmed, in bytes; unset: 128K and growing",
  ),
  top_pad: whole(UNSET, "bytes asked from the system beyond the need"),
  arena_max: whole(UNSET, "most arenas; unset: 8 per core, 2 on 32 bits"),
  arena_test: whole(UNSET, "arenas from which on that limit counts; default 8"),
  hugetlb: whole(
    UNSET,
    "1: growth ends at multiples of 2 MiB; from 2.36 on",
    0,
    1,
  ),
};

/** The entry of `glibc`; its options are the library's tunables. */
export const glibc: AllocatorEntry = define({
  name: "glibc",
  summary: "The malloc of glibc 2.36, exact to the address",
  source: "glibc 2.36 as in Debian 12, observed",
  layer: "glibc",
  options: {
    version: choice(
      ["2.36", "2.31", "2.41", "2.43", "2.44"],
      "the release of the library",
    ),
    geometry: choice(
      ["x86_64", "i386", "armhf"],
      "the machine it is built for; armhf has the classical bins, 2.36 only",
    ),
    ...TUNABLES,
    cores: whole(
      2,
      "processors of the machine, which limit the arenas",
      1,
      4096,
    ),
    unsorted: choice(
      ["on", "off"],
      "off: a variant that files chunks into bins at once when freed",
    ),
  },
  examples: [
    "glibc:geometry=i386",
    "glibc:geometry=armhf",
    "glibc:tcache_count=0:mxfast=0",
    "glibc:unsorted=off",
    "glibc:version=2.31",
    "glibc:version=2.41",
    "glibc:version=2.43",
    "glibc:version=2.43:tcache_max=300000",
    "glibc:version=2.44:geometry=i386",
  ],
  offers: [
    "memalign",
    "calloc",
    "control",
    "threading",
    "placeOf",
    "arenaFigures",
    "census",
    "eachCached",
    "isMapped",
    "mallinfo",
    "explain",
    "resident",
  ],
  process: ({ version, geometry, ...others }) => {
    const layout = geometry === "x86_64" ? PROGRAM_64 : LAYOUT_32;
    const memory = new AddressSpace({
      layout: { ...layout, commitLimit: RAM },
    });
    if (VERSIONS[version].movesHeap) memory.sbrk(environmentBytes(others));
    return memory;
  },
  create: ({ version, geometry, unsorted, cores, ...tunables }, { source }) =>
    new Glibc(source, {
      geometry: GEOMETRIES[geometry],
      version: VERSIONS[version],
      tunables,
      unsorted: unsorted === "on",
      cores,
    }),
});

/** Bytes of the variable that sets `tunables`; 0 if none is set. */
function environmentBytes(tunables: Readonly<Record<string, unknown>>): number {
  const set = Object.keys(NO_TUNABLES).filter((name) =>
    tunables[name] !== UNSET
  ).map((name) => `glibc.malloc.${name}=${tunables[name]}`);
  return set.length > 0 ? `GLIBC_TUNABLES=${set.join(":")}`.length + 1 : 0;
}
