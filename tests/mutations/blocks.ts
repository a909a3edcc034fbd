/**
 * Reads faults that are written as blocks of text: what is wrong (`#`), a file
 * of the model and a symbol in it (`@`), text that occurs there once (`-`) and
 * the text in its place (`+`).
 *
 * @module
 */
import type { Mutation } from "./table.ts";

/** The faults of `text`, whose files lie in `folder`. */
export function blocksOf(text: string, folder: string): Mutation[] {
  return text.trim().split("\n\n").map((block) => {
    const lines = block.split("\n");
    const marked = (mark: string) =>
      lines.filter((line) => line.startsWith(mark))
        .map((line) => line.slice(1)).join("\n");
    const [file, symbol = ""] = marked("@").trim().split(" ");
    return {
      fault: marked("#").trim(),
      file: `${folder}/${file}`,
      symbol,
      find: marked("-"),
      replace: marked("+"),
    };
  });
}
