/**
 * What can be read from the SVG of a figure.
 *
 * @module
 */
import { widthOf } from "../../experiments/report/figure/svg.ts";

/** A text and the room it takes. */
export interface Written {
  text: string;
  /** What it is: `axis-label`, `legend-label`, or nothing. */
  role: string;
  left: number;
  right: number;
  /** Its foot. */
  y: number;
  size: number;
}

/** A shape: where it begins, and its colour. */
export interface Shape {
  x: number;
  y: number;
  colour: string;
}

/** A figure as drawn. */
export interface Drawn {
  width: number;
  height: number;
  texts: Written[];
  /** What the panels hold. */
  marks: Shape[];
  /** The symbols of the legend, in the order of its labels. */
  keys: Shape[];
  /** Colours of all there is. */
  colours: Set<string>;
  /** The style sheet. */
  style: string;
}

/** Reads an SVG; throws if it is not well formed. */
export function drawn(svg: string): Drawn {
  const result: Drawn = {
    width: 0,
    height: 0,
    texts: [],
    marks: [],
    keys: [],
    colours: new Set(),
    style: "",
  };
  const open: { name: string; role: string; x: number; y: number }[] = [];
  const tokens = svg.trim().matchAll(
    /<(\/?)(\w+)((?: [\w:-]+="[^"<]*")*)(\/?)>|([^<]+)/g,
  );
  let end = 0;
  let attributes: Record<string, string> = {};
  for (const token of tokens) {
    if (token.index !== end) {
      throw new Error(`Odd: ${svg.slice(end, end + 80)}`);
    }
    end += token[0].length;
    const [, closing, name = "", list = "", alone, text] = token;
    const outer = open.at(-1);
    const within = (role: string) => open.some((one) => one.role === role);
    if (text !== undefined) {
      if (outer?.name === "style") result.style += text;
      if (outer?.name === "text") {
        result.texts.push(written(text, outer.role, attributes, outer));
      }
      continue;
    }
    if (closing) {
      if (open.pop()?.name !== name) throw new Error(`Odd </${name}>`);
      continue;
    }
    attributes = Object.fromEntries(
      [...list.matchAll(/ ([\w:-]+)="([^"]*)"/g)].map(([, k, v]) => [k!, v!]),
    );
    const [, dx = 0, dy = 0] =
      /translate\((-?[\d.]+),(-?[\d.]+)\)/.exec(attributes.transform ?? "") ??
        [];
    const x = (outer?.x ?? 0) + Number(dx);
    const y = (outer?.y ?? 0) + Number(dy);
    if (name === "svg") {
      result.width = Number(attributes.width);
      result.height = Number(attributes.height);
    }
    const paint = [attributes.fill, attributes.stroke]
      .find((value) => value && value !== "none");
    if (paint) result.colours.add(paint);
    if (paint && name !== "text" && (within("mark") || within("key"))) {
      const [first, ...others] = placesOf(attributes)
        .map((at) => ({ x: x + at.x, y: y + at.y, colour: paint }));
      if (within("mark")) result.marks.push(first!, ...others);
      else result.keys.push(first!);
    }
    if (!alone) open.push({ name, role: attributes.class ?? "", x, y });
  }
  if (open.length > 0 || end !== svg.trim().length) {
    throw new Error(`Not closed: ${open.map(({ name }) => name)}`);
  }
  return result;
}

function written(
  text: string,
  role: string,
  attributes: Record<string, string>,
  { x: dx, y: dy }: { x: number; y: number },
): Written {
  const plain = text.replace(
    /&#(\d+);/g,
    (_, code) => String.fromCharCode(code),
  );
  const size = Number(attributes["font-size"]);
  const width = widthOf(plain, size);
  const at = dx + Number(attributes.x);
  const anchor = attributes["text-anchor"];
  const left = anchor === "end"
    ? at - width
    : anchor === "middle"
    ? at - width / 2
    : at;
  const y = dy + Number(attributes.y);
  return { text: plain, role, left, right: left + width, y, size };
}

/** Where a shape is: all points of a path, and the end of a bar. */
function placesOf(
  { x, y, width, cx, cy, d = "" }: Record<string, string>,
): { x: number; y: number }[] {
  if (cx !== undefined) return [{ x: Number(cx), y: Number(cy) }];
  if (x !== undefined) return [{ x: Number(x) + Number(width), y: Number(y) }];
  return [...d.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)]
    .map(([, px, py]) => ({ x: Number(px), y: Number(py) }));
}
