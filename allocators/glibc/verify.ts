/**
 * The invariants of a process, as a check of everything against everything.
 *
 * @module
 */
import { invariant } from "../allocator.ts";
import type { Arena } from "./arena.ts";
import { Bin } from "./bins.ts";
import { Chunk } from "./chunk.ts";
import type { Segment } from "./image.ts";
import type { Process } from "./process.ts";
import type { Threads } from "./threads.ts";

const { BELOW_IN_USE, MIN_WORDS } = Chunk;
const { BINS, UNSORTED } = Bin;

/**
 * Throws unless, in each arena,
 * - chunks tile each segment, and no two free ones touch;
 * - the foot of a free chunk repeats its length;
 * - the chunks on the lists are just the ones that the tags call free or
 *   cached, and the counts agree;
 * - bins are sorted, rings skip equal lengths, the bitmap misses no bin.
 */
export function checkProcess(process: Process, threads: Threads): void {
  const cached = new Map<Arena, Set<number>>();
  for (const arena of process.arenas) {
    const free = new Set<number>();
    const held = new Set<number>();
    let live = 0;
    for (const segment of arena.image.segments) {
      live += checkSegment(arena, segment, free, held);
    }
    invariant(live === arena.liveBlocks, `${live} live blocks`);
    checkBins(arena, free);
    checkFastBins(arena, held);
    invariant(free.size === 0, `Chunk ${[...free][0]} is on no list`);
    cached.set(arena, held);
  }
  for (const [, tcache] of threads.tcaches()) {
    const held = new Int32Array(tcache.bins);
    tcache.each((arena, c, words) => {
      takeCached(arena, cached.get(arena)!, c, words);
      const i = tcache.indexOf(words);
      if (i < tcache.bins) held[i]!++;
    });
    held.forEach((count, i) =>
      invariant(count === tcache.held[i], `tcache bin ${i} holds ${count}`)
    );
    if (tcache.tableArena) cached.get(tcache.tableArena)!.delete(tcache.table);
  }
  for (const held of cached.values()) {
    invariant(held.size === 0, `Chunk ${[...held][0]} is in no cache`);
  }
}

function checkSegment(
  { image }: Arena,
  segment: Segment,
  free: Set<number>,
  cached: Set<number>,
): number {
  const { field, segments, top } = image;
  const end = segment === segments.at(-1) ? top : segment.fence;
  let live = 0;
  let belowFree = false;
  let c = segment.first;
  while (c < end) {
    const words = image.wordsOf(c);
    const held = field[c + 1]! < 0;
    const used = image.inUse(c);
    invariant(words >= MIN_WORDS, `Chunk ${c} has ${words} words`);
    invariant(words % image.alignWords === 0, `Chunk ${c} is uneven`);
    invariant(used || !held, `Chunk ${c} is both live and free`);
    if (!used) {
      invariant(!belowFree, `Chunk ${c} and the one below are both free`);
      invariant(field[c + words] === words, `Chunk ${c} has a wrong foot`);
      free.add(c);
    } else if (held) {
      live++;
    } else {
      cached.add(c);
    }
    belowFree = !used;
    c += words;
  }
  invariant(c === end, `Chunks end at ${c}, not ${end}`);
  if (end === top) {
    invariant(!belowFree, "The chunk below the top is free");
  }
  return live;
}

function checkBins(arena: Arena, free: Set<number>): void {
  const { image, bins } = arena;
  let blocks = 0;
  let words = 0;
  for (let bin = UNSORTED; bin < 2 * BINS; bin += 2) {
    let count = 0;
    for (const c of bins.chunksIn(bin)) {
      invariant(free.delete(c), `Chunk ${c} is binned but not free`);
      invariant(
        image.field[image.field[c + 3]! + 2] === c,
        `Chunk ${c} has a wrong link`,
      );
      if (bin !== UNSORTED) {
        invariant(
          2 * bins.binOf(image.wordsOf(c)) === bin,
          `Chunk ${c} is in the wrong bin`,
        );
      }
      words += image.wordsOf(c);
      count++;
    }
    blocks += count;
    if (bin !== UNSORTED && count > 0) checkBin(arena, bin);
  }
  invariant(blocks === bins.histogram.blocks, `${blocks} binned chunks`);
  invariant(
    words * image.word === bins.histogram.bytes,
    `${words} words in bins`,
  );
}

/** The bitmap bit, and for a large bin its order and ring. */
function checkBin({ image, bins }: Arena, bin: number): void {
  const { field } = image;
  const index = bin / 2;
  invariant(
    (bins.bitmap[index >> 5]! >> (index & 31) & 1) === 1,
    `Bin ${index} is not in the bitmap`,
  );
  const first = field[bin + 2]!;
  if (image.wordsOf(first) < bins.firstLarge) return;
  let holder = first;
  for (const c of bins.chunksIn(bin)) {
    const words = image.wordsOf(c);
    const above = image.wordsOf(holder);
    invariant(words <= above, `Chunk ${c} is out of order`);
    if (words < above || c === first) {
      invariant(c === first || field[holder + 4] === c, "Broken ring");
      invariant(c === first || field[c + 5] === holder, "Broken ring");
      holder = c;
    } else {
      invariant(field[c + 4] === 0, `Chunk ${c} is twice on the ring`);
    }
  }
  invariant(field[holder + 4] === first, "The ring is open");
  invariant(field[first + 5] === holder, "The ring is open");
}

function checkFastBins(arena: Arena, held: Set<number>): void {
  const { fast, image: { field } } = arena;
  let count = 0;
  for (let i = 0; i < fast.head.length; i++) {
    for (let c = fast.head[i]!; c !== 0; c = field[c + 2]!, count++) {
      takeCached(arena, held, c, MIN_WORDS + 2 * i);
    }
  }
  invariant(count === fast.blocks, `${count} chunks in fast bins`);
  invariant(count === 0 || fast.any, "Fast chunks without the flag");
}

function takeCached(
  { image }: Arena,
  cached: Set<number>,
  c: number,
  words: number,
): void {
  invariant(cached.delete(c), `Chunk ${c} is cached but not in use`);
  invariant(image.wordsOf(c) === words, `Chunk ${c} is in a wrong cache`);
  const below = image.field[c + words + 1]! & BELOW_IN_USE;
  invariant(below === 1, `Chunk ${c} is cached and free`);
}
