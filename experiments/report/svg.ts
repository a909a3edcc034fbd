/**
 * Specifications as SVG, without a browser: the same bytes from the same
 * specification and the same versions of Vega.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { DARK, FONT } from "./theme.ts";

/** Digits after the point of a coordinate. */
const DIGITS = 2;

/** Draws specifications; made once, as loading Vega takes a while. */
export type Draw = (spec: TopLevelSpec, title: string) => Promise<string>;

/** What Vega exports besides what its types say. */
interface Metrics {
  textMetrics: { width(item: { fontSize?: number }, text: unknown): number };
}

/** Loads Vega. */
export async function loadVega(): Promise<Draw> {
  const [vega, { compile }] = await Promise.all([
    import("vega"),
    import("vega-lite"),
  ]);
  (vega as unknown as Metrics).textMetrics.width = ({ fontSize = 11 }, text) =>
    widthOf(`${text ?? ""}`) * fontSize;
  return async (spec, title) => {
    const logger = vega.logger(vega.None);
    const runtime = vega.parse(compile(spec, { logger }).spec);
    const view = new vega.View(runtime, { renderer: "none", logger });
    const svg = await view.toSVG();
    view.finalize();
    return finished(svg, title);
  };
}

/**
 * About the width of a text, in font sizes: enough room for the common
 * sans-serif letters, as there is no browser to measure them.
 */
function widthOf(text: string): number {
  let width = 0;
  for (const c of text) {
    width += /[iljtf.,:;'|!() ]/.test(c)
      ? 0.34
      : /[A-Zmw%]/.test(c)
      ? 0.8
      : 0.6;
  }
  return width;
}

/** Attributes that change nothing here. */
const NEEDLESS = new RegExp(
  [
    'class="(?:marks|background|foreground)"',
    'font-family="[^"]*"',
    'opacity="1"',
    'xmlns:xlink="[^"]*"',
    '(?:aria|pointer|role)[a-z-]*="[^"]*"',
  ].map((attribute) => ` ${attribute}`).join("|"),
  "g",
);
/** Classes that say what an element is; others are dropped. */
const CLASSES = /\b(axis-label|axis-title|legend-label|mark)\b/;

/** The SVG with a title and style sheet, short numbers and few elements. */
function finished(svg: string, title: string): string {
  const label = title.replace(/[&<"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const root = `role="img" aria-label="${label}" font-family="${FONT}">` +
    `<style>${DARK}</style>`;
  const plain = svg
    .replace(
      / class="mark-\w+ role-([\w-]+)[^"]*"/g,
      (_, role) => CLASSES.test(role) ? ` class="${role}"` : "",
    )
    .replace(NEEDLESS, "")
    .replace(/<path d="[^"]*"( display="none")?\/>/g, "");
  return joined(plain)
    .replace(
      /="[^"]*"/g,
      (attribute) => attribute.replace(/-?\d+\.\d+(e-\d+)?/g, short),
    )
    .replace(/(<g( transform="translate\(0,0\)")?>)<\/g>/g, "")
    .replace(/^<svg [^>]*(?=>)>/, (tag) => `${tag.slice(0, -1)} ${root}`) +
    "\n";
}

function short(number: string): string {
  return String(Number(Number(number).toFixed(DIGITS)) + 0);
}

/** Neighbouring rectangles of one colour as one path, on whole pixels. */
function joined(svg: string): string {
  const n = String.raw`(-?[\d.]+)`;
  const rectangle = `<path d="M${n},${n}h${n}v${n}h-?[\\d.]+Z"`;
  const run = new RegExp(
    `${rectangle}( [^>]*)/>(?:${rectangle.replaceAll("(", "(?:")}\\5/>)+`,
    "g",
  );
  return svg.replace(run, (all, _x, _y, _w, _h, looks) => {
    const parts = [...all.matchAll(new RegExp(rectangle, "g"))].map((part) => {
      const [x, y, width, height] = part.slice(1).map(Number);
      const [left, top] = [pixel(x!), pixel(y!)];
      const across = pixel(x! + width!) - left;
      const down = pixel(y! + height!) - top;
      return `M${left},${top}h${across}v${down}h${-across}Z`;
    });
    return `<path d="${parts.join("")}"${looks} shape-rendering="crispEdges"/>`;
  });
}

/** The same pixel for numbers that differ by rounding only. */
function pixel(x: number): number {
  return Math.floor(x + 0.5 + 1e-6);
}
