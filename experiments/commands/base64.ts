/**
 * Bytes as text that a page can hold.
 *
 * @module
 */

/** Bytes that are encoded at a time: a multiple of 3, so that pieces join. */
const PIECE = 3 * 2 ** 13;

/** The bytes of `pieces`, one after the other, in base64. */
export function encodeBase64(pieces: readonly Uint8Array[]): string {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  let text = "";
  for (let from = 0; from < length; from += PIECE) {
    text += btoa(String.fromCharCode(...bytes.subarray(from, from + PIECE)));
  }
  return text;
}
