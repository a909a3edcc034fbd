/**
 * Where the memory of the other arenas comes from: heaps, each a piece of
 * address space of 64 MiB (1 MiB on 32 bits) at a multiple of its length, of
 * which the first bytes are accessible.
 *
 * The last heap grows in place. When it cannot, another one is made, the old
 * top closed and its rest freed. Only further heaps are ever given back; the
 * first one, which holds the arena's record, stays.
 *
 * @module
 */
import { type Address, NULL } from "../allocator.ts";
import { PAGE, type PageSource, pageUp } from "../pages.ts";
import type { Arena, Memory } from "./arena.ts";
import { Chunk } from "./chunk.ts";
import type { HeapSpace } from "./heap_space.ts";
import type { Image } from "./image.ts";
import { Path } from "./path.ts";
import type { Process } from "./process.ts";

const { BELOW_IN_USE, MIN_WORDS, MAPPED } = Chunk;
const { HEAP, HEAP_GONE, MMAP, TRIMMED } = Path;

/** A heap. */
interface Heap {
  /** First byte; a multiple of the heap's greatest length. */
  readonly start: Address;
  /** Bytes that belong to chunks, or to what stands before the first. */
  size: number;
  /** Bytes that were ever accessible: growth up to here needs no call. */
  accessible: number;
}

/** The heaps of an arena but main. */
export class HeapMemory implements Memory {
  systemBytes = 0;
  fixedBytes = 0;
  readonly foreignBytes = 0;
  /** All of them, the oldest first. */
  readonly heaps: Heap[] = [];
  declare private readonly process: Process;
  declare private readonly image: Image;
  declare private readonly source: PageSource;
  declare private readonly word: number;

  declare private readonly arena: Arena;
  declare private readonly space: HeapSpace;

  private constructor(
    arena: Arena,
    space: HeapSpace,
  ) {
    this.arena = arena;
    this.space = space;
    this.process = arena.process;
    this.image = arena.image;
    this.source = arena.process.source;
    this.word = arena.process.word;
  }

  /** The memory of a new `arena` with room for a chunk of `bytes`; undefined if there is none. */
  static create(
    arena: Arena,
    space: HeapSpace,
    bytes: number,
  ): HeapMemory | undefined {
    const memory = new HeapMemory(arena, space);
    const { geometry, version } = arena.process;
    const record = geometry.heapInfo + geometry.arenaBytes -
      (version.fastBins ? 0 : geometry.fastBinBytes);
    const needed = record + geometry.align;
    const heap = memory.newHeap(bytes + needed) ?? memory.newHeap(needed);
    if (!heap) return undefined;
    memory.begin(heap, record);
    return memory;
  }

  serve(words: number): number {
    const { process, arena } = this;
    const { mappings } = process;
    const bytes = words * this.word;
    const wanted = mappings.serves(bytes);
    if (wanted && mappings.map(bytes)) {
      process.path |= MMAP;
      return MAPPED;
    }
    if (this.extend(bytes)) return arena.takeTop(words);
    const heap = this.newHeap(
      bytes + MIN_WORDS * this.word + process.geometry.heapInfo,
    );
    if (heap) {
      this.goOn(heap);
      return arena.takeTop(words);
    }
    if (wanted || !mappings.map(bytes)) return 0;
    process.path |= MMAP;
    return MAPPED;
  }

  /** Gives further heaps back that nothing uses, then shortens the last one. */
  afterFree(): void {
    const { process, image } = this;
    const { trimThreshold, topPad } = process.settings;
    const pad = process.unsigned(topPad);
    while (this.heaps.length > 1 && this.isUnused()) {
      if (!this.dropHeap(pad)) break;
    }
    const topBytes = this.topBytes;
    const available = topBytes - MIN_WORDS * this.word - 1;
    if (topBytes < trimThreshold || available <= pad) return;
    const release = Math.floor((available - pad) / PAGE) * PAGE;
    if (release === 0) return;
    const heap = this.heaps.at(-1)!;
    heap.size -= release;
    this.systemBytes -= release;
    this.process.segmentBytes -= release;
    process.path |= TRIMMED;
    this.source.discard(heap.start + heap.size, release);
    image.setTop(image.top, (topBytes - release) / this.word);
  }

  get dirtyEnd(): Address {
    const { start, accessible } = this.heaps.at(-1)!;
    return start + accessible;
  }

  private get topBytes(): number {
    return this.image.wordsOf(this.image.top) * this.word;
  }

  /** Whether the top is all that there is in the last heap. */
  private isUnused(): boolean {
    const { image } = this;
    return image.top === image.segments.at(-1)!.first;
  }

  /** The last heap grows so that the top is long enough for `bytes`. */
  private extend(bytes: number): boolean {
    const heap = this.heaps.at(-1)!;
    const topBytes = this.topBytes;
    const more = pageUp(bytes + MIN_WORDS * this.word - topBytes);
    if (heap.size + more > this.process.geometry.heapMax) return false;
    heap.size += more;
    if (heap.size > heap.accessible) {
      this.source.protect?.(
        heap.start + heap.accessible,
        heap.size - heap.accessible,
      );
      heap.accessible = heap.size;
    }
    this.systemBytes += more;
    this.process.segmentBytes += more;
    const words = (topBytes + more) / this.word;
    this.image.reserve(this.image.top, words);
    this.image.setTop(this.image.top, words);
    return true;
  }

  /** A heap with room for `need` bytes and the top pad; undefined if refused. */
  private newHeap(need: number): Heap | undefined {
    const size = this.space.lengthFor(need);
    if (size === undefined) return undefined;
    const start = this.space.take(size, this.arena);
    if (start === NULL) return undefined;
    this.process.path |= HEAP;
    return { start, size, accessible: size };
  }

  /** The top is all that `heap` has behind its first `record` bytes. */
  private begin(heap: Heap, record: number): void {
    const { image, word, process } = this;
    const { align } = process.geometry;
    const lead = Math.ceil((record + 2 * word) / align) * align - 2 * word;
    this.heaps.push(heap);
    this.systemBytes += heap.size;
    this.process.segmentBytes += heap.size;
    this.fixedBytes += lead + word;
    const words = Math.floor((heap.size - lead) / (2 * word)) * 2;
    this.source.touch(heap.start, lead);
    image.openSegment(heap.start, heap.start + lead, words, true);
  }

  /** A further heap; the top of the one before is closed and its rest freed. */
  private goOn(heap: Heap): void {
    const { image, word } = this;
    const c = image.top;
    const words = image.wordsOf(c);
    const end = image.topEnd;
    this.begin(heap, this.process.geometry.heapInfo);
    const { field } = image;
    const rest = (words - MIN_WORDS) & -image.alignWords;
    const last = c + rest + 2;
    const freed = rest >= MIN_WORDS;
    field[last + 1] = 0 | BELOW_IN_USE;
    if (freed) {
      field[c + rest + 1] = 2 | BELOW_IN_USE;
      field[c + 1] = rest | BELOW_IN_USE;
    } else field[c + 1] = rest + 2 | BELOW_IN_USE;
    image.wrote(c, rest + 1, 3);
    const segment = image.segments.at(-2)!;
    segment.fence = freed ? c + rest : c;
    segment.lastFence = last;
    segment.end = end;
    this.fixedBytes += (words - 1 - (freed ? rest : 0)) * word;
    if (freed) this.arena.releaseOwn(c, rest);
  }

  /** Gives the last heap, which nothing uses, back; false if it stays. */
  private dropHeap(pad: number): boolean {
    const { image, arena, process, word } = this;
    const { field, segments } = image;
    const heap = this.heaps.at(-1)!;
    const before = this.heaps.at(-2)!;
    const segment = segments.at(-2)!;
    const lastWord = segment.first +
      (segment.end - image.addressOf(segment.first) + 2 * word) / word;
    const closing = segment.fence;
    const below = (field[closing + 1]! & BELOW_IN_USE) === 0
      ? field[closing]!
      : 0;
    const first = closing - below;
    const words = lastWord - first;
    const unused = process.geometry.heapMax - before.size;
    if (words * word + unused < pad + MIN_WORDS * word + PAGE) return false;
    this.systemBytes -= heap.size;
    this.process.segmentBytes -= heap.size;
    const lead = image.addressOf(segments.at(-1)!.first) - 2 * word -
      heap.start;
    this.fixedBytes -= lead + word;
    this.heaps.pop();
    this.space.give(heap.start);
    process.path |= HEAP_GONE;
    if (below > 0) arena.bins.unlink(first, below);
    this.fixedBytes -= (lastWord - closing - 1) * word;
    image.dropSegment();
    image.setTop(first, words);
    return true;
  }
}
