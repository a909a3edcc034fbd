/**
 * Files in pieces: no more of them is held.
 *
 * @module
 */

/** Bytes that are read at a time. */
const PIECE = 2 ** 18;
const LF = 10;

/** The next `bytes` of a file, or all; a piece is valid until the next one. */
export function* pieces(
  file: Deno.FsFile,
  bytes = Infinity,
): Generator<Uint8Array> {
  const buffer = new Uint8Array(Math.min(bytes, PIECE));
  for (let left = bytes; left > 0;) {
    const n = file.readSync(buffer.subarray(0, Math.min(left, buffer.length)));
    if (n === null) return;
    left -= n;
    yield buffer.subarray(0, n);
  }
}

/**
 * The lines of the file at `path`, without their ends. Each is a string of its
 * own: one that is kept does not keep its neighbours.
 */
export function* linesOf(path: string): Generator<string> {
  using file = Deno.openSync(path);
  const decoder = new TextDecoder();
  let begun = new Uint8Array();
  for (const piece of pieces(file)) {
    let from = 0;
    for (let at; (at = piece.indexOf(LF, from)) >= 0; from = at + 1) {
      const bytes = piece.subarray(from, at);
      yield decoder.decode(begun.length > 0 ? joined(begun, bytes) : bytes);
      begun = new Uint8Array();
    }
    begun = joined(begun, piece.subarray(from));
  }
  if (begun.length > 0) yield decoder.decode(begun);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
