/**
 * Texts of a kind, read for a test.
 *
 * @module
 */
import {
  explainText,
  readTexts,
} from "../../experiments/kernel_text/explain.ts";
import type { Kind } from "../../experiments/kernel_text/kind.ts";

/** What the texts of `kind` in a file say, one after the other. */
export function read<T>(kind: Kind<T>, text: string): T[] {
  return readTexts("text", text).groups
    .filter((group) => group.kind.name === kind.name)
    .flatMap(({ samples }) => samples.map(({ data }) => data as T));
}

/** The explanation of a file, runs of blanks as one. */
export function explained(
  text: string,
  options?: { pageBytes?: number },
): string {
  return explainText("text", text, options).replaceAll(/ +/g, " ");
}
