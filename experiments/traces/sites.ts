/**
 * Sites: where in a program its requests are made.
 *
 * @module
 */

/** What stands between two frames. */
export const BETWEEN_FRAMES = " < ";
/** Characters of the longest site. */
export const MAX_SITE = 4096;
/** Sites of one trace at most. */
export const MAX_SITES: number = 2 ** 20;

/** Whether an S line can hold `text`: printable, single blanks inside only. */
export function isSite(text: string): boolean {
  return text !== "" && text.length <= MAX_SITE &&
    !/[\p{Cc}\ufffd]|^ | $| {2}/u.test(text);
}
