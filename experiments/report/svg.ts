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
    .replace(
      / (class="(marks|background|foreground)"|font-family="[^"]*"|opacity="1"|(aria|xmlns|pointer|role)[a-z:-]*="(?!http:\/\/www.w3.org\/2000)[^"]*")/g,
      "",
    )
    .replace(/<path d="[^"]*"( display="none")?\/>/g, "")
    .replace(
      /="[^"]*"/g,
      (attribute) => attribute.replace(/-?\d+\.\d+(e-\d+)?/g, short),
    )
    .replace(/(<g( transform="translate\(0,0\)")?>)<\/g>/g, "");
  return joined(plain).replace(
    /^<svg [^>]*(?=>)>/,
    (tag) => `${tag.slice(0, -1)} ${root}`,
  ) + "\n";
}

function short(number: string): string {
  return String(Number(Number(number).toFixed(DIGITS)) + 0);
}

/** Neighbouring rectangles of one colour as one path, without seams. */
function joined(svg: string): string {
  const rectangle = String.raw`<path d="(M[\d.,-]+h[\d.-]+v[\d.-]+h[\d.-]+Z)"`;
  return svg.replace(
    new RegExp(`${rectangle}( [^>]*)/>(?:${rectangle}\\2/>)+`, "g"),
    (run, _, looks) => {
      const all = [...run.matchAll(/ d="([^"]*)"/g)].map(([, d]) => d);
      return `<path d="${all.join("")}"${looks} shape-rendering="crispEdges"/>`;
    },
  );
}
