/**
 * What to say about a name that is not known: those that are like it, or all.
 *
 * Two names are alike if few letters must be inserted, deleted, replaced or
 * swapped with a neighbour to make one of the other (the optimal string
 * alignment distance), or if one begins with the other. Case, `-` and `_` do
 * not count.
 *
 * @module
 */

/** Names that a message offers. */
const MAX_OFFERED = 3;
/** Names that a message lists if none is alike; of more it lists a few. */
const MAX_LISTED = 60;
const FEW = 12;

/** `Unknown <what>: ...`, where `name` is none of those that are `known`. */
export function unknownName(
  what: string,
  name: string,
  known: readonly string[],
): string {
  const near = nearest(name, known);
  if (near.length > 0) return `Unknown ${what}: did you mean ${either(near)}?`;
  const listed = known.length <= MAX_LISTED
    ? known.join(", ") || "none"
    : `${known.slice(0, FEW).join(", ")}, ... (${known.length} in all)`;
  return `Unknown ${what}: known are ${listed}`;
}

/**
 * What to say about those of `names` that are not `known`, all at once; undefined
 * if all are. `what` is what a name is, with the name: `option "x"`.
 */
export function unknownNames(
  names: readonly string[],
  known: readonly string[],
  what: (name: string) => string,
): string | undefined {
  const unknown = [...new Set(names)].filter((name) => !known.includes(name));
  const hasNear = (name: string) => nearest(name, known).length > 0;
  const far = unknown.filter((name) => !hasNear(name));
  const all = unknown.filter(hasNear)
    .map((name) => unknownName(what(name), name, known));
  if (far.length > 0) {
    all.push(unknownName(far.map(what).join(", "), far[0]!, known));
  }
  return unknown.length > 0 ? all.join(" ") : undefined;
}

/** Those of `known` that are most like `name`, the best first, then the shortest. */
export function nearest(name: string, known: readonly string[]): string[] {
  const word = plain(name);
  const most = Math.max(1, Math.floor(word.length / 3));
  return known
    .map((other, i) => ({ other, i, cost: cost(word, plain(other), most) }))
    .filter(({ cost, other }) => cost <= most && cost < other.length)
    .sort((a, b) =>
      a.cost - b.cost || a.other.length - b.other.length || a.i - b.i
    )
    .slice(0, MAX_OFFERED).map(({ other }) => other);
}

/**
 * How unlike two names are, if it is not more than `most`; 1 if one begins with
 * the other, of 3 letters on.
 */
function cost(a: string, b: string, most: number): number {
  if (a === b) return 0;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length >= 3 && long.startsWith(short)) return 1;
  return long.length - short.length > most ? Infinity : distance(a, b);
}

/** Edits that make `b` of `a`; O(length of a x length of b). */
function distance(a: string, b: string): number {
  // row[j]: edits between the first i letters of a and the first j of b
  let before: number[] = [];
  let above: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    [before, above, row] = [above, row, [i]];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(
        above[j - 1]! + (same ? 0 : 1),
        above[j]! + 1,
        row[j - 1]! + 1,
      );
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (i > 1 && j > 1 && swapped) {
        least = Math.min(least, before[j - 2]! + 1);
      }
      row[j] = least;
    }
  }
  return row[b.length]!;
}

/** A name without what people mix up. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}

/** `a`, `a or b`, `a, b or c`. */
function either(names: readonly string[]): string {
  const rest = names.slice(0, -1).join(", ");
  return rest ? `${rest} or ${names.at(-1)}` : names[0]!;
}
