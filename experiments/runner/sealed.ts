/**
 * JSON that carries the digest of its own text, so that a changed digit, a cut
 * or another file's bytes show when it is read.
 *
 * @module
 */
import { digest } from "./digest.ts";

const SEAL = /^\{ "sha256": "([0-9a-f]{64})",/;

/** `json`, the text of an object with a member or more, with its digest. */
export function sealed(json: string): string {
  const rest = json.slice("{".length);
  return `{ "sha256": "${digest(rest)}",${rest}`;
}

/** The object in a sealed text; undefined if the text is not whole. */
export function unsealed(text: string): Record<string, unknown> | undefined {
  const seal = SEAL.exec(text);
  return seal && digest(text.slice(seal[0].length)) === seal[1]
    ? JSON.parse(text)
    : undefined;
}
