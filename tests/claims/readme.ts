/**
 * The numbers that README.md says were found: each is the measured value of a
 * claim, as `claims.csv` has it.
 *
 * @module
 */
import type { Judged } from "./proof.ts";

/** A number in README.md. */
interface Quoted {
  /** Where it stands; the first group is the number. */
  at: RegExp;
  /** The claim that measures it. */
  id: string;
  /** How it is written there. */
  text(measured: number): string;
  /** Seeds whose mean it is; absent: nothing is drawn. */
  seeds?: number;
}

const percent = (digits: number) => (share: number) =>
  (100 * share).toFixed(digits);
const whole = (n: number) => n.toLocaleString("en-US");

/** Those of the table of findings. */
export const QUOTED: readonly Quoted[] = [
  {
    at: /both off it returns ([\d.]+) %/,
    id: "map-erase.bare",
    text: percent(0),
  },
  {
    at: /_trim\(0\)` returns ([\d.]+) %/,
    id: "map-erase.trim",
    text: percent(1),
  },
  {
    at: /\| ([\d.]+) % +\| `[^`]* map_clear/,
    id: "map-erase",
    text: percent(0),
  },
  { at: /\| ([\d,]+) of 1,024 cells; /, id: "bestfit-16-1024", text: whole },
  {
    at: / of 1,024 cells; ([\d,]+) /,
    id: "bestfit-16-1024-first-fit",
    text: whole,
  },
  { at: /\| ([\d.]+) %; [\d.]+ x /, id: "jw-best-fit", text: percent(1) },
  {
    at: /\| [\d.]+ %; ([\d.]+) x /,
    id: "random-misleads",
    seeds: 5,
    text: (ratio) => ratio.toFixed(1),
  },
  {
    at: /\| ([\d.]+) %; [\d.]+ % after it/,
    id: "external-def.machine",
    seeds: 5,
    text: percent(0),
  },
  {
    at: /\| [\d.]+ %; ([\d.]+) % after it/,
    id: "buddy-512.machine",
    seeds: 5,
    text: (share) => percent(0)(1 - share),
  },
];

/** What `readme` says otherwise than `judged`, with so many `seeds`, a line each. */
export function misquoted(
  readme: string,
  judged: readonly Judged[],
  seeds: number,
): string[] {
  const measured = new Map(judged.map((one) => [one.id, one.measured]));
  const told = QUOTED.filter((one) => (one.seeds ?? seeds) === seeds);
  return told.flatMap(({ at, id, text }) => {
    const value = measured.get(id);
    const found = at.exec(readme)?.[1];
    if (value === undefined) {
      return `${id}: README quotes it, nothing decides it`;
    }
    const right = text(value);
    if (found === right) return [];
    return `${id}: README says ${found ?? "nothing"} instead of ${right}`;
  });
}
