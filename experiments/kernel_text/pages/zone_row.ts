/**
 * Rows `Node N, zone NAME[, type NAME] ...`: the form of buddyinfo,
 * pagetypeinfo, zoneinfo and of the indexes in debugfs.
 *
 * @module
 */
import { type Line, whole } from "../line.ts";
import { printable } from "../../traces/lines.ts";

/** The name of a migratetype that an old kernel forgot to name. */
export const UNNAMED = "<NULL>";

/** A row as it stands. */
export interface ZoneRow {
  /** Number of the memory node. */
  node: number;
  /** `DMA`, `Normal`, ... */
  zone: string;
  /** A migratetype; undefined where the row names none. */
  type?: string;
  /** What follows. */
  rest: readonly string[];
}

/** The row in `line`; undefined if there is none. */
export function zoneRow({ words }: Line): ZoneRow | undefined {
  if (words[0] !== "Node" || words[2] !== "zone") return undefined;
  const node = whole(words[1]!.replace(",", ""));
  const zone = words[3]?.replace(/,$/, "");
  if (node === undefined || !zone) return undefined;
  const at = { node, zone: printable(zone) };
  if (words[4] !== "type") return { ...at, rest: words.slice(4) };
  // browsers take <NULL> for a tag and show nothing
  const named = words.length > 5 && countOf(words[5]!) === undefined;
  const type = named ? printable(words[5]!) : UNNAMED;
  return { ...at, type, rest: words.slice(named ? 6 : 5) };
}

/** A count of blocks: `17`, or `>100000`; undefined if it is none. */
export function countOf(word: string): number | undefined {
  return whole(word.startsWith(">") ? word.slice(1) : word);
}
