/**
 * Decompression of files while they are read.
 *
 * A file is taken for compressed if it begins as gzip and Zstandard files do
 * and texts do not, whatever its name.
 *
 * @module
 */
import { Members } from "./gunzip.ts";
import { Frames, isZstd } from "./zstd.ts";

/** The bytes of a file in pieces, each valid until the next one is taken. */
export type ByteChunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Decompressed bytes after which a file is taken for a bomb: 16 GiB. */
export const MAX_BYTES: number = 2 ** 34;

/** First byte of every gzip member. */
const GZIP = 0x1f;
/** Bytes that tell how a file is compressed. */
const TELLING = 4;

/** Decompresses one file. */
export interface Decoder {
  /** Whether the bytes so far make a whole file. */
  readonly complete: boolean;
  /** What follows from the next `input`, in pieces, each valid until the next. */
  decode(input: Uint8Array): Iterable<Uint8Array>;
}

/**
 * The bytes that `chunks` stand for, decompressed if need be.
 *
 * Throws `SyntaxError` with `name` if a compressed file is damaged, cut off,
 * followed by other data, or longer than `maxBytes` once decompressed.
 */
export async function* decompress(
  name: string,
  chunks: ByteChunks,
  maxBytes: number = MAX_BYTES,
): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  let decoder: Decoder | undefined;
  let bytes = 0;
  function* decoded(input: Uint8Array): Generator<Uint8Array> {
    if (!decoder) return yield input;
    const pieces = decoder.decode(input)[Symbol.iterator]();
    for (;;) {
      const { done, value } = attempt(name, () => pieces.next());
      if (done) return;
      bytes += value.length;
      if (bytes > maxBytes) {
        throw new SyntaxError(
          `${name}: Longer than ${maxBytes} bytes, decompressed`,
        );
      }
      yield value;
    }
  }
  for await (const chunk of chunks) {
    if (!head) {
      yield* decoded(chunk);
      continue;
    }
    const begun: Uint8Array = joined(head, chunk);
    head = begun.length < TELLING ? begun : undefined;
    if (head) continue;
    decoder = decoderOf(begun);
    yield* decoded(begun);
  }
  if (head && head.length > 0) {
    decoder = decoderOf(head);
    yield* decoded(head);
  }
  if (decoder && !decoder.complete) {
    throw new SyntaxError(`${name}: Cannot decompress: cut off`);
  }
}

/** What decompresses a file that begins with `head`; undefined: nothing need. */
function decoderOf(head: Uint8Array): Decoder | undefined {
  if (head[0] === GZIP) return new Members();
  if (isZstd(head)) return new Frames();
}

/** `step()`; what goes wrong is said of the file `name`. */
function attempt<T>(name: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const why = error instanceof Error ? error.message : `${error}`;
    throw new SyntaxError(`${name}: Cannot decompress: ${why}`);
  }
}

/** `a` and `b` in one array. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
