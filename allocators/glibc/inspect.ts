/**
 * What can be seen of a process from outside: its blocks, its figures, its lists.
 *
 * A chunk owns the bytes from its header to the next header, because its
 * payload includes the first word of the chunk above.
 *
 * @module
 */
import type {
  Address,
  ArenaFigures,
  BlockVisitor,
  CensusRow,
  ListVisitor,
  Mallinfo,
  Place,
  Usage,
} from "../allocator.ts";
import type { Arena } from "./arena.ts";
import { Bin, type Bins } from "./bins.ts";
import { Chunk } from "./chunk.ts";
import type { Segment } from "./image.ts";
import type { Process } from "./process.ts";
import type { Threads } from "./threads.ts";

const { BELOW_IN_USE, WORDS, MIN_WORDS } = Chunk;
const { BINS, UNSORTED } = Bin;

/** Views of a process; walks are O(chunks), figures O(bins). */
export class Inspection {
  declare private readonly word: number;

  declare private readonly process: Process;
  declare private readonly threads: Threads;

  /** Of the arenas and threads of `process`. */
  constructor(
    process: Process,
    threads: Threads,
  ) {
    this.process = process;
    this.threads = threads;
    this.word = process.word;
  }

  /** Bytes held from the layer below. */
  get footprint(): number {
    return this.process.segmentBytes + this.process.mappings.bytes;
  }

  /** Whether the mapping at `address` is the table of a tcache. */
  isTable(address: Address): boolean {
    for (const [, { tableMapping }] of this.threads.tcaches()) {
      if (tableMapping === address) return true;
    }
    return false;
  }

  /** Where `address` lies in a heap of `arena`; undefined for main and mappings. */
  placeOf({ number, image }: Arena, address: Address): Place | undefined {
    if (number === 0) return undefined;
    const { segments } = image;
    const { heapMax } = this.process.geometry;
    const start = address - address % heapMax;
    const segment = segments.findIndex((one) => one.start === start);
    return { arena: number, segment, start };
  }

  /** The figures of mallinfo2: sums over the arenas. */
  mallinfo(): Mallinfo {
    const { mappings, version } = this.process;
    const all = this.arenaFigures();
    const sum = (of: (figures: ArenaFigures) => number) =>
      all.reduce((bytes, figures) => bytes + of(figures), 0);
    const fsmblks = sum(({ fastBytes }) => fastBytes);
    const fordblks =
      sum(({ topBytes, binnedBytes }) => topBytes + binnedBytes) +
      fsmblks;
    const arena = sum(({ systemBytes }) => systemBytes);
    const info = {
      arena,
      ordblks: sum(({ binnedBlocks }) => binnedBlocks + 1),
      smblks: sum(({ fastBlocks }) => fastBlocks),
      hblks: mappings.length.size,
      hblkhd: mappings.reportedBytes,
      fsmblks,
      uordblks: arena - fordblks,
      fordblks,
      keepcost: all[0]!.topBytes,
    };
    if (!version.shortFigures) return info;
    const short = Object.entries(info).map(([name, value]) => [
      name,
      ((value % 2 ** 32) + 2 ** 32) % 2 ** 32,
    ]);
    return Object.fromEntries(short) as unknown as Mallinfo;
  }

  /** What malloc_info says of each arena, in order of creation. */
  arenaFigures(): ArenaFigures[] {
    const { word } = this;
    return this.process.arenas.map((arena) => ({
      systemBytes: arena.memory.systemBytes,
      topBytes: arena.image.wordsOf(arena.image.top) * word,
      threads: arena.threads,
      binnedBlocks: arena.bins.histogram.blocks,
      binnedBytes: arena.bins.histogram.bytes,
      fastBlocks: arena.fast.blocks,
      fastBytes: arena.fast.words * word,
      segments: arena.image.segments.length,
    }));
  }

  /** What is held now. */
  usage(): Usage {
    const { word, process: { arenas, mappings } } = this;
    const cachedMappings = this.cachedMappings();
    const sums = {
      metadata: mappings.metadata + this.mappedTables(),
      cached: this.tcacheBytes() + cachedMappings,
      free: 0,
      largestFree: 0,
      freeBlocks: 0,
      unavailable4k: 0,
      unavailable64k: 0,
      unavailable2m: 0,
      side: 0,
    };
    for (const arena of arenas) {
      const { image, memory } = arena;
      const top = Math.max(0, image.wordsOf(image.top) - 1) * word;
      const binned = arena.bins.histogram.usage(top);
      sums.free += binned.free;
      sums.freeBlocks += binned.freeBlocks;
      sums.unavailable4k += binned.unavailable4k;
      sums.unavailable64k += binned.unavailable64k;
      sums.unavailable2m += binned.unavailable2m;
      sums.cached += arena.fast.words * word;
      sums.metadata += memory.fixedBytes + arena.liveBlocks * word;
      sums.side += memory.foreignBytes;
      sums.largestFree = Math.max(
        sums.largestFree,
        top,
        largestBinned(arena) * word,
      );
    }
    const { footprint } = this;
    const { free, cached, metadata } = sums;
    return {
      ...sums,
      allocated: footprint - free - cached - metadata,
      footprint,
      largestServeable: Infinity,
    };
  }

  /** Visits every byte, and the foreign gaps between segments of the break. */
  walk(visit: BlockVisitor): void {
    type Piece = { start: Address; arena?: Arena; segment?: Segment };
    const { mappings, arenas } = this.process;
    const pieces: (Piece & { address: Address })[] = [];
    for (const arena of arenas) {
      for (const segment of arena.image.segments) {
        pieces.push({ start: segment.start, arena, segment, address: 0 });
      }
    }
    for (const address of mappings.length.keys()) {
      const start = address - 2 * this.word - mappings.leadOf(address);
      pieces.push({ start, address });
    }
    pieces.sort((a, b) => a.start - b.start);
    let breakEnd = -1;
    for (const { start, arena, segment, address } of pieces) {
      if (!arena || !segment) {
        this.walkMapping(start, address, visit);
        continue;
      }
      if (!segment.mapped) {
        if (breakEnd >= 0 && start > breakEnd) {
          visit(breakEnd, start - breakEnd, "foreign");
        }
        breakEnd = segment === arena.image.segments.at(-1)
          ? arena.image.topEnd
          : segment.end;
      }
      this.walkSegment(arena, segment, visit);
    }
  }

  /** What lies on each list that is not empty. */
  census(): CensusRow[] {
    const { word, process: { mappings }, threads } = this;
    const rows = new Map<string, CensusRow>();
    const add: ListVisitor = (list, _, bytes) => {
      const row = rows.get(list) ?? { list, blocks: 0, bytes: 0 };
      row.blocks++;
      row.bytes += bytes;
      rows.set(list, row);
    };
    this.eachCached(add);
    this.eachBinned(add);
    const step = this.process.geometry.align;
    for (const [thread, { bins, room }] of threads.tcaches()) {
      for (let i = 0; i < bins; i++) {
        const row = rows.get(tcacheList(thread, MIN_WORDS * word + i * step));
        if (row) row.most = room;
      }
    }
    let bytes = mappings.bytes;
    for (const address of mappings.cached) {
      bytes -= mappings.length.get(address)!;
    }
    const blocks = mappings.length.size - mappings.cached.size;
    if (blocks > 0) rows.set("mmap", { list: "mmap", blocks, bytes });
    return [...rows.values()];
  }

  /** Every chunk in tcaches and fast bins, by its header; mappings by their payload. */
  eachCached(visit: ListVisitor): void {
    const { word, process: { mappings, arenas }, threads } = this;
    for (const [thread, tcache] of threads.tcaches()) {
      tcache.each(({ image }, c, words) => {
        const bytes = words * word;
        visit(tcacheList(thread, bytes), image.addressOf(c) - word, bytes);
      });
      for (const address of tcache.mappings()) {
        const list = tcacheList(thread, mappings.chunkBytes(address));
        visit(list, address, mappings.usable(address));
      }
    }
    for (const { number, fast, image } of arenas) {
      fast.head.forEach((head, i) => {
        const bytes = (MIN_WORDS + 2 * i) * word;
        const list = `${arenaName(number)}fast[${bytes}]`;
        for (let c = head; c !== 0; c = image.field[c + 2]!) {
          visit(list, image.addressOf(c) - word, bytes);
        }
      });
    }
  }

  /** Every chunk in the bins of each arena, by its header; then its top. */
  eachBinned(visit: ListVisitor): void {
    for (const arena of this.process.arenas) this.eachBinnedIn(arena, visit);
  }

  private eachBinnedIn(
    { number, bins, image }: Arena,
    visit: ListVisitor,
  ): void {
    const { word } = this;
    const where = arenaName(number);
    const tell = (list: string, c: number) => {
      const start = image.addressOf(c) - word;
      visit(`${where}${list}`, start, image.wordsOf(c) * word);
    };
    for (let bin = UNSORTED; bin < 2 * BINS; bin += 2) {
      for (const c of bins.chunksIn(bin)) tell(this.nameOf(bins, bin), c);
    }
    if (image.top !== 0) tell("top", image.top);
  }

  private nameOf(bins: Bins, bin: number): string {
    if (bin === UNSORTED) return "unsorted";
    const step = this.process.geometry.align / this.word;
    let words = MIN_WORDS;
    while (2 * bins.binOf(words) < bin) words += step;
    const kind = words < bins.firstLarge ? "small" : "large";
    return `${kind}[${words * this.word}]`;
  }

  private walkMapping(
    start: Address,
    address: Address,
    visit: BlockVisitor,
  ): void {
    const { mappings } = this.process;
    const length = mappings.length.get(address)!;
    if (this.isTable(address)) return visit(start, length, "meta");
    const usable = mappings.usable(address);
    const kind = mappings.cached.has(address) ? "cached" : "live";
    visit(start, address - start, "meta");
    visit(address, usable, kind);
    const rest = start + length - address - usable;
    if (rest > 0) visit(address + usable, rest, "meta");
  }

  private walkSegment(
    { image }: Arena,
    segment: Segment,
    visit: BlockVisitor,
  ): void {
    const { word } = this;
    const { field } = image;
    const last = segment === image.segments.at(-1);
    const end = last ? image.top : segment.fence;
    const header = (c: number) => c * word + segment.delta - word;
    visit(segment.start, header(segment.first) - segment.start, "meta");
    for (let c = segment.first; c < end;) {
      const words = field[c + 1]! & WORDS;
      const live = field[c + 1]! < 0;
      const at = header(c);
      if (live) {
        visit(at, word, "meta");
        visit(at + word, (words - 1) * word, "live");
      } else {
        const used = (field[c + words + 1]! & BELOW_IN_USE) !== 0;
        const kind = used && this.isTableChunk(image, c) ? "meta" : "cached";
        visit(at, words * word, used ? kind : "free");
      }
      c += words;
    }
    if (last) {
      visit(header(end), (image.wordsOf(end) - 1) * word, "free");
    } else {
      visit(header(end), segment.end - header(end), "meta");
    }
  }

  private isTableChunk(image: Arena["image"], c: number): boolean {
    for (const [, { table, tableArena }] of this.threads.tcaches()) {
      if (table === c && tableArena?.image === image) return true;
    }
    return false;
  }

  private tcacheBytes(): number {
    const step = this.process.geometry.align / this.word;
    let all = 0;
    for (const [, tcache] of this.threads.tcaches()) {
      const { bins, held } = tcache;
      for (let i = 0, words = MIN_WORDS; i < bins; i++, words += step) {
        all += held[i]! * words;
      }
      for (const bin of tcache.sorted.values()) {
        for (const { arena, chunk } of bin) {
          if (arena) all += arena.image.wordsOf(chunk);
        }
      }
    }
    return all * this.word;
  }

  private cachedMappings(): number {
    const { mappings } = this.process;
    let bytes = 0;
    for (const address of mappings.cached) bytes += mappings.usable(address);
    return bytes;
  }

  /** What tables that are mappings hold beyond header and lead. */
  private mappedTables(): number {
    const { mappings } = this.process;
    let bytes = 0;
    for (const [, { tableMapping }] of this.threads.tcaches()) {
      if (mappings.length.has(tableMapping)) {
        bytes += mappings.usable(tableMapping);
      }
    }
    return bytes;
  }
}

/** Before the names of lists of an arena besides main. */
function arenaName(number: number): string {
  return number === 0 ? "" : `arena ${number} `;
}

/** The name of a bin of a thread's tcache; 0 is the main thread. */
function tcacheList(thread: number, bytes: number): string {
  return `${thread === 0 ? "" : `thread ${thread} `}tcache[${bytes}]`;
}

/** Words of the longest chunk in a bin of `arena`. */
function largestBinned({ image: { field }, bins }: Arena): number {
  let largest = 0;
  for (let c = field[UNSORTED + 2]!; c !== UNSORTED; c = field[c + 2]!) {
    largest = Math.max(largest, field[c + 1]! & WORDS);
  }
  const first = field[highestBin(bins, field) + 2]!;
  return Math.max(largest, field[first + 1]! & WORDS);
}

/** The bin of the longest chunks, as a chunk; 0 if all are empty. */
function highestBin({ bitmap }: Bins, field: Int32Array): number {
  for (let index = BINS - 1; index > 1;) {
    const word = bitmap[index >> 5]! << (31 - (index & 31));
    if (word === 0) {
      index = (index & ~31) - 1;
      continue;
    }
    index -= Math.clz32(word);
    if (field[2 * index + 2] !== 2 * index) return 2 * index;
    index--;
  }
  return 0;
}
