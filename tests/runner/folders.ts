/**
 * Folders of results for tests: copied, compared, spoilt.
 *
 * @module
 */
import { contents } from "./lab.ts";

/** The files that everybody sees: what `cp -r *` copies. */
export function visible(folder: string): Map<string, string> {
  return new Map(
    [...contents(folder)].filter(([name]) => !name.startsWith(".")),
  );
}

/** Copies the visible files of `from`; as `change` says if it says anything. */
export function copy(
  from: string,
  to: string,
  change: Readonly<Record<string, string | undefined>> = {},
): void {
  const times = Deno.readTextFileSync(`${from}/timing.csv`);
  const files = new Map([...visible(from), ["timing.csv", times]]);
  for (const [name, text] of Object.entries(change)) {
    if (text === undefined) files.delete(name);
    else files.set(name, text);
  }
  for (const [name, text] of files) {
    const path = `${to}/${name}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(path, text);
  }
}

/** Ways to spoil the text of a file; undefined: it is gone. */
export const SPOILT: Readonly<
  Record<string, (text: string) => string | undefined>
> = {
  digit: (text) =>
    text.replace(/(\d)(?=\D*$)/, (d) => String((Number(d) + 1) % 10)),
  cut: (text) => text.slice(0, text.length >> 1),
  ragged: (text) => text.replace(/\n(?=[^\n]*\n$)/, "\n1,2,"),
  empty: () => "",
  gone: () => undefined,
};
