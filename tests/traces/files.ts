/**
 * Files in memory for tests of whatever reads traces.
 *
 * @module
 */
import { zstdCompressSync } from "node:zlib";
import type { ByteChunks } from "../../experiments/traces/decompress.ts";
import type { Trace } from "../../experiments/traces/trace.ts";

/** `text` in UTF-8. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** All `parts`, one after the other. */
export function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** `file` in pieces of `length` bytes, all in one buffer used again. */
export function* pieces(file: Uint8Array, length: number): ByteChunks {
  const buffer = new Uint8Array(length);
  for (let at = 0; at < file.length; at += length) {
    const piece = file.subarray(at, at + length);
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
  }
}

/** One gzip member that holds `file`. */
export async function gzip(file: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(file)]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** One frame of Zstandard that holds `file`. */
export function zstd(file: Uint8Array): Uint8Array {
  return Uint8Array.from(zstdCompressSync(file));
}

/** All of `chunks` in one array. */
export async function collected(chunks: ByteChunks): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of chunks) parts.push(Uint8Array.from(chunk));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Op, slot, size, extra and line of every row. */
export async function rows(trace: Trace): Promise<number[][]> {
  const all: number[][] = [];
  for await (const block of trace.blocks()) {
    for (let i = 0; i < block.length; i++) {
      const { op, slot, size, extra, line } = block;
      all.push([op[i]!, slot[i]!, size[i]!, extra[i]!, line[i]!]);
    }
  }
  return all;
}

/** What goes wrong when `trace` is read; "" if nothing does. */
export async function complaint(trace: Trace): Promise<string> {
  try {
    await rows(trace);
    return "";
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}
