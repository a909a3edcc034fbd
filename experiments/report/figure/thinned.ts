/**
 * Long lines with fewer points.
 *
 * @module
 */
import { BETWEEN } from "./means.ts";
import type { Point } from "../marks/mark.ts";

/** Points of a line: more would not be seen. */
const FINE = 400;

/** At most about FINE points of each line: the lowest and the highest of each stretch. */
export function thinned(points: readonly Point[]): Point[] {
  const lines = Map.groupBy(
    points,
    ({ series, panel }) => panel + BETWEEN + series,
  );
  return [...lines.values()].flatMap((line) => {
    const length = Math.ceil(2 * line.length / FINE);
    if (length <= 2) return line;
    const kept = new Set([line[0]!, line.at(-1)!]);
    for (let i = 0; i < line.length; i += length) {
      const stretch = line.slice(i, i + length)
        .toSorted((a, b) => Number(a.y) - Number(b.y));
      kept.add(stretch[0]!).add(stretch.at(-1)!);
    }
    return line.filter((point) => kept.has(point));
  });
}
