/**
 * The XML of glibc's malloc_info: what each arena got from the system, and
 * what of it is free.
 *
 * Since glibc 2.30 the top chunk counts among the free ones; before, it is in
 * no figure. Blocks in a thread's tcache count as in use.
 *
 * The lengths of binned chunks, and all sums of them, come with the flags in
 * their lowest bits: 1, the chunk before is in use, which it always is, and 4,
 * not of the main arena. What is kept here is without them.
 *
 * @module
 */
import type { Kind, Reader } from "../kind.ts";
import { expected, type Line, whole } from "../line.ts";
import { explainMallocInfo } from "./malloc_info_lines.ts";

const MAX_HEAPS = 2 ** 16;
/** Tags of the whole text; a heap has 150 at most. */
const MAX_TAGS = 2 ** 20;

/** Free chunks, or mapped blocks. */
export interface Chunks {
  count: number;
  bytes: number;
}

/** An arena, or the whole process. */
export interface Heap {
  /** Its number; undefined for the process. */
  nr?: number;
  /**
   * Free chunks by size: those of equal size, and the unsorted ones; `from` and
   * `to` as they are printed.
   */
  sizes: (Chunks & { from: number; to: number; unsorted: boolean })[];
  /** In fast bins. */
  fast: Chunks;
  /** In other bins; the top chunk as well since glibc 2.30. */
  rest: Chunks;
  /** Mapped blocks, of the process only. */
  mmap: Chunks;
  /** Bytes from the system: now, and at most so far. */
  current: number;
  max: number;
}

/** What the text says. */
export interface MallocInfo {
  heaps: Heap[];
  total: Heap;
}

/** The kind of text. */
export const MALLOC_INFO: Kind<MallocInfo> = {
  name: "malloc_info",
  about: "XML of glibc's malloc_info",
  begins: ({ text }) => text.startsWith("<malloc "),
  reader: () => new MallocInfoReader(),
  explain: explainMallocInfo,
  table: {
    columns: ["heap", "system_bytes", "fast_bytes", "bins_bytes", "mmap_bytes"],
    rows: ({ heaps, total }) =>
      [...heaps, total].map((heap) => [
        heap.nr ?? "all",
        heap.current,
        heap.fast.bytes,
        heap.rest.bytes,
        heap.mmap.bytes,
      ]),
  },
};

function newHeap(nr?: number): Heap {
  const none = () => ({ count: 0, bytes: 0 });
  return {
    ...(nr !== undefined && { nr }),
    sizes: [],
    fast: none(),
    rest: none(),
    mmap: none(),
    current: 0,
    max: 0,
  };
}

/** Reads until the closing tag. */
class MallocInfoReader implements Reader<MallocInfo> {
  readonly #heaps: Heap[] = [];
  readonly #total = newHeap();
  #heap: Heap = this.#total;
  #tags = 0;
  /** Flags in the sums of the heap, and of all. */
  #flags = 0;
  #allFlags = 0;
  #open: Line | undefined;
  #ended = false;

  take(line: Line): boolean {
    if (this.#ended) return false;
    // a tag never spans lines, and lines hold tags only
    for (const piece of line.text.split("<").slice(1)) {
      const tag = piece.split(">", 1)[0]!;
      if (++this.#tags > MAX_TAGS) {
        throw expected(line, `at most ${MAX_TAGS} tags`);
      }
      this.#tag(tag, line);
    }
    this.#open ??= line;
    return line.text.startsWith("<");
  }

  end(): MallocInfo {
    if (!this.#ended) {
      throw expected(this.#open!, "a text that ends: </malloc>");
    }
    return { heaps: this.#heaps, total: this.#total };
  }

  #tag(tag: string, line: Line): void {
    const name = /^\/?[a-z]*/.exec(tag)![0];
    const attributes = attributesOf(tag, line);
    const number = (key: string) => {
      const value = whole(attributes.get(key));
      if (value === undefined) throw expected(line, `a number as ${key}`);
      return value;
    };
    const type = attributes.get("type") ?? "";
    switch (name) {
      case "heap":
        if (this.#heaps.length === MAX_HEAPS) {
          throw expected(line, `at most ${MAX_HEAPS} heaps`);
        }
        this.#heap = newHeap(number("nr"));
        this.#heaps.push(this.#heap);
        break;
      case "/heap":
        this.#heap.rest.bytes = Math.max(
          0,
          this.#heap.rest.bytes - this.#flags,
        );
        this.#allFlags += this.#flags;
        this.#flags = 0;
        this.#heap = this.#total;
        break;
      case "/malloc":
        this.#total.rest.bytes = Math.max(
          0,
          this.#total.rest.bytes - this.#allFlags,
        );
        this.#ended = true;
        break;
      case "size":
      case "unsorted": {
        const [from, to, count] = [
          number("from"),
          number("to"),
          number("count"),
        ];
        const sum = number("total");
        const flags = flagsIn(from, to, count, sum);
        this.#flags += flags;
        const unsorted = name === "unsorted";
        this.#heap.sizes.push({
          from,
          to,
          count,
          bytes: sum - flags,
          unsorted,
        });
        break;
      }
      case "total":
        if (type === "fast" || type === "rest" || type === "mmap") {
          this.#heap[type] = { count: number("count"), bytes: number("size") };
        }
        break;
      case "system":
        if (type === "current" || type === "max") {
          this.#heap[type] = number("size");
        }
    }
  }
}

/**
 * The flags in the sum of `count` chunks of `from` to `to` bytes. A row of fast
 * chunks has none: it ends with their length, a multiple of 8. Chunks between
 * two sizes are taken for alike, as far as the sum allows: each that is not
 * makes a difference of 4.
 */
function flagsIn(from: number, to: number, count: number, sum: number): number {
  if (to % 8 === 0 || count === 0) return 0;
  const size = from - from % 8;
  if (size === to - to % 8) return sum - count * size;
  const all = from % 8 === 5 && to % 8 === 5;
  const flags = count * (all ? 5 : 1);
  const over = (sum - flags) % 8;
  return all ? flags - over : flags + over;
}

/** The attributes in a tag. */
function attributesOf(tag: string, line: Line): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of tag.split(/\s+/).slice(1)) {
    if (part === "" || part === "/") continue;
    const attribute = /^([a-z]{1,20})="([^"]*)"\/?$/.exec(part);
    if (!attribute) throw expected(line, 'attributes as name="value"');
    found.set(attribute[1]!, attribute[2]!);
  }
  return found;
}
