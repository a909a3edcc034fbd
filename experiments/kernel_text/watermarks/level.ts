/**
 * Where the free pages of a zone stand between its watermarks.
 *
 * @module
 */

/** Watermarks of a zone, in pages. */
export interface Watermarks {
  min: number;
  low: number;
  high: number;
}

/** What `free` pages mean between the watermarks. */
export function levelText(
  free: number,
  { min, low, high }: Watermarks,
): string {
  if (free <= min) {
    return "below min: only atomic and emergency requests are served; others " +
      "must reclaim first";
  }
  if (free <= low) return "below low: kswapd reclaims";
  return free <= high
    ? "below high: kswapd goes on if it runs"
    : "above high: kswapd sleeps";
}
