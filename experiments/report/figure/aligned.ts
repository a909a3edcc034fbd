/**
 * Lines of several seeds at the same places, so that they can be averaged.
 *
 * @module
 */
import { BETWEEN, type Item } from "./means.ts";

/** Places of a line that is drawn anew. */
const PLACES = 200;

/**
 * `items` as they are if the lines of each series and panel have their points
 * at the same x; else read off those lines at evenly spaced x, as far as all of
 * them go.
 */
export function aligned(items: readonly Item[]): Item[] {
  const series = Map.groupBy(
    items,
    ({ series, panel }) => panel + BETWEEN + series,
  );
  return [...series.values()].flatMap((group) => {
    const lines = [
      ...Map.groupBy(group, ({ cell, seed }) => seed + BETWEEN + cell)
        .values(),
    ];
    const places = lines.map((line) => line.map(({ x }) => x).join());
    const numeric = group.every(({ x, y }) =>
      typeof x === "number" && typeof y === "number"
    );
    if (!numeric || places.every((text) => text === places[0])) return group;
    const first = Math.max(...lines.map((line) => Number(line[0]!.x)));
    const last = Math.min(...lines.map((line) => Number(line.at(-1)!.x)));
    if (!(first < last)) return group;
    return lines.flatMap((line) => read(line, first, last));
  });
}

/** `line` at {@linkcode PLACES} places between `first` and `last`. */
function read(line: readonly Item[], first: number, last: number): Item[] {
  let at = 0;
  return Array.from({ length: PLACES }, (_, i) => {
    const x = first + (last - first) * i / (PLACES - 1);
    while (at < line.length - 2 && Number(line[at + 1]!.x) < x) at++;
    const [a, b] = [line[at]!, line[at + 1]!];
    const span = Number(b.x) - Number(a.x);
    const part = span > 0 ? (x - Number(a.x)) / span : 0;
    const y = Number(a.y) + part * (Number(b.y) - Number(a.y));
    return { ...a, x, y };
  });
}
