/**
 * Decompression of gzip files while they are read.
 *
 * A file may have several members (RFC 1952, section 2.2), as `cat a.gz b.gz`
 * and parallel compressors make them; every checksum is verified, and nothing
 * else may follow. The browser's own `DecompressionStream` refuses a second
 * member, hence a library.
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
import type { Decoder } from "./decompress.ts";

/** Bytes of a piece of output. */
const OUTPUT_BYTES = 2 ** 18;
/** zlib's code for a window of 2^15 bytes in a gzip wrapper. */
const GZIP_WINDOW = 15 + 16;

/** The members of one gzip file, one after the other. */
export class Members implements Decoder {
  readonly #stream = new ZStream();
  complete = false;

  /** Starts before the first member. */
  constructor() {
    this.#stream.output = new Uint8Array(OUTPUT_BYTES);
    zlibInflateInit2(this.#stream, GZIP_WINDOW);
  }

  *decode(input: Uint8Array): Generator<Uint8Array> {
    const stream = this.#stream;
    stream.input = input;
    stream.next_in = 0;
    stream.avail_in = input.length;
    while (stream.avail_in > 0) {
      if (this.complete) zlibInflateReset(stream);
      stream.next_out = 0;
      stream.avail_out = OUTPUT_BYTES;
      const status = zlibInflate(stream, Z_NO_FLUSH);
      if (status !== Z_OK && status !== Z_STREAM_END) {
        throw new Error(stream.msg);
      }
      this.complete = status === Z_STREAM_END;
      if (stream.next_out > 0) yield stream.output.subarray(0, stream.next_out);
    }
  }
}
