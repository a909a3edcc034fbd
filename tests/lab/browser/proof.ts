/**
 * What a proof of the lab is, what it has at hand, and the table of what it
 * found.
 *
 * @module
 */
import type { Browser } from "./devtools.ts";

/** Something found. */
export interface Finding {
  what: string;
  /** As it was found, and what it should be. */
  found: string;
  bar: string;
  /** A wrong result fails in any case; a slow one where speed is judged. */
  verdict: "ok" | "slow" | "WRONG";
}

/** What proofs have at hand. */
export interface Stage {
  browser: Browser;
  /** Address of the page without a trace. */
  address: string;
  /** The file of it. */
  file: string;
  /** Where pictures and traces go. */
  folder: string;
  /** A size that fits into a run of all checks. */
  short: boolean;
}

/** A proof. */
export interface Proof {
  name: string;
  summary: string;
  run(stage: Stage): Promise<Finding[]>;
}

/** A number that should be at most `bar`. */
export function atMost(
  what: string,
  value: number,
  bar: number,
  unit: string,
): Finding {
  const text = (n: number) =>
    `${n >= 100 ? n.toFixed(0) : n.toFixed(n >= 10 ? 1 : 2)} ${unit}`;
  return {
    what,
    found: text(value),
    bar: `at most ${text(bar)}`,
    verdict: value <= bar ? "ok" : "slow",
  };
}

/** Something that must be so; `wrong` says what is not, if anything. */
export function must(what: string, wrong: readonly string[], found = "") {
  const verdict = wrong.length === 0 ? "ok" : "WRONG";
  const shown = wrong.length === 0 ? found : wrong[0]!.slice(0, 200);
  const more = wrong.length > 1 ? ` and ${wrong.length - 1} more` : "";
  return { what, found: shown + more, bar: "", verdict } as const;
}

/** The value below which a share of `values` lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const i = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.max(0, i)] ?? NaN;
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The table, a line each. */
export function lineOf({ what, found, bar, verdict }: Finding): string {
  return [what.padEnd(58), found.padStart(12), bar.padEnd(18), verdict]
    .join("  ").trimEnd();
}
