/**
 * Lines that hide each other.
 *
 * @module
 */

/** A line in pixels, from left to right. */
export interface Line {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

/** Lines that coincide with the first of them. */
export interface Coincidence {
  names: string[];
  /** Whether all of each does; else most. */
  whole: boolean;
}

/** Places that are compared, and pixels that are no difference. */
const PLACES = 60;
const PIXELS = 1.2;
/** Share of the places that is most of them. */
const MOST = 0.75;

/** Groups of `lines` that coincide, wholly or for the most part. */
export function coincident(lines: readonly Line[]): Coincidence[] {
  return [true, false].flatMap((whole) => {
    const groups: { first: Line; names: string[] }[] = [];
    for (const line of lines) {
      const group = groups.find(({ first }) => {
        const share = shareOf(first, line);
        return whole ? share === 1 : share >= MOST;
      });
      if (group) group.names.push(line.name);
      else groups.push({ first: line, names: [line.name] });
    }
    return groups.filter(({ names }) => names.length > 1)
      .map(({ names }) => ({ names, whole }));
  }).filter((group, i, all) =>
    group.whole ||
    !all.slice(0, i).some(({ whole, names }) =>
      whole && group.names.every((name) => names.includes(name))
    )
  );
}

/** Share of the longer line's length at which the two are as one. */
function shareOf(one: Line, other: Line): number {
  const [a, b] = [one.points, other.points];
  const from = Math.min(a[0]![0], b[0]![0]);
  const to = Math.max(a.at(-1)![0], b.at(-1)![0]);
  let same = 0;
  for (let i = 0; i < PLACES; i++) {
    const x = from + (to - from) * i / (PLACES - 1);
    const difference = Math.abs(heightAt(a, x) - heightAt(b, x));
    if (difference <= PIXELS) same++;
  }
  return same / PLACES;
}

/** Height of a line at `x`; NaN beyond its ends. */
function heightAt(line: Line["points"], x: number): number {
  const slack = 0.5;
  const i = line.findIndex(([px]) => px >= x - slack);
  if (i < 0 || line[0]![0] > x + slack) return NaN;
  const [x1, y1] = line[i]!;
  if (i === 0 || Math.abs(x1 - x) <= slack) return y1;
  const [x0, y0] = line[i - 1]!;
  return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}
