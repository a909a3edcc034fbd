/**
 * The free list of a textbook: one heap of fixed length, one list of its holes
 * that is searched from the head, with nothing hidden.
 *
 * A request takes the low end of its hole; the rest stays in the hole's place
 * on the list. A freed block goes where `order` says, and the whole list is
 * put in order then. With `coalesce`, neighbours on the list that touch become
 * one: all that touch in order of address, in other orders only some, which is
 * what the exercise is about.
 *
 * After R. and A. Arpaci-Dusseau, Operating Systems: Three Easy Pieces, chapter
 * 17, whose homework this answers. Unlike there the address of a block is that
 * of its payload, behind the header.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type BlockVisitor,
  type CensusRow,
  Counters,
  invariant,
  type ListVisitor,
  notLive,
  NULL,
  reallocByMove,
  type Usage,
} from "../allocator.ts";
import {
  type AllocatorEntry,
  choice,
  define,
  powerOfTwo,
  whole,
} from "../entry.ts";
import { FreeHistogram } from "../histogram.ts";
import type { PageSource } from "../pages.ts";

/** Which hole a request gets, and how a message says so. */
const POLICIES = {
  first: "the first on the list that holds",
  best: "the smallest that holds",
  worst: "the largest, so it holds",
} as const;

/** Where a freed block goes. */
const ORDERS = ["address", "ascending", "descending", "front", "back"] as const;

/** What the options say. */
interface Values {
  policy: keyof typeof POLICIES;
  order: typeof ORDERS[number];
  coalesce: "on" | "off";
  header: number;
  align: number;
  size: number;
}

/** A range of bytes. */
interface Range {
  start: Address;
  bytes: number;
}

/** A heap that keeps its holes on a list; every operation is O(holes). */
export class FreeList implements Allocator {
  readonly counters: Counters = new Counters();
  private readonly values: Values;
  private readonly source: PageSource;
  private readonly base: Address;
  /** The holes, head first. */
  private holes: Range[];
  /** Bytes of each live block with its header, by the address of its payload. */
  private readonly live = new Map<Address, number>();
  private liveBytes = 0;
  private way = "";

  /** Takes `size` bytes of `source`; `RangeError` if it refuses them. */
  constructor(values: Values, source: PageSource) {
    this.values = values;
    this.source = source;
    this.base = source.sbrk(values.size);
    if (this.base === NULL) {
      throw new RangeError(`There is no memory for ${values.size} bytes`);
    }
    this.holes = [{ start: this.base, bytes: values.size }];
  }

  get footprint(): number {
    return this.values.size;
  }

  malloc(size: number): Address {
    const { policy, header, align } = this.values;
    const need = Math.ceil((Math.max(size, 1) + header) / align) * align;
    const { place, looked } = this.search(need);
    this.counters.searchSteps += looked;
    if (place < 0) {
      this.way = `${policy} fit: no hole holds ${need}; ${looked} looked at`;
      return NULL;
    }
    const hole = this.holes[place]!;
    const { start, bytes } = hole;
    this.way = `${policy} fit: hole of ${bytes} at ${start} is ` +
      `${POLICIES[policy]} ${need}; ` +
      (bytes > need ? `split, ${bytes - need} left` : "taken whole") +
      `; ${looked} looked at`;
    if (bytes === need) this.holes.splice(place, 1);
    else {
      hole.start += need;
      hole.bytes -= need;
      this.counters.splits++;
    }
    this.live.set(start + header, need);
    this.liveBytes += need;
    return start + header;
  }

  free(address: Address, _size: number): void {
    const bytes = this.live.get(address);
    if (bytes === undefined) throw notLive(address);
    this.live.delete(address);
    this.liveBytes -= bytes;
    const start = address - this.values.header;
    const { order, coalesce } = this.values;
    const freed = { start, bytes };
    if (order === "front") this.holes.unshift(freed);
    else this.holes.push(freed);
    if (order === "address") this.holes.sort((a, b) => a.start - b.start);
    if (order === "ascending") this.holes.sort((a, b) => a.bytes - b.bytes);
    if (order === "descending") this.holes.sort((a, b) => b.bytes - a.bytes);
    const before = this.holes.length;
    if (coalesce === "on") this.join();
    const joined = before - this.holes.length;
    this.counters.coalesces += joined;
    const hole = this.holes.find((hole) =>
      hole.start <= start && start < hole.start + hole.bytes
    )!;
    this.way = joined > 0 && hole.bytes > bytes
      ? `joined: a hole of ${hole.bytes} at ${hole.start}`
      : `a hole of ${bytes} at ${start}`;
  }

  realloc(address: Address, oldSize: number, size: number): Address {
    return reallocByMove(this, this.source, address, oldSize, size);
  }

  usableSize(address: Address): number {
    const bytes = this.live.get(address);
    if (bytes === undefined) throw notLive(address);
    return bytes - this.values.header;
  }

  explain(): string {
    return this.way;
  }

  /** The holes as they stand on the list, head first. */
  list(): readonly Readonly<Range>[] {
    return this.holes;
  }

  census(): CensusRow[] {
    const bytes = this.holes.reduce((sum, { bytes }) => sum + bytes, 0);
    return [{ list: "list", blocks: this.holes.length, bytes }];
  }

  eachBinned(visit: ListVisitor): void {
    for (const { start, bytes } of this.holes) visit("list", start, bytes);
  }

  walk(visit: BlockVisitor): void {
    const { header } = this.values;
    const live = [...this.live].map(([address, bytes]) => ({
      start: address - header,
      bytes,
      live: true,
    }));
    const holes = this.holes.map((hole) => ({ ...hole, live: false }));
    for (
      const { start, bytes, live: isLive } of [...live, ...holes]
        .sort((a, b) => a.start - b.start)
    ) {
      if (!isLive) visit(start, bytes, "free");
      else {
        if (header > 0) visit(start, header, "meta");
        visit(start + header, bytes - header, "live");
      }
    }
  }

  usage(): Usage {
    const histogram = new FreeHistogram();
    let largest = 0;
    for (const { bytes } of this.holes) {
      histogram.add(bytes);
      largest = Math.max(largest, bytes);
    }
    const metadata = this.values.header * this.live.size;
    return {
      allocated: this.liveBytes - metadata,
      metadata,
      cached: 0,
      ...histogram.usage(),
      footprint: this.values.size,
      largestFree: largest,
      largestServeable: this.values.size - this.values.header,
      side: 0,
    };
  }

  check(): void {
    let end = this.base;
    this.walk((start, bytes) => {
      invariant(start === end && bytes > 0, `Block ${start} leaves a gap`);
      end = start + bytes;
    });
    invariant(end === this.base + this.values.size, "Heap: its length");
  }

  /** The hole for `need` bytes, -1 if none, and how many were looked at. */
  private search(need: number): { place: number; looked: number } {
    const { holes, values: { policy } } = this;
    let place = -1;
    for (let i = 0; i < holes.length; i++) {
      const { bytes } = holes[i]!;
      if (bytes < need) continue;
      if (policy === "first") return { place: i, looked: i + 1 };
      const found = place < 0 ? bytes : holes[place]!.bytes;
      const better = policy === "best" ? bytes < found : bytes > found;
      if (place < 0 || better) place = i;
    }
    return { place, looked: holes.length };
  }

  /** Makes one hole of those that follow each other on the list and touch. */
  private join(): void {
    const joined: Range[] = [];
    for (const hole of this.holes) {
      const last = joined.at(-1);
      if (last && last.start + last.bytes === hole.start) {
        last.bytes += hole.bytes;
      } else joined.push(hole);
    }
    this.holes = joined;
  }
}

/** The list of a textbook. */
export const freeList: AllocatorEntry = define({
  name: "free_list",
  summary: "A textbook's list of holes, searched from its head.",
  source: "Arpaci-Dusseau, Operating Systems: Three Easy Pieces, chapter 17",
  layer: "freelist",
  options: {
    policy: choice(
      ["first", "best", "worst"],
      "Which hole a request gets: the first, the smallest, the largest.",
    ),
    order: choice(
      [...ORDERS],
      "Order of the list: by address or length, or the freed block's end.",
    ),
    coalesce: choice(["on", "off"], "Whether holes that touch are joined."),
    header: whole(0, "Bytes before each payload.", 0, 4096),
    align: powerOfTwo(1, "Lengths are multiples of this, in bytes.", 1, 4096),
    size: whole(2 ** 20, "Bytes of the heap.", 1, 2 ** 40),
  },
  offers: ["census", "eachBinned", "explain", "resident"],
  examples: ["free_list:policy=best:order=ascending"],
  create: (values, { source }) => new FreeList(values, source),
});
