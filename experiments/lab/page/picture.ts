/**
 * Parts of the page as one picture: what they draw, and their words, colours
 * and lines at the places where they stand.
 *
 * Simplified: of boxes only backgrounds and left, top and bottom edges are drawn.
 *
 * @module
 */
/// <reference lib="dom" />
import { h } from "./dom.ts";

/** Pixels around the parts, of the title, and of the picture to one of the page. */
const MARGIN = 12;
const TITLE = 30;
const SCALE = 2;

/** A picture of `parts`, which stand one below the other, under `title`. */
export function pictureOf(
  parts: readonly HTMLElement[],
  title: string,
): HTMLCanvasElement {
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left)) - MARGIN;
  const top = Math.min(...boxes.map((box) => box.top)) - TITLE - MARGIN;
  const right = Math.max(...boxes.map((box) => box.right)) + MARGIN;
  const bottom = Math.max(...boxes.map((box) => box.bottom)) + MARGIN;
  const canvas = h("canvas", {
    width: Math.ceil(SCALE * (right - left)),
    height: Math.ceil(SCALE * (bottom - top)),
  });
  const context = canvas.getContext("2d")!;
  const body = getComputedStyle(document.body);
  context.fillStyle = body.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(SCALE, SCALE);
  context.translate(-left, -top);
  context.imageSmoothingEnabled = false;
  context.textBaseline = "middle";
  context.fillStyle = body.color;
  context.font = `600 15px ${body.fontFamily}`;
  context.fillText(title, left + MARGIN, top + MARGIN + TITLE / 2 - 4);
  for (const part of parts) draw(part, context);
  return canvas;
}

function draw(element: Element, context: CanvasRenderingContext2D): void {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  if (box.width === 0 && box.height === 0 || style.display === "none") return;
  drawBox(box, style, context);
  if (element instanceof HTMLCanvasElement) {
    if (element.width === 0 || element.height === 0) return;
    context.drawImage(element, box.left, box.top, box.width, box.height);
    return;
  }
  context.save();
  if (style.overflow === "hidden") {
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
  }
  for (const child of element.childNodes) {
    if (child instanceof Element) draw(child, context);
    else if (child instanceof Text) drawWords(child, style, context);
  }
  context.restore();
}

function drawBox(
  box: DOMRect,
  style: CSSStyleDeclaration,
  context: CanvasRenderingContext2D,
): void {
  context.fillStyle = style.backgroundColor;
  context.fillRect(box.left, box.top, box.width, box.height);
  const edge = (
    width: string,
    kind: string,
    colour: string,
    from: readonly [number, number],
    to: readonly [number, number],
  ) => {
    const pixels = parseFloat(width);
    if (pixels === 0 || kind === "none") return;
    context.strokeStyle = colour;
    context.lineWidth = pixels;
    context.setLineDash(kind === "dashed" ? [5, 3] : []);
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  };
  const { left, right, top, bottom } = box;
  edge(
    style.borderLeftWidth,
    style.borderLeftStyle,
    style.borderLeftColor,
    [left, top],
    [left, bottom],
  );
  edge(
    style.borderTopWidth,
    style.borderTopStyle,
    style.borderTopColor,
    [left, top],
    [right, top],
  );
  edge(
    style.borderBottomWidth,
    style.borderBottomStyle,
    style.borderBottomColor,
    [left, bottom],
    [right, bottom],
  );
}

/** Words one by one: a line of the page may be shorter than the text. */
function drawWords(
  text: Text,
  style: CSSStyleDeclaration,
  context: CanvasRenderingContext2D,
): void {
  context.fillStyle = style.color;
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  for (const { index, 0: word } of text.data.matchAll(/\S+/g)) {
    const range = document.createRange();
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    context.fillText(word, box.left, box.top + box.height / 2 + 1);
  }
}
