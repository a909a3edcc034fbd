/**
 * What can be read from the SVG of a figure.
 *
 * @module
 */

/** A figure as drawn. */
export interface Drawn {
  /** Texts in order. */
  texts: string[];
  /** Texts of the labels and of the titles of axes. */
  labels: string[];
  titles: string[];
  /** What the panels hold: where each mark is, and its colour. */
  marks: { x: number; y: number; colour: string }[];
  /** Colours of all there is. */
  colours: Set<string>;
}

/** Reads an SVG; throws if it is not well formed. */
export function drawn(svg: string): Drawn {
  const result: Drawn = {
    texts: [],
    labels: [],
    titles: [],
    marks: [],
    colours: new Set(),
  };
  const open: { name: string; role: string }[] = [];
  const tokens = svg.trim().matchAll(
    /<(\/?)(\w+)((?: [\w:-]+="[^"<]*")*)(\/?)>|([^<]+)/g,
  );
  let end = 0;
  for (const token of tokens) {
    if (token.index !== end) {
      throw new Error(`Odd: ${svg.slice(end, end + 80)}`);
    }
    end += token[0].length;
    const [, closing, name, attributes = "", alone, text] = token;
    if (text !== undefined) {
      if (!open.some(({ name }) => name === "text")) continue;
      result.texts.push(text);
      if (open.some(({ role }) => role === "axis-label")) {
        result.labels.push(text);
      }
      if (open.some(({ role }) => role === "axis-title")) {
        result.titles.push(text);
      }
    } else if (closing) {
      if (open.pop()?.name !== name) throw new Error(`Odd </${name}>`);
    } else {
      const value = (key: string) =>
        new RegExp(` ${key}="([^"]*)"`).exec(attributes)?.[1] ?? "";
      const role = value("class");
      const colour = value("fill") || value("stroke");
      if (colour && colour !== "none") result.colours.add(colour);
      const inMark = open.some(({ role }) => role === "mark");
      if (inMark && name === "path") {
        for (const place of placesOf(value("transform"), value("d"))) {
          result.marks.push({ ...place, colour });
        }
      }
      if (!alone) open.push({ name: name!, role });
    }
  }
  if (open.length > 0 || end !== svg.trim().length) {
    throw new Error(`Not closed: ${open.map(({ name }) => name)}`);
  }
  return result;
}

/** Where a symbol is, the points of a line, or the upper ends of bars. */
function placesOf(transform: string, d: string): { x: number; y: number }[] {
  const [, x, y] = /(-?[\d.]+),(-?[\d.]+)/.exec(transform) ?? [];
  if (x !== undefined) return [{ x: Number(x), y: Number(y) }];
  return [...d.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)(?:h(-?[\d.]+))?/g)]
    .map(([, x, y, width = 0]) => ({
      x: Number(x) + Number(width),
      y: Number(y),
    }));
}
