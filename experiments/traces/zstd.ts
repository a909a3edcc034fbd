/**
 * Decompression of Zstandard files (RFC 8878) while they are read.
 *
 * A file is frames, one after the other; a frame is a header and blocks, of
 * which each stands for at most 128 KiB. The library decodes the blocks; what
 * is here finds where frames and blocks end, so that a file that is cut off is
 * noticed, and a few bytes can neither ask for gigabytes nor keep the machine
 * busy. Simplified: checksums are not verified.
 *
 * @module
 */
import { Decompress } from "fzstd";
import type { Decoder } from "./decompress.ts";

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** Bytes of a window at most, as much as the tool `zstd` accepts. */
const MAX_WINDOW = 2 ** 27;
/** Bytes of a block at most, compressed or not. */
const MAX_BLOCK = 2 ** 17;
/** Bytes of the longest frame header. */
const MAX_HEADER = 18;
/**
 * The library moves the window once per block. Bytes that may be moved at
 * first, and more for each byte of output: blocks of 64 KiB in the longest
 * window need 2^11.
 */
const FREE_MOVES = 2 ** 32;
const MOVES = 2 ** 11;

/** Whether `head`, at least 4 bytes, begins a frame, skippable or not. */
export function isZstd(head: Uint8Array): boolean {
  return MAGIC.every((byte, i) => head[i] === byte) || isSkippable(head);
}

/** What is read next. */
type Part = "frame" | "skipped" | "block" | "content" | "checksum";

/** The frames of one file. */
export class Frames implements Decoder {
  #part: Part = "frame";
  // Bytes of the part being read: a header is kept until it is whole, of
  // anything else #left bytes are to come.
  readonly #header = new Uint8Array(MAX_HEADER);
  #have = 0;
  #left = 0;
  /** Whether the block is the last of its frame. */
  #last = false;
  #checksum = false;
  #window = 0;
  #moved = 0;
  #output = 0;
  #decompress = new Decompress();
  /** What the library has made of the last bytes. */
  #made: Uint8Array[] = [];

  get complete(): boolean {
    return this.#part === "frame" && this.#have === 0;
  }

  *decode(input: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < input.length;) {
      if (this.#part === "frame" || this.#part === "block") {
        this.#header[this.#have++] = input[at++]!;
        if (this.#part === "frame") this.#frame();
        else this.#block();
      } else {
        const end = Math.min(input.length, at + this.#left);
        this.#left -= end - at;
        if (this.#part !== "skipped") this.#push(input.slice(at, end));
        at = end;
        if (this.#left === 0) this.#next();
      }
      yield* this.#taken();
    }
  }

  /** Goes on if the header of a frame is whole. */
  #frame(): void {
    const header = this.#header.subarray(0, this.#have);
    if (header.length < 5) return;
    if (isSkippable(header)) {
      if (header.length < 8) return;
      return this.#begin("skipped", numberAt(header, 4, 4));
    }
    if (!isZstd(header)) throw new Error("no frame of Zstandard");
    const flags = header[4]!;
    const single = (flags >> 5) & 1;
    const dictionary = [0, 1, 2, 4][flags & 3]!;
    const content = flags >> 6 ? 1 << (flags >> 6) : single;
    const at = 6 - single + dictionary; // of the content's length
    if (header.length < at + content) return;
    if (numberAt(header, 6 - single, dictionary) !== 0) {
      throw new Error("it needs a dictionary");
    }
    const length = numberAt(header, at, content) + (content === 2 ? 256 : 0);
    const exponent = 10 + (header[5]! >> 3);
    this.#window = single
      ? length
      : 2 ** exponent + 2 ** (exponent - 3) * (header[5]! & 7);
    if (this.#window > MAX_WINDOW) {
      throw new Error(`a window of more than ${MAX_WINDOW} bytes`);
    }
    this.#checksum = (flags & 4) > 0;
    this.#decompress = new Decompress((made) => {
      this.#made.push(made);
    });
    this.#push(header.slice());
    this.#begin("block");
  }

  /** Goes on if the header of a block is whole. */
  #block(): void {
    if (this.#have < 3) return;
    const header = numberAt(this.#header, 0, 3);
    this.#last = (header & 1) > 0;
    const repeated = ((header >> 1) & 3) === 1;
    const length = header >> 3;
    if (length > MAX_BLOCK) throw new Error("a block is too long");
    this.#moved += this.#window;
    if (this.#moved > FREE_MOVES + MOVES * this.#output) {
      throw new Error("its blocks are too short for its window");
    }
    this.#push(this.#header.slice(0, 3));
    this.#begin("content", repeated ? 1 : length);
  }

  /** `part` begins, of which `left` bytes are to come. */
  #begin(part: Part, left = 0): void {
    this.#part = part;
    this.#have = 0;
    this.#left = left;
    if (left === 0 && part !== "frame" && part !== "block") this.#next();
  }

  /** The part being read is whole. */
  #next(): void {
    if (this.#part === "content" && !this.#last) return this.#begin("block");
    if (this.#part === "content" && this.#checksum) {
      return this.#begin("checksum", 4);
    }
    if (this.#part !== "skipped") this.#push(new Uint8Array(0), true);
    this.#begin("frame");
  }

  #push(bytes: Uint8Array, end = false): void {
    this.#decompress.push(bytes, end);
  }

  *#taken(): Generator<Uint8Array> {
    if (this.#made.length === 0) return;
    const made = this.#made;
    this.#made = [];
    for (const piece of made) {
      this.#output += piece.length;
      if (piece.length > 0) yield piece;
    }
  }
}

/** Whether a skippable frame begins here. */
function isSkippable(head: Uint8Array): boolean {
  return (head[0]! & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d &&
    head[3] === 0x18;
}

/** The number in `length` bytes at `at`, the lowest first. */
function numberAt(bytes: Uint8Array, at: number, length: number): number {
  let number = 0;
  for (let i = length - 1; i >= 0; i--) number = 256 * number + bytes[at + i]!;
  return number;
}
