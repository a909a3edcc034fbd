/**
 * How jemalloc introduces itself.
 *
 * @module
 */
import { type AllocatorEntry, choice, define, whole } from "../entry.ts";
import { AddressSpace } from "../os/address_space.ts";
import { LAYOUT_64, STACK_GUARD } from "../os/layout.ts";
import { type Build, Jemalloc } from "./jemalloc.ts";

/** Bytes that a single mapping can have: RAM of a common machine. */
const RAM = 24 * 2 ** 30;
/** Nanoseconds that one operation takes, and no more than a day. */
const STEP = 1000;
const DAY = 86_400e9;

/** A version in a small program, without randomization. */
interface Release {
  /** Where the libraries begin that the program has loaded. */
  libraries: number;
  /** Where the thread's variables lie. */
  threadLocal: number;
  /** As built by Debian. */
  build: Build;
}

const RELEASES: Readonly<Record<"5.3.0" | "5.3.1", Release>> = {
  "5.3.0": {
    libraries: 0x7fff_f760_0000,
    threadLocal: 0x7fff_f7d2_b738,
    build: { ownUsed: 92_288, decayRecord: 0x11f88 },
  },
  "5.3.1": {
    libraries: 0x7fff_f740_0000,
    threadLocal: 0x7fff_f7de_0748,
    build: { ownUsed: 93_824, decayRecord: 0x12560 },
  },
};

/** The entry of `jemalloc`. */
export const jemalloc: AllocatorEntry = define({
  name: "jemalloc",
  summary: "jemalloc 5.3.0 or 5.3.1 for one thread, exact to the address; " +
    "not modelled: other threads, muzzy decay, background threads, huge pages",
  source: "jemalloc 5.3.0 and 5.3.1 as in Debian, observed",
  layer: "jemalloc",
  places: "absolute",
  options: {
    version: choice(["5.3.0", "5.3.1"], "the release"),
    decay: choice(
      ["on", "off"],
      "whether dirty pages go back to the system within 10 s; off is " +
        "dirty_decay_ms:-1,muzzy_decay_ms:-1",
    ),
    gc: choice(
      ["new", "old"],
      "how 5.3.1 shrinks the thread's cache; old is " +
        "experimental_tcache_gc:false, and the only one of 5.3.0",
    ),
    clock: whole(STEP, "nanoseconds that pass with each operation", 0, DAY),
  },
  examples: [
    "jemalloc:version=5.3.1",
    "jemalloc:version=5.3.1:decay=off:gc=old",
  ],
  offers: [
    "memalign",
    "calloc",
    "census",
    "eachCached",
    "eachBinned",
    "eachSlab",
    "explain",
    "idle",
    "resident",
  ],
  process: ({ version }, found) => {
    const { libraries, threadLocal } = RELEASES[version];
    const layout = {
      ...LAYOUT_64,
      heapStart: 0x5555_5557_b000,
      occupied: [
        [0x5555_5555_4000, 0x5555_5557_b000], // program
        [libraries, 0x7fff_f7ff_f000],
        [0x7fff_fffd_e000 - STACK_GUARD, 0x7fff_ffff_f000], // stack
      ] as const,
      commitLimit: RAM,
      origins: { mappings: [], threadLocal },
      ...found,
    };
    return new AddressSpace({ layout });
  },
  create: ({ version, decay, gc, clock }, { source }) => {
    const { threadLocal, build } = RELEASES[version];
    const late = version === "5.3.1";
    return new Jemalloc(source, {
      late,
      decays: decay === "on",
      collectsNear: late && gc === "new",
      step: clock,
      build,
      origins: source.origins ?? { mappings: [], threadLocal },
    });
  },
});
