/**
 * The log that the recorder of `preload/` leaves of one process: a page that
 * says whose it is, and records of 64-bit words. `preload/log.h` defines them.
 *
 * @module
 */
import { Failure } from "../runner/failure.ts";

/** Bytes before the first record. */
const HEAD = 4096;
/** Bytes read at a time. */
const CHUNK = 2 ** 20;
const MAGIC = "fraglog1";
const DECODER = new TextDecoder();

/** What a record is. */
export const Kind = {
  END: 0,
  MALLOC: 1,
  CALLOC: 2,
  MEMALIGN: 3,
  REALLOC: 4,
  FREE: 5,
  WIDE: 6,
  THREAD: 7,
  THREAD_END: 8,
  TRIM: 9,
  MALLOPT: 10,
  SBRK: 11,
  TIME: 12,
  RESIDENT: 13,
  PHASE: 14,
  SITE: 15,
  MODULE: 16,
  CHUNK: 17,
  BREAK: 18,
  ARENA: 19,
} as const;

/** Words of each kind whose records have one length; 0: the operand tells. */
const WORDS = [1, 2, 2, 3, 3, 1, 2, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 2];

/** Whose log it is. */
export interface Head {
  /** Name of the file. */
  name: string;
  /** Process. */
  pid: number;
  /** Path of the program. */
  program: string;
  /** When it began, in ns since 1970, roughly. */
  started: number;
  /** The break before the first request. */
  heap: number;
  /** Whether the process called exit or _exit. */
  ended: boolean;
  /** errno of what stopped the recorder; 0: nothing did. */
  lost: number;
  /** Name of the parent's log, and its bytes when the parent forked. */
  parent?: { name: string; bytes: number };
  /** Whether the program's malloc is not that of the C library. */
  ownMalloc: boolean;
}

/** The head of the log `name` in `folder`. */
export function readHead(folder: string, name: string): Head {
  const page = new Uint8Array(HEAD);
  using file = Deno.openSync(`${folder}/${name}`);
  const got = file.readSync(page) ?? 0;
  const text = (at: number, bytes: number) =>
    DECODER.decode(page.subarray(at, at + bytes)).replace(/\0.*$/s, "");
  if (got < HEAD || text(0, 8) !== MAGIC) {
    throw new Failure(`${name} is no log of the recorder`);
  }
  const word = (k: number) =>
    Number(new DataView(page.buffer).getBigUint64(8 * k, true));
  return {
    name,
    pid: word(1),
    started: word(2),
    heap: word(3),
    ended: word(4) === 1,
    lost: word(5),
    ...(word(6) > 0 ? { parent: { name: text(64, 64), bytes: word(6) } } : {}),
    ownMalloc: word(7) === 1,
    program: text(128, 256),
  };
}

/** A record: its first word is word `at` of `words`, in halves, lower first. */
export type Visitor = (words: Uint32Array, at: number) => void;

/** The kind of the record whose first word is at `at`. */
export function kindAt(words: Uint32Array, at: number): number {
  return words[2 * at + 1]! >>> 24;
}

/** Its operand, 56 bits. */
export function operandAt(words: Uint32Array, at: number): number {
  return (words[2 * at + 1]! & 0xffffff) * 2 ** 32 + words[2 * at]!;
}

/** A whole word. */
export function wordAt(words: Uint32Array, at: number): number {
  return words[2 * at + 1]! * 2 ** 32 + words[2 * at]!;
}

/** The text of `bytes` bytes from word `at` on. */
export function textAt(words: Uint32Array, at: number, bytes: number): string {
  return DECODER.decode(
    new Uint8Array(words.buffer, words.byteOffset + 8 * at, bytes),
  );
}

/** Words of the record at `at`. */
function wordsAt(words: Uint32Array, at: number): number {
  const kind = kindAt(words, at);
  if (kind === Kind.SITE) return 1 + operandAt(words, at);
  const tail = () => Math.ceil(operandAt(words, at) / 8);
  if (kind === Kind.PHASE) return 1 + tail();
  if (kind === Kind.MODULE) return 4 + tail();
  const fixed = WORDS[kind];
  if (!fixed) throw new Failure(`a record of unknown kind ${kind}`);
  return fixed;
}

/**
 * Visits the records of a log, up to its end or to byte `end` of the file, and
 * yields now and then.
 */
export function* records(
  path: string,
  end: number,
  visit: Visitor,
): Generator<void> {
  using file = Deno.openSync(path);
  file.seekSync(HEAD, Deno.SeekMode.Start);
  let left = end - HEAD;
  const bytes = new Uint8Array(CHUNK);
  const words = new Uint32Array(bytes.buffer);
  for (let filled = 0;;) {
    const got = file.readSync(bytes.subarray(filled, Math.min(CHUNK, left)));
    if (got === null || got === 0) return;
    filled += got;
    const count = filled >> 3;
    let at = 0;
    while (at < count) {
      if (kindAt(words, at) === Kind.END) return;
      const length = wordsAt(words, at);
      if (at + length > count) break;
      visit(words, at);
      at += length;
    }
    bytes.copyWithin(0, 8 * at, filled);
    filled -= 8 * at;
    left -= 8 * at;
    yield;
  }
}
