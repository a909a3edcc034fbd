/**
 * Request patterns that hurt a buddy system, in bytes over 4 KiB pages: one
 * page pinned per block, checkerboards, odd sizes, split and merge in turn.
 *
 * @module
 */
import { choice, whole } from "../../allocators/entry.ts";
import type { Prng } from "../laws/prng.ts";
import { type Trace, TraceBuilder } from "../traces/trace.ts";
import { define, lazyTrace, MOST_OBJECTS, type Workload } from "./workload.ts";

/** Bytes of a page. */
const PAGE = 4096;
/** Pages of a mebibyte. */
const PER_MEBIBYTE = 256;

/** Requests `mebibytes` in single pages, frees all but a random one of every 2^order, then asks for as many blocks of that order. */
export function pinnedPages(
  { mebibytes, order }: { mebibytes: number; order: number },
  draw: Prng,
): Trace {
  const trace = new TraceBuilder();
  const run = 2 ** order;
  const pages = Array.from(
    { length: mebibytes * PER_MEBIBYTE },
    () => trace.malloc(PAGE),
  );
  trace.phase("fill");
  const luck = draw.fork("pinned_pages");
  for (let start = 0; start + run <= pages.length; start += run) {
    const pinned = start + luck.below(run);
    for (let page = start; page < start + run; page++) {
      if (page !== pinned) trace.free(pages[page]!);
    }
  }
  trace.phase("free");
  request(trace, run * PAGE, Math.floor(pages.length / run));
  return trace.build("pinned_pages");
}

/** Which blocks a checkerboard frees: every second, or neighbours that are not buddies. */
export type Pattern = "alternate" | "straddle";

/** Requests `mebibytes` in blocks of `order`, frees half of them, then asks for blocks twice as long. */
export function checkerboard(
  { mebibytes, order, pattern }: {
    mebibytes: number;
    order: number;
    pattern: Pattern;
  },
): Trace {
  const trace = new TraceBuilder();
  const bytes = 2 ** order * PAGE;
  const blocks = Array.from(
    { length: mebibytes * PER_MEBIBYTE / 2 ** order },
    () => trace.malloc(bytes),
  );
  trace.phase("fill");
  const freed = pattern === "alternate"
    ? (i: number) => i % 2 === 1
    : (i: number) => i % 4 === 1 || i % 4 === 2;
  blocks.filter((_, i) => freed(i)).forEach((slot) => trace.free(slot));
  trace.phase("free");
  request(trace, 2 * bytes, Math.floor(blocks.length / 4));
  return trace.build("checkerboard");
}

/** `count` requests of `size` bytes. */
export function equalBlocks(
  { size, count }: { size: number; count: number },
): Trace {
  const trace = new TraceBuilder();
  for (let i = 0; i < count; i++) trace.malloc(size);
  return trace.build("equal_blocks");
}

/** Holds `held` pages, then requests and frees a page `rounds` times. */
export function pingPong(
  { held, rounds }: { held: number; rounds: number },
): Trace {
  return lazyTrace("ping_pong", function* (trace) {
    for (let i = 0; i < held; i++) trace.malloc(PAGE);
    trace.phase("hold");
    for (let i = 0; i < rounds; i++) {
      trace.free(trace.malloc(PAGE));
      if (trace.ready) yield;
    }
    trace.phase("ping_pong");
  });
}

function request(trace: TraceBuilder, bytes: number, count: number): void {
  for (let i = 0; i < count; i++) trace.malloc(bytes);
  trace.phase("request");
}

const memory = () =>
  whole(
    64,
    "what is requested first, MiB",
    4,
    MOST_OBJECTS / PER_MEBIBYTE,
  );

/** {@linkcode pinnedPages} as a workload. */
export const PINNED_PAGES: Workload = define({
  name: "pinned_pages",
  summary: "One page stays live in every block of an order.",
  parameters: {
    mebibytes: memory(),
    order: whole(10, "order of the blocks", 0, 10),
  },
  build: pinnedPages,
});

/** {@linkcode checkerboard} as a workload. */
export const CHECKERBOARD: Workload = define({
  name: "checkerboard",
  summary: "Half of the memory is free, in blocks of one order.",
  parameters: {
    mebibytes: memory(),
    order: whole(0, "order of the blocks", 0, 9),
    pattern: choice(
      ["alternate", "straddle"],
      "every second block is free, or pairs of neighbours that are no buddies",
    ),
  },
  build: checkerboard,
});

/** {@linkcode equalBlocks} as a workload. */
export const EQUAL_BLOCKS: Workload = define({
  name: "equal_blocks",
  summary: "Requests of one size, such as 9 KiB.",
  parameters: {
    size: whole(9216, "bytes"),
    count: whole(1000, "requests", 1, MOST_OBJECTS),
  },
  build: equalBlocks,
});

/** {@linkcode pingPong} as a workload. */
export const PING_PONG: Workload = define({
  name: "ping_pong",
  summary: "One page is requested and freed over and over.",
  parameters: {
    held: whole(0, "pages held meanwhile", 0, 2 ** 20),
    rounds: whole(10_000, "requests", 1),
  },
  build: pingPong,
});
