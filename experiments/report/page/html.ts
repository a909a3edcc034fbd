/**
 * Pieces of HTML, with all text of files made harmless.
 *
 * @module
 */
import { escaped } from "../figure/svg.ts";
import { STYLE } from "./style.ts";

export { escaped };

/** A page of its own: no network, light and dark. `style` is added to `STYLE`. */
export function page(
  { title, style = "", body }: { title: string; style?: string; body: string },
): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>
${STYLE}${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

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
