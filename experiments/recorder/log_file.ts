/**
 * The log that the recorder of `preload/` leaves of one process: a page that
 * says whose it is, the end of the log, and what comes before that. It consists
 * of records of 64-bit words. `preload/log.h` defines all of it.
 *
 * @module
 */
import { Failure } from "../runner/failure.ts";

/** Bytes of the head. */
const HEAD = 4096;
/** Bytes read at a time. */
const CHUNK = 2 ** 20;
const MAGIC = "fraglog1";
const DECODER = new TextDecoder();

/** What a record is. */
export const Kind = {
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

/** The head of the log `name` in `folder`; undefined: it was never begun. */
export function readHead(folder: string, name: string): Head | undefined {
  const page = new Uint8Array(HEAD);
  using file = Deno.openSync(`${folder}/${name}`);
  const got = file.readSync(page) ?? 0;
  const text = (at: number, bytes: number) =>
    DECODER.decode(page.subarray(at, at + bytes)).replace(/\0.*$/s, "");
  if (got < HEAD || text(0, 8) !== MAGIC) return undefined;
  const view = new DataView(page.buffer);
  const word = (k: number) => Number(view.getBigUint64(8 * k, true));
  const bytes = word(9);
  return {
    name,
    pid: word(1),
    started: word(2),
    heap: word(3),
    ended: word(7) === 1,
    lost: word(8),
    ...(bytes > 0 ? { parent: { name: text(88, 64), bytes } } : {}),
    ownMalloc: word(10) === 1,
    program: text(152, 256),
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

/** A log, or what of it counts. */
export interface Log {
  /** Path of the file. */
  path: string;
  /** What the file says of itself. */
  head: Head;
  /** Bytes of the log that count; Infinity: all. */
  bytes: number;
}

/** The end of a log, which its process may still write. */
interface Tail {
  /** Where the body begins in the file, and its bytes. */
  at: number;
  body: number;
  /** What comes after the body. */
  bytes: Uint8Array;
}

/** The end of the log in `file` at one instant. */
function tailOf(file: Deno.FsFile): Tail {
  const head = new Uint8Array(HEAD);
  const word = (k: number) =>
    Number(new DataView(head.buffer).getBigUint64(8 * k, true));
  const read = (at: number, into: Uint8Array) => {
    file.seekSync(at, Deno.SeekMode.Start);
    file.readSync(into);
  };
  for (;;) {
    read(0, head);
    const [total, body, window] = [word(4), word(5), word(6)];
    const bytes = new Uint8Array(total - body);
    read(HEAD, bytes);
    read(0, head);
    if (word(5) === body) return { at: HEAD + window, body, bytes };
  }
}

/** Visits the records of `log`, and yields now and then. */
export function* records(
  { path, bytes }: Log,
  visit: Visitor,
): Generator<void> {
  using file = Deno.openSync(path);
  const { at, body, bytes: tail } = tailOf(file);
  const end = Math.min(bytes, body + tail.length);
  const chunk = new Uint8Array(CHUNK);
  const words = new Uint32Array(chunk.buffer);
  let filled = 0;
  for (let done = 0; done < end;) {
    const room = Math.min(CHUNK - filled, end - done);
    if (done < body) {
      file.seekSync(at + done, Deno.SeekMode.Start);
      const most = Math.min(room, body - done);
      const got = file.readSync(chunk.subarray(filled, filled + most)) ?? 0;
      if (got === 0) throw new Failure(`${path} was cut`);
      done += got;
      filled += got;
    } else {
      chunk.set(tail.subarray(done - body, done - body + room), filled);
      done += room;
      filled += room;
    }
    const count = filled >> 3;
    let word = 0;
    while (word < count) {
      const length = wordsAt(words, word);
      if (word + length > count) break;
      visit(words, word);
      word += length;
    }
    chunk.copyWithin(0, 8 * word, filled);
    filled -= 8 * word;
    yield;
  }
}
