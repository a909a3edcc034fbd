/**
 * Decompression of gzip files while they are read.
 *
 * A file is taken for compressed if it begins with the byte 1f, as gzip files
 * do and texts do not, whatever its name. It may have several members (RFC
 * 1952, section 2.2), as `cat a.gz b.gz` and parallel compressors make them;
 * every checksum is verified, and nothing else may follow. The browser's own
 * `DecompressionStream` refuses a second member, hence a library.
 *
 * @module
 */
import {
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateReset,
  ZStream,
} from "pako";

/** The bytes of a file in pieces, each valid until the next one is taken. */
export type ByteChunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Decompressed bytes after which a file is taken for a bomb: 16 GiB. */
export const MAX_BYTES: number = 2 ** 34;

/** First byte of every gzip member. */
const MAGIC = 0x1f;
/** Bytes of a piece of output. */
const OUTPUT_BYTES = 2 ** 18;
/** zlib's code for a window of 2^15 bytes in a gzip wrapper. */
const GZIP_WINDOW = 15 + 16;

/**
 * The bytes that `chunks` stand for, decompressed if need be.
 *
 * Throws `SyntaxError` with `name` if a compressed file is damaged, cut off,
 * followed by other data, or longer than `maxBytes` once decompressed.
 */
export async function* gunzip(
  name: string,
  chunks: ByteChunks,
  maxBytes: number = MAX_BYTES,
): AsyncGenerator<Uint8Array> {
  let first = true;
  let members: Members | undefined;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    if (first && chunk[0] === MAGIC) members = new Members(name, maxBytes);
    first = false;
    if (members) yield* members.inflate(chunk);
    else yield chunk;
  }
  members?.end();
}

/** The members of one gzip file, one after the other. */
class Members {
  readonly #name: string;
  readonly #maxBytes: number;
  readonly #stream = new ZStream();
  /** Whether the bytes so far end with a whole member. */
  #complete = false;
  #bytes = 0;

  constructor(name: string, maxBytes: number) {
    this.#name = name;
    this.#maxBytes = maxBytes;
    this.#stream.output = new Uint8Array(OUTPUT_BYTES);
    zlibInflateInit2(this.#stream, GZIP_WINDOW);
  }

  /** What follows from the next `input`; one buffer, used again and again. */
  *inflate(input: Uint8Array): Generator<Uint8Array> {
    const stream = this.#stream;
    stream.input = input;
    stream.next_in = 0;
    stream.avail_in = input.length;
    while (stream.avail_in > 0) {
      if (this.#complete) zlibInflateReset(stream);
      stream.next_out = 0;
      stream.avail_out = OUTPUT_BYTES;
      const status = zlibInflate(stream, Z_NO_FLUSH);
      if (status !== Z_OK && status !== Z_STREAM_END) {
        throw this.#error(`Cannot decompress: ${stream.msg}`);
      }
      this.#complete = status === Z_STREAM_END;
      this.#bytes += stream.next_out;
      if (this.#bytes > this.#maxBytes) {
        throw this.#error(`Longer than ${this.#maxBytes} bytes, decompressed`);
      }
      if (stream.next_out > 0) yield stream.output.subarray(0, stream.next_out);
    }
  }

  /** Fails unless the last member is complete. */
  end(): void {
    if (!this.#complete) throw this.#error("Cannot decompress: cut off");
  }

  #error(message: string): SyntaxError {
    return new SyntaxError(`${this.#name}: ${message}`);
  }
}
