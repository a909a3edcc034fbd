/**
 * Shapes and words as SVG text: the same bytes from the same numbers.
 *
 * @module
 */
import { darkSheet, FAINT, FONT, INK, PAPER } from "./colours.ts";

/** Digits after the point of a coordinate. */
const DIGITS = 1;

/** What an element has; undefined: it lacks it. */
type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with `children`, or closed at once. */
export function element(
  name: string,
  attributes: Attributes,
  ...children: readonly string[]
): string {
  const list = Object.entries(attributes).map(([key, value]) =>
    value === undefined
      ? ""
      : ` ${key}="${typeof value === "number" ? short(value) : escaped(value)}"`
  ).join("");
  const inside = children.join("");
  return inside === ""
    ? `<${name}${list}/>`
    : `<${name}${list}>${inside}</${name}>`;
}

/** Text that stands for itself in SVG and HTML, in and outside of quotes. */
export function escaped(text: string): string {
  // deno-lint-ignore no-control-regex -- XML has no such characters
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, "\ufffd")
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** A coordinate. */
export function short(value: number): string {
  return String(Number(value.toFixed(DIGITS)) + 0);
}

/** Coordinates as a path through them. */
export function pathOf(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i ? "L" : "M"}${short(x)},${short(y)}`)
    .join("");
}

/** How a text looks. */
export interface TextStyle {
  /** Pixels. */
  size?: number;
  bold?: boolean;
  faint?: boolean;
  /** On a colour, or over lines that it covers. */
  paper?: boolean;
  over?: boolean;
  /** Where `x` is in the text. */
  anchor?: "start" | "middle" | "end";
  /** What it is, for those who read the file. */
  role?: string;
}

/** Size of letters, pixels, and of lines, in sizes. */
export const LETTERS = 12;
const LEADING = 1.3;

/** Lines of text, the first with its foot at `y`. */
export function words(
  x: number,
  y: number,
  lines: readonly string[],
  { size = LETTERS, bold, faint, paper, over, anchor = "start", role }:
    TextStyle = {},
): string {
  return lines.map((line, i) =>
    element("text", {
      ...(role && { class: role }),
      x,
      y: y + i * lineHeight(size),
      "font-size": size,
      "font-weight": bold ? 600 : undefined,
      "text-anchor": anchor === "start" ? undefined : anchor,
      ...(over && {
        stroke: PAPER[0],
        "stroke-width": 3,
        "paint-order": "stroke",
      }),
      fill: (paper ? PAPER : faint ? FAINT : INK)[0],
    }, escaped(line))
  ).join("");
}

/** Pixels from a line of text to the next. */
export function lineHeight(size: number = LETTERS): number {
  return Math.round(size * LEADING);
}

/**
 * About the width of a text in pixels: enough room for the common sans-serif
 * letters, as there is no browser to measure them.
 */
export function widthOf(text: string, size: number = LETTERS): number {
  let width = 0;
  for (const c of text) {
    width += /[iljtf.,:;'|!() ]/.test(c)
      ? 0.36
      : /[A-Zmw%]/.test(c)
      ? 0.8
      : 0.62;
  }
  return width * size;
}

/** `text` in lines of at most `width` pixels; a word that is longer is cut. */
export function wrapped(
  text: string,
  width: number,
  size: number = LETTERS,
): string[] {
  const lines = [""];
  const fits = (line: string) => widthOf(line, size) <= width;
  for (let word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line !== "" && fits(`${line} ${word}`)) {
      lines[lines.length - 1] = `${line} ${word}`;
      continue;
    }
    if (line === "") lines.pop();
    while (!fits(word)) {
      let end = 1;
      while (fits(word.slice(0, end + 1))) end++;
      lines.push(word.slice(0, end));
      word = word.slice(end);
    }
    lines.push(word);
  }
  return lines;
}

/** A whole picture; its colours turn dark with those of the reader. */
export function picture(
  { width, height, label }: { width: number; height: number; label: string },
  content: string,
): string {
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${short(width)} ${short(height)}`,
      role: "img",
      "aria-label": label,
      "font-family": FONT,
    },
    element("style", {}, darkSheet(content)),
    element("rect", { width, height, fill: PAPER[0] }),
    content,
  ) + "\n";
}
