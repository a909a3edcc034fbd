/**
 * A number and its noun.
 *
 * @module
 */

/**
 * `1 page`, `2 pages`; `one` and `many` may hold more words (`page is`), and the
 * number may be `shown` otherwise (`1,000`).
 */
export function plural(
  n: number,
  one: string,
  many = `${one}s`,
  shown = `${n}`,
): string {
  return `${shown} ${n === 1 ? one : many}`;
}
