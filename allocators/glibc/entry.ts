/**
 * How glibc's malloc introduces itself.
 *
 * @module
 */
import {
  type AllocatorEntry,
  choice,
  define,
  orUnset,
  type Values,
  whole,
} from "../entry.ts";
import { AddressSpace } from "../os/address_space.ts";
import { type Layout, LAYOUT_32, LAYOUT_64 } from "../os/layout.ts";
import { Glibc } from "./glibc.ts";
import { GEOMETRIES, type Tunables, UNSET } from "./params.ts";
import { VERSIONS } from "./versions.ts";

/** Memory of the machine: the kernel refuses a single request for more. */
const RAM = 24 * 2 ** 30;

/**
 * A 64-bit program with 56 MiB of static data and the stacks of its threads in
 * one mapping, as the one whose threads were recorded: alignments above a page
 * show where the break and the mappings start.
 */
const PROGRAM_64: Layout = {
  ...LAYOUT_64,
  heapStart: 0x5555_58d8_d000,
  occupied: [
    [0x5555_5555_4000, 0x5555_58d8_d000], // program
    [0x7fff_e7c0_0000, 0x7fff_f7c0_0000], // stacks of threads
    [0x7fff_f7dc_1000, 0x7fff_f7fb_5000], // libc
    [0x7fff_f7fb_a000, LAYOUT_64.mmapTop], // vdso, ld.so
    ...LAYOUT_64.occupied.slice(3),
  ],
};

/** The library's tunables, by the names that GLIBC_TUNABLES has for them. */
const TUNABLES = {
  tcache_count: tunable("chunks per tcache bin; unset: 7, 16 from 2.43 on"),
  tcache_max: tunable("longest request for the tcache, in bytes"),
  tcache_unsorted_limit: tunable(
    "unsorted chunks filed before a cached one is returned; 0: no limit",
  ),
  mxfast: tunable("longest request for fast bins, in bytes"),
  mmap_threshold: tunable(
    "requests from here on are mapped, in bytes; unset: 128K and growing",
  ),
  mmap_max: tunable("mappings at once; unset: 65536"),
  trim_threshold: tunable(
    "length of the top that is trimmed, in bytes; unset: 128K and growing",
  ),
  top_pad: tunable("bytes asked from the system beyond the need"),
  arena_max: tunable("most arenas; unset: 8 per core, 2 on 32 bits"),
  arena_test: tunable("arenas from which on that limit counts; unset: 8"),
  hugetlb: tunable("1: growth ends at multiples of 2 MiB; from 2.36 on", 1),
};

/** A number up to `most`, chosen by the library unless the environment sets it. */
function tunable(summary: string, most?: number) {
  return orUnset(whole(0, summary, 0, most));
}

/** The tunables among `given` values, as numbers. */
function tunablesOf(given: Values<typeof TUNABLES>): Tunables {
  return Object.fromEntries(
    Object.entries(given).map(([k, v]) => [k, v === "unset" ? UNSET : v]),
  ) as unknown as Tunables;
}

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
    "eachBinned",
    "isMapped",
    "mallinfo",
    "explain",
    "resident",
  ],
  process: ({ version, geometry, ...others }, found) => {
    const layout = geometry === "x86_64" ? PROGRAM_64 : LAYOUT_32;
    const memory = new AddressSpace({
      layout: { ...layout, commitLimit: RAM, ...found },
    });
    const moved = VERSIONS[version].movesHeap && !found;
    if (moved) memory.sbrk(environmentBytes(others));
    return memory;
  },
  create: ({ version, geometry, unsorted, cores, ...tunables }, { source }) =>
    new Glibc(source, {
      geometry: GEOMETRIES[geometry],
      version: VERSIONS[version],
      tunables: tunablesOf(tunables),
      unsorted: unsorted === "on",
      cores,
    }),
});

/** Bytes of the variable that sets the tunables among `given`; 0 if none is set. */
function environmentBytes(given: Readonly<Record<string, unknown>>): number {
  const set = Object.keys(TUNABLES).filter((name) => given[name] !== "unset")
    .map((name) => `glibc.malloc.${name}=${given[name]}`);
  return set.length > 0 ? `GLIBC_TUNABLES=${set.join(":")}`.length + 1 : 0;
}
