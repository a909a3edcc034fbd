/**
 * How glibc's malloc introduces itself.
 *
 * @module
 */
import { type AllocatorEntry, choice, define, whole } from "../entry.ts";
import { AddressSpace } from "../os/address_space.ts";
import { LAYOUT_32, LAYOUT_64 } from "../os/layout.ts";
import { Glibc } from "./glibc.ts";
import { GEOMETRIES, UNSET } from "./params.ts";

/** Memory of the machine: the kernel refuses a single request for more. */
const RAM = 24 * 2 ** 30;

/** The entry of `glibc`; its options are the library's tunables. */
export const glibc: AllocatorEntry = define({
  name: "glibc",
  summary: "The malloc of glibc 2.36, exact to the address",
  source: "glibc 2.36 as in Debian 12, observed",
  layer: "glibc",
  options: {
    geometry: choice(
      ["x86_64", "i386", "armhf"],
      "the machine it is built for; armhf has the classical bins",
    ),
    tcache_count: whole(UNSET, "chunks per tcache bin; default 7"),
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
  ],
  offers: [
    "memalign",
    "calloc",
    "control",
    "census",
    "eachCached",
    "isMapped",
    "mallinfo",
    "explain",
    "resident",
  ],
  process: ({ geometry }) =>
    new AddressSpace({
      layout: {
        ...(geometry === "x86_64" ? LAYOUT_64 : LAYOUT_32),
        commitLimit: RAM,
      },
    }),
  create: ({ geometry, unsorted, ...tunables }, { source }) =>
    new Glibc(GEOMETRIES[geometry], tunables, source, unsorted === "on"),
});
