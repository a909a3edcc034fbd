/**
 * Laws in words, for sentences.
 *
 * @module
 */

/** What to say instead of the names of some laws; numbers follow as $1, $2. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^uniform:([^:]+):([^:]+)$/, "uniform from $1 to $2"],
  [/^loguniform:([^:]+):([^:]+)$/, "log-uniform from $1 to $2"],
  [/^exp:([^:]+)$/, "exponential with mean $1"],
];

/** `uniform:1:9` as `uniform from 1 to 9`; a law without words as it is. */
export function lawWords(law: string): string {
  const found = WORDS.find(([form]) => form.test(law));
  return found ? law.replace(found[0], found[1]) : law;
}
