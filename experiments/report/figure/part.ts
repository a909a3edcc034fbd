/**
 * Parts of a figure that lie one below the other.
 *
 * @module
 */
import { BOLD, MARGIN, NOTE } from "./layout.ts";
import { LETTERS, lineHeight, words, wrapped } from "./svg.ts";

/** A part that takes so much height. */
export interface Part {
  svg: string;
  height: number;
}

/** Room for nothing. */
export function gap(height: number): Part {
  return { svg: "", height };
}

/** Notes in one paragraph. */
export function small(notes: readonly string[], room: number): Part {
  const paragraphs = notes.length > 0 ? [notes.join("; ")] : [];
  return text(paragraphs, room, { size: NOTE, faint: true });
}

/** Paragraphs, one below the other. */
export function text(
  paragraphs: readonly string[],
  room: number,
  { left = 0, size = LETTERS, bold = false, faint = false },
): Part {
  const lines = paragraphs.flatMap((paragraph) =>
    wrapped(paragraph, room, bold ? size * BOLD : size)
  );
  return {
    svg: words(MARGIN + left, size, lines, { size, bold, faint }),
    height: lines.length * lineHeight(size) + (lines.length > 0 ? 3 : 0),
  };
}
