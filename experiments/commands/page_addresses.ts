/**
 * `replay FILE.pages --addresses`: what a page allocator answers, and its free
 * lists at the end.
 *
 * @module
 */
import { newPages } from "../experiment/cell.ts";
import { freeAreaLines, pfnLines } from "../replay/page_lines.ts";
import { PageSession } from "../replay/page_session.ts";
import { openPages } from "../traces/open_pages.ts";
import { Failure } from "../runner/failure.ts";
import type { Lab } from "./command.ts";
import { openInput } from "./input.ts";
import { loadSpecs } from "./spec_option.ts";

/** Prints a page frame or -1 per allocation; with `freeArea` the lists too. */
export async function printPageAddresses(
  lab: Lab,
  file: string,
  text: string,
  freeArea: boolean,
): Promise<void> {
  const specs = await loadSpecs(lab, [text]);
  const pages = newPages(specs.parse(text), 1);
  if (freeArea && !pages.freeList) {
    throw new Failure(`${text} keeps no free lists by migratetype`);
  }
  const open = () => openInput(lab, file);
  const session = new PageSession(pages);
  for await (const lines of pfnLines(openPages(file, open), session)) {
    lab.print(lines);
  }
  if (freeArea) lab.print(freeAreaLines(pages)!);
}
