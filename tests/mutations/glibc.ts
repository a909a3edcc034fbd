/**
 * Every rule of glibc's malloc, bent or removed one at a time: the blocks of
 * `glibc.txt`, of `glibc_versions.txt` (how 2.31, 2.41, 2.43 and 2.44 differ
 * from 2.36) and of `glibc_arenas.txt` (threads). A block is a rule's number and
 * words (`#`), a file of the model and a symbol in it (`@`), text that occurs
 * there once (`-`) and the text in its place (`+`). A letter behind the number
 * tells a rule's mutations apart. Each must be noticed by a recorded run of the
 * real malloc.
 *
 * Letters before the number: none, 2.36 with one thread; A, what 2.31 does
 * otherwise; B, 2.41; C, 2.43; D, 2.44; H, huge pages; T, threads and arenas; V,
 * threads in other versions.
 *
 * Not here, because no address or figure shows it:
 * - 29 and 35 to 37 are consequences of others; 3, 28, T22, T27 and T28 in part:
 *   clearing and dropped pages show in resident pages only; the bitmap of 12 and
 *   19 saves time.
 * - A2: a limit of 0 and one below the shortest chunk both switch fast bins off.
 *   B5: how much a realloc may leave, its limits being where nothing is cut off
 *   anyway. C1: there is nothing to consolidate. C2: the order of different
 *   lengths in a bin of which only an exact one is taken. C9: alignments that
 *   overflow are refused later, too. C11: the room that mremap leaves is the
 *   same page for every length. C14: a search inside a search leaves nothing
 *   to count, short of 10,000 chunks. D1: a limit on what is never stashed.
 * - T1, T4, T10 in part, T21: state that exists once and cannot be per arena.
 *   T14: thread numbers. T20: asking twice for a mapping that is refused.
 *
 * Nor is here what no run on the recording machine can show: C5 without memory
 * for the table, C11 with a refused mremap, T7 on one core, T17 with refused
 * mappings, T26 (fork), threads on 32 bits, the number of cores.
 *
 * @module
 */
import arenas from "./glibc_arenas.txt" with { type: "text" };
import text from "./glibc.txt" with { type: "text" };
import versions from "./glibc_versions.txt" with { type: "text" };
import { blocksOf } from "./blocks.ts";
import type { MutationTable } from "./table.ts";

/** The rules, bent, and the recorded runs that should notice. */
export const GLIBC: MutationTable = {
  name: "glibc",
  judge: "tests/oracle/judge.ts",
  mutations: [text, versions, arenas].flatMap((blocks) =>
    blocksOf(blocks, "allocators/glibc")
  ),
  shortStep: 12,
};
