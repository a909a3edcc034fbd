/**
 * Results that changed since they were written: a digit, a cut, another file's
 * bytes, nothing at all. What reads them must say so or come to the same bytes.
 *
 * @module
 */
import { contents, words } from "../runner/lab.ts";
import {
  begin,
  checkManners,
  clean,
  ended,
  type Fault,
  runWords,
  Sound,
  type Tally,
} from "./fault.ts";

/** Ways to spoil a text; `other` is the text of another file of its kind. */
const DAMAGES: Readonly<
  Record<string, (text: string, other: string) => string>
> = {
  digit: (text) =>
    text.replace(/(\d)(?=\D*$)/, (d) => String((Number(d) + 1) % 10)),
  cut: (text) => text.slice(0, text.length >> 1),
  empty: () => "",
  copy: (_, other) => other,
  ragged: (text) => text.replace(/\n(?=[^\n]*\n$)/, "\n1,2,"),
};

/** What reads results: each must end well with the right bytes, or in one line. */
function readers(out: string): Readonly<Record<string, string[]>> {
  return {
    resume: runWords(out, "--resume"),
    export: words(["export", "churning", "--results", out]),
    figures: words(["figures", out]),
  };
}

/** Every file and way; every fifth in short. */
export const damage: Fault = {
  name: "damage",
  summary: "a kept cell or a result is changed, cut, emptied or swapped",
  async run(size, folder) {
    const sound = await Sound.in(folder);
    const tally = clean();
    const good = `${folder}/sound-3`;
    const exported = (await ended(begin(readers(good).export!))).out;
    const names = [...contents(good).keys()].filter((name) =>
      !name.endsWith(".lock") && !name.endsWith(".svg")
    );
    const cells = names.filter((name) => name.startsWith(".cells/"));
    const some = [
      ...names.filter((name) => !name.startsWith(".cells/")),
      ...cells.filter((name) => name.split("/").length === 2),
      ...cells.filter((name) => name.split("/").length > 2).slice(0, 8),
    ];
    const tries = some.flatMap((name) =>
      Object.keys(DAMAGES).flatMap((how) =>
        Object.keys(readers("")).map((reader) => ({ name, how, reader }))
      )
    );
    const step = size === "short" ? 11 : 1;
    for (let i = 0; i < tries.length; i += step) {
      await strike(tally, sound, {
        ...tries[i]!,
        good,
        exported,
        folder,
        some,
      });
    }
    return tally;
  },
};

interface Try {
  name: string;
  how: string;
  reader: string;
  good: string;
  exported: string;
  folder: string;
  some: readonly string[];
}

async function strike(
  tally: Tally,
  sound: Sound,
  { name, how, reader, good, exported, folder, some }: Try,
): Promise<void> {
  const out = `${folder}/damaged`;
  const files = contents(good);
  const twin = some.find((other) =>
    other !== name && other.split("/").length === name.split("/").length &&
    other.split(".").at(-1) === name.split(".").at(-1)
  );
  for (const [path, text] of files) {
    const bad = path === name
      ? DAMAGES[how]!(text, files.get(twin ?? name)!)
      : text;
    const to = `${out}/${path}`;
    Deno.mkdirSync(to.slice(0, to.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(to, bad);
  }
  const where = `${reader} after ${how} of ${name}`;
  const end = await ended(begin(readers(out)[reader]!));
  tally.runs++;
  if (end.code !== 0) checkManners(tally, end, where);
  else if (reader === "resume") sound.checkSame(tally, out, where);
  else if (reader === "export" && end.out !== exported) {
    tally.wrong++;
    tally.first ??= `wrong: ${where}`;
  } else if (reader === "figures") checkFigures(tally, out, good, where);
  Deno.removeSync(out, { recursive: true });
}

/** Counts a page or a figure that differs from the sound one. */
function checkFigures(
  tally: Tally,
  out: string,
  good: string,
  where: string,
): void {
  const now = contents(out);
  for (const [name, text] of contents(good)) {
    if (!/\.(html|svg)$/.test(name) || now.get(name) === text) continue;
    tally.wrong++;
    tally.first ??= `wrong: ${where}: ${name}`;
    return;
  }
}
