/**
 * What can be seen of a heap from outside: its blocks, its figures, its lists.
 *
 * A chunk owns the bytes from its header to the next header, because its
 * payload includes the first word of the chunk above.
 *
 * @module
 */
import type {
  Address,
  BlockVisitor,
  CensusRow,
  Mallinfo,
  Usage,
} from "../allocator.ts";
import { BINS, UNSORTED } from "./bins.ts";
import { BELOW_IN_USE, type Segment, WORDS } from "./image.ts";
import { MIN_WORDS } from "./params.ts";
import { Resizing } from "./resize.ts";

/** Views of a heap; walks are O(chunks), figures O(bins). */
export class Inspection extends Resizing {
  /** The chunk that is the tcache's table; 0: none, or a mapping. */
  protected tcacheTable = 0;
  /** The mapping that is the tcache's table, if it is one. */
  protected tcacheMapping: Address = -1;

  /** Bytes held from the layer below. */
  get footprint(): number {
    return this.segmentBytes + this.mappedBytes;
  }

  /** The figures of mallinfo2. */
  mallinfo(): Mallinfo {
    const { word } = this;
    const keepcost = this.wordsOf(this.top) * word;
    const fsmblks = this.fastWords * word;
    const fordblks = keepcost + this.binned.bytes + fsmblks;
    return {
      arena: this.systemBytes,
      ordblks: this.binned.blocks + 1,
      smblks: this.fastBlocks,
      hblks: this.mappings.size,
      hblkhd: this.mappedBytes,
      fsmblks,
      uordblks: this.systemBytes - fordblks,
      fordblks,
      keepcost,
    };
  }

  /** What is held now. */
  usage(): Usage {
    const { word } = this;
    const topBytes = Math.max(0, this.wordsOf(this.top) - 1) * word;
    const below = (bytes: number) => topBytes < bytes ? topBytes : 0;
    const binned = this.binned.usage();
    const free = binned.free + topBytes;
    const cached = this.fastWords * word + this.tcacheBytes();
    const heapMetadata = this.fixedBytes + this.liveBlocks * word;
    const mapped = this.mappedMetadata();
    const metadata = heapMetadata + mapped;
    return {
      allocated: this.footprint - free - cached - metadata,
      metadata,
      cached,
      free,
      footprint: this.footprint,
      largestFree: Math.max(topBytes, this.largestBinned() * word),
      freeBlocks: binned.freeBlocks + (topBytes > 0 ? 1 : 0),
      unavailable4k: binned.unavailable4k + below(4096),
      unavailable64k: binned.unavailable64k + below(65_536),
      unavailable2m: binned.unavailable2m + below(2 ** 21),
      largestServeable: Infinity,
      side: this.foreignBytes,
    };
  }

  /** Visits every byte, and the foreign gaps between segments of the break. */
  walk(visit: BlockVisitor): void {
    type Piece = { start: Address; segment?: Segment; address: Address };
    const pieces: Piece[] = [];
    for (const segment of this.segments) {
      pieces.push({ start: segment.start, segment, address: 0 });
    }
    for (const address of this.mappings.keys()) {
      const start = address - 2 * this.word - this.leadOf(address);
      pieces.push({ start, address });
    }
    pieces.sort((a, b) => a.start - b.start);
    let breakEnd = -1;
    for (const { start, segment, address } of pieces) {
      if (!segment) {
        this.walkMapping(start, address, visit);
        continue;
      }
      if (!segment.mapped) {
        if (breakEnd >= 0 && start > breakEnd) {
          visit(breakEnd, start - breakEnd, "foreign");
        }
        breakEnd = segment === this.segments.at(-1) ? this.topEnd : segment.end;
      }
      this.walkSegment(segment, visit);
    }
  }

  /** What lies on each list that is not empty. */
  census(): CensusRow[] {
    const { word } = this;
    const rows: CensusRow[] = [];
    const add = (list: string, blocks: number, words: number) => {
      if (blocks > 0) rows.push({ list, blocks, bytes: words * word });
    };
    for (let i = 0; i < this.tcacheBins; i++) {
      const words = MIN_WORDS + i * this.alignWords;
      const held = this.tcacheHeld[i]!;
      add(`tcache[${words * word}]`, held, held * words);
    }
    for (let i = 0; i < this.fastHead.length; i++) {
      const words = MIN_WORDS + 2 * i;
      let blocks = 0;
      for (let c = this.fastHead[i]!; c !== 0; c = this.image[c + 2]!) blocks++;
      add(`fast[${words * word}]`, blocks, blocks * words);
    }
    for (let bin = UNSORTED; bin < 2 * BINS; bin += 2) {
      let blocks = 0;
      let words = 0;
      for (const c of this.chunksIn(bin)) {
        blocks++;
        words += this.wordsOf(c);
      }
      if (blocks > 0) add(this.nameOf(bin), blocks, words);
    }
    add("top", this.top === 0 ? 0 : 1, this.wordsOf(this.top));
    add("mmap", this.mappings.size, this.mappedBytes / word);
    return rows;
  }

  /** Every chunk in tcache and fast bins, by its header. */
  eachCached(
    visit: (list: string, start: Address, bytes: number) => void,
  ): void {
    const { word, image } = this;
    const each = (kind: string, first: number, words: number) => {
      const list = `${kind}[${words * word}]`;
      for (let c = first; c !== 0; c = image[c + 2]!) {
        visit(list, this.addressOf(c) - word, words * word);
      }
    };
    this.tcacheHead.forEach((c, i) =>
      each("tcache", c, MIN_WORDS + i * this.alignWords)
    );
    this.fastHead.forEach((c, i) => each("fast", c, MIN_WORDS + 2 * i));
  }

  /** The chunks of a bin, from its front. */
  protected *chunksIn(bin: number): Generator<number> {
    for (let c = this.image[bin + 2]!; c !== bin; c = this.image[c + 2]!) {
      yield c;
    }
  }

  private nameOf(bin: number): string {
    if (bin === UNSORTED) return "unsorted";
    let words = MIN_WORDS;
    while (2 * this.binOf(words) < bin) words += this.alignWords;
    const kind = words < this.firstLargeWords ? "small" : "large";
    return `${kind}[${words * this.word}]`;
  }

  private tcacheBytes(): number {
    let words = 0;
    for (let i = 0; i < this.tcacheBins; i++) {
      words += this.tcacheHeld[i]! * (MIN_WORDS + i * this.alignWords);
    }
    return words * this.word;
  }

  /** Headers and leads of mappings, and the table if it is one. */
  private mappedMetadata(): number {
    const front = this.frontBytes + 2 * this.word;
    let bytes = this.mappings.size * front;
    for (const lead of this.leads.values()) bytes += lead - this.frontBytes;
    const table = this.mappings.get(this.tcacheMapping);
    return table === undefined ? bytes : bytes + table - front;
  }

  /** Words of the longest chunk in a bin. */
  private largestBinned(): number {
    const { image } = this;
    let largest = 0;
    for (let c = image[UNSORTED + 2]!; c !== UNSORTED; c = image[c + 2]!) {
      const words = image[c + 1]! & WORDS;
      if (words > largest) largest = words;
    }
    const first = image[this.highestBin() + 2]!;
    const words = image[first + 1]! & WORDS;
    return words > largest ? words : largest;
  }

  /** The bin of the longest chunks, as a chunk; 0 if all are empty. */
  private highestBin(): number {
    for (let index = BINS - 1; index > 1;) {
      const word = this.binmap[index >> 5]! << (31 - (index & 31));
      if (word === 0) {
        index = (index & ~31) - 1;
        continue;
      }
      index -= Math.clz32(word);
      if (this.image[2 * index + 2] !== 2 * index) return 2 * index;
      index--;
    }
    return 0;
  }

  private walkMapping(
    start: Address,
    address: Address,
    visit: BlockVisitor,
  ): void {
    const length = this.mappings.get(address)!;
    if (address === this.tcacheMapping) return visit(start, length, "meta");
    visit(start, address - start, "meta");
    visit(address, start + length - address, "live");
  }

  private walkSegment(segment: Segment, visit: BlockVisitor): void {
    const { image, word } = this;
    const last = segment === this.segments.at(-1);
    const end = last ? this.top : segment.fence;
    const header = (c: number) => c * word + segment.delta - word;
    visit(segment.start, header(segment.first) - segment.start, "meta");
    for (let c = segment.first; c < end;) {
      const words = image[c + 1]! & WORDS;
      const live = image[c + 1]! < 0;
      const at = header(c);
      if (live) {
        visit(at, word, "meta");
        visit(at + word, (words - 1) * word, "live");
      } else {
        const used = (image[c + words + 1]! & BELOW_IN_USE) !== 0;
        const kind = c === this.tcacheTable ? "meta" : "cached";
        visit(at, words * word, used ? kind : "free");
      }
      c += words;
    }
    if (last) {
      visit(header(end), (this.wordsOf(end) - 1) * word, "free");
    } else {
      visit(header(end), segment.end - header(end), "meta");
    }
  }
}
