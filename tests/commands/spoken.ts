/**
 * A command line run in this process: what it prints.
 *
 * @module
 */
import type { Lab } from "../../experiments/commands/command.ts";
import { parse } from "../../experiments/commands/mod.ts";
import { CATALOGUE } from "../runner/fixture.ts";

/** What `words` print and note; throws what the command throws. */
export async function spoken(
  words: readonly string[],
  cwd = "/tmp",
): Promise<{ out: string; notes: string[] }> {
  let out = "";
  const notes: string[] = [];
  const lab: Lab = {
    catalogue: CATALOGUE,
    words,
    isConfined: false,
    cwd,
    results: `${cwd}/results`,
    cores: 1,
    colour: false,
    print: (text) => out += text,
    note: (line) => notes.push(line),
    status() {},
    stdin: () => new Blob([]).stream(),
    interruption: () => new AbortController().signal,
  };
  await parse(words, CATALOGUE)(lab);
  return { out, notes };
}

/** The words of a command line, of which some are quoted, as a shell sees them. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|([^ ]+)/g)]
    .map(([, quoted, bare]) => quoted ?? bare!);
}
