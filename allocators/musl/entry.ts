/**
 * How musl's malloc introduces itself.
 *
 * @module
 */
import { type AllocatorEntry, choice, define } from "../entry.ts";
import { AddressSpace } from "../os/address_space.ts";
import { LAYOUT_64, STACK_GUARD } from "../os/layout.ts";
import { Musl } from "./musl.ts";

/** Bytes that a single request can have: RAM of a common machine. */
const RAM = 24 * 2 ** 30;

/** A small static program, without randomization. */
const STATIC = {
  ...LAYOUT_64,
  heapStart: 0x42_e000,
  mmapTop: 0x7fff_f7ff_f000,
  occupied: [
    [0x40_0000, 0x42_e000], // program
    [0x7fff_f7ff_7000, 0x7fff_f7ff_f000], // vvar, vdso
    [0x7fff_fffd_e000 - STACK_GUARD, 0x7fff_ffff_f000], // stack
  ],
  commitLimit: RAM,
} as const;

/** The same program, dynamically linked. */
const DYNAMIC = {
  ...STATIC,
  heapStart: 0x5555_5557_d000,
  occupied: [
    [0x5555_5555_4000, 0x5555_5557_d000], // program
    [0x7fff_f7f3_6000, 0x7fff_f7ff_f000], // vvar, vdso, libc.so
    [0x7fff_fffd_e000 - STACK_GUARD, 0x7fff_ffff_f000], // stack
  ],
  donated: [
    [0x5555_5557_a140, 0x5555_5557_b000],
    [0x7fff_f7ff_e088, 0x7fff_f7ff_f000],
  ],
} as const;

/** The entry of `musl`. */
export const musl: AllocatorEntry = define({
  name: "musl",
  summary: "The malloc of musl 1.2.6 (mallocng), exact to the address",
  source: "musl 1.2.6 as in Debian, observed",
  layer: "musl",
  places: "absolute",
  options: {
    build: choice(
      ["static", "dyn"],
      "how the program is linked; dyn gives gaps in its pages to malloc",
    ),
    fill: choice(
      ["none", "all"],
      "what the program writes into a new block; all: the byte (op | 1) " +
        "modulo 256 all over, op being the number of the operation from 0 on",
    ),
  },
  examples: ["musl:fill=all"],
  offers: [
    "memalign",
    "calloc",
    "isMapped",
    "explain",
    "census",
    "eachBinned",
    "eachSlab",
    "resizesToNothing",
    "written",
    "resident",
  ],
  process: ({ build }, found) => {
    const layout = { ...build === "dyn" ? DYNAMIC : STATIC, ...found };
    const donated = build === "dyn" ? layout.donated : [];
    const space = new AddressSpace({ layout: { ...layout, donated } });
    // The program has written to the rest of these pages.
    for (const [from, to] of donated ?? []) space.touch(from, to - from);
    return space;
  },
  create: ({ fill }, { source }) => new Musl(source, fill === "all"),
});
