/**
 * Pieces of HTML, with all text of files made harmless.
 *
 * @module
 */
import { escaped } from "../figure/svg.ts";

export { escaped };

/** The address of a file of the folder: nothing but a path, whatever it holds. */
export function hrefOf(path: string): string {
  return path.split("/").filter(Boolean).map(encodeURIComponent).join("/");
}

/** The address of a place on the page. */
export function anchorOf(id: string): string {
  return `#${encodeURIComponent(id)}`;
}

/** Links to files of the folder, with commas. */
export function links(files: readonly string[]): string {
  return files.map((file) =>
    `<a href="${escaped(hrefOf(file))}">${escaped(file)}</a>`
  ).join(", ");
}
