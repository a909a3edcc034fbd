/**
 * How many pages of a zone requests may still take.
 *
 * @module
 */
import { plural, table } from "../words.ts";
import { ATOMIC } from "./gfp.ts";
import type { Watermarks } from "./level.ts";
import { lowered } from "./watermark.ts";
import type { ZoneInfo } from "./zoneinfo.ts";

/** What the kernel's own requests, for any zone, may still take from this one. */
export function takingLines(
  { zone: name, pages, protection, node }: ZoneInfo,
  zones: readonly ZoneInfo[],
  free: number,
  { min, low, high }: Watermarks,
): string[] {
  const same = zones.filter((one) => one.node === node);
  const own = same.findIndex((one) => one.zone === name);
  const reserved = pages.free_highatomic ?? pages.reserved_highatomic ?? 0;
  const usable = free - (pages.nr_free_cma ?? 0);
  const rows = same.flatMap(({ zone: wanted, pages: of }, i) => {
    if (i < own || i > own && (of.managed ?? of.present ?? 1) === 0) return [];
    const kept = protection[i] ?? 0;
    const above = (mark: number, held = reserved) =>
      `${Math.max(0, usable - held - mark - kept)}`;
    return [[
      `  for ${wanted}`,
      `${kept}`,
      above(low),
      above(min),
      above(lowered(min, ATOMIC), 0),
      "",
    ]];
  });
  const boost = pages.boost
    ? ` (${pages.boost} of them boost, after pageblocks were mixed)`
    : "";
  return [
    `  Watermarks: min ${min}, low ${low}, high ${
      plural(high, "page")
    }${boost}. ` +
    "Pages that kernel requests for this zone and higher ones may still take:",
    ...table([
      [
        "  ",
        "protection",
        "before kswapd wakes",
        "before they wait",
        "if atomic",
        "",
      ],
      ...rows,
    ]),
  ];
}
