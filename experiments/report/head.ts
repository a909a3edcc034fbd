/**
 * The title of a figure and the notes below it.
 *
 * @module
 */

/** Characters of a line of the title, and of the notes. */
const TITLE = 72;
const NOTES = 100;

/** Title and notes, in lines. */
export function headOf(
  { title }: { title: string },
  { notes }: { notes: readonly string[] },
): { text: string[]; subtitle?: string[] } {
  const text = wrapped(title, TITLE);
  if (notes.length === 0) return { text };
  return { text, subtitle: wrapped(notes.join("; "), NOTES) };
}

/** `text` in lines of at most `length` characters. */
export function wrapped(text: string, length: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line !== "" && line.length + 1 + word.length > length) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
