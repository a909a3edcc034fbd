/**
 * Every rule of glibc's malloc, bent or removed one at a time: the blocks of
 * `glibc.txt`, each a rule's number and words (`#`), a file of the model and a
 * symbol in it (`@`), text that occurs there once (`-`) and the text in its
 * place (`+`). A letter behind the number tells a rule's mutations apart. Each
 * must be noticed by a recorded run of the real malloc.
 *
 * Not here: 29 and 35 to 37, where they have no effect on addresses; 29 is a
 * consequence of others. What 3 and 28 say of clearing and of pages inside free
 * chunks shows in resident pages only. The bitmap of 12 and 19 saves time and
 * changes nothing.
 *
 * @module
 */
import text from "./glibc.txt" with { type: "text" };
import type { Mutation, MutationTable } from "./table.ts";

function parse(block: string): Mutation {
  const lines = block.split("\n");
  const marked = (mark: string) =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(1))
      .join("\n");
  const [file, symbol = ""] = marked("@").trim().split(" ");
  return {
    fault: marked("#").trim(),
    file: `allocators/glibc/${file}`,
    symbol,
    find: marked("-"),
    replace: marked("+"),
  };
}

/** The rules, bent, and the recorded runs that should notice. */
export const GLIBC: MutationTable = {
  name: "glibc",
  judge: "tests/oracle/judge.ts",
  mutations: text.trim().split("\n\n").map(parse),
  shortStep: 12,
};
