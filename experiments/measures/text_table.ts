/**
 * Tables and numbers for a terminal.
 *
 * @module
 */

/** How a column stands: words to the left, numbers to the right. */
export type Align = "left" | "right";

/** Rows as lines; the columns are as wide as their longest cell. */
export function textTable(
  rows: readonly (readonly string[])[],
  align: readonly Align[],
): string {
  const widths = align.map((_, i) =>
    rows.reduce((most, row) => Math.max(most, row[i]!.length), 0)
  );
  return rows.map((row) =>
    row.map((cell, i) =>
      align[i] === "left" ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)
    ).join("  ").trimEnd() + "\n"
  ).join("");
}

/** Three digits and a unit: `1.21 MiB`. */
export function bytesText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const size = Math.abs(bytes);
  const step = size < 1 ? 0 : Math.min(5, Math.floor(Math.log2(size) / 10));
  const value = bytes / 1024 ** step;
  return `${step === 0 ? Math.round(value) : value.toPrecision(4)} ${
    units[step]
  }`;
}

/** A measure as its name says: bytes, a share in per cent, or a number. */
export function measureText(name: string, value: number | undefined): string {
  if (value === undefined) return "";
  if (name.endsWith("_bytes")) return bytesText(value);
  if (name.endsWith("_ratio")) return `${(100 * value).toFixed(1)} %`;
  return numberText(value);
}

/** A whole number plain, another one with four digits. */
export function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
