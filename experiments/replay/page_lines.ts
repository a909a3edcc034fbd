/**
 * What a page allocator answers, as text: one line per allocation, the page
 * frame or -1; and its free lists.
 *
 * @module
 */
import type { PageAllocator } from "../../allocators/pages.ts";
import type { PageSession } from "./page_session.ts";
import { Op, type Trace } from "../traces/trace.ts";

/** Characters of a piece of text. */
const PIECE = 2 ** 16;
/** Migratetypes that lists are printed of. */
const TYPES = 3;

/** Replays `trace` and yields a line per allocation, in pieces. */
export async function* pfnLines(
  trace: Trace,
  session: PageSession,
): AsyncGenerator<string> {
  let text = "";
  for await (const block of trace.blocks()) {
    for (let i = 0; i < block.length; i++) {
      session.run(trace, block, i, i + 1);
      if (block.op[i] !== Op.MALLOC) continue;
      text += `${session.pfnOf(block.slot[i]!)}\n`;
      if (text.length < PIECE) continue;
      yield text;
      text = "";
    }
  }
  yield text;
}

/**
 * `L order type pfn...` for each free list, head first, and `PB type...` for
 * the pageblocks; undefined if the allocator keeps no lists by type.
 */
export function freeAreaLines(pages: PageAllocator): string | undefined {
  if (!pages.freeList || !pages.pageblockTypes) return undefined;
  const lines: string[] = [];
  for (let order = 0; order < pages.orders; order++) {
    for (let type = 0; type < TYPES; type++) {
      lines.push(["L", order, type, ...pages.freeList(order, type)].join(" "));
    }
  }
  lines.push(["PB", ...pages.pageblockTypes()].join(" "));
  return lines.join("\n") + "\n";
}
