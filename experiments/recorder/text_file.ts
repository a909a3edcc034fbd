/**
 * Files of lines, compressed or not.
 *
 * @module
 */
import { Duplex } from "node:stream";
import { createGzip } from "node:zlib";
import { LineWriter } from "./line_writer.ts";

/** Of gzip: a third of the time of the usual 6, and 4 % more bytes. */
const LEVEL = 3;

/** A text file that appears when it is whole. */
export class TextFile {
  /** What is written here gets into the file. */
  readonly lines: LineWriter;
  readonly #path: string;
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  readonly #writer: WritableStreamDefaultWriter<BufferSource>;
  readonly #written: Promise<void>;

  /** The file at `path`; `zipped`: with gzip. */
  constructor(path: string, zipped: boolean) {
    this.#path = path;
    this.lines = new LineWriter((piece) => this.#pieces.push(piece));
    const file = Deno.openSync(`${path}.tmp`, {
      write: true,
      create: true,
      truncate: true,
    });
    const through = zipped
      ? Duplex.toWeb(createGzip({ level: LEVEL }))
      : new TransformStream();
    this.#writer = through.writable.getWriter();
    this.#written = through.readable.pipeTo(
      file.writable as WritableStream<BufferSource>,
    );
  }

  /** Writes what the lines have handed on. */
  async drain(): Promise<void> {
    const pieces = this.#pieces;
    this.#pieces = [];
    for (const piece of pieces) await this.#writer.write(piece);
  }

  /** Writes the rest; the file appears. */
  async close(): Promise<void> {
    this.lines.flush();
    await this.drain();
    await this.#writer.close();
    await this.#written;
    Deno.renameSync(`${this.#path}.tmp`, this.#path);
  }
}
