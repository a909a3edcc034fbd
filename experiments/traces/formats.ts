/**
 * Every format in which a trace can be read. A new one is a file that exports a
 * {@linkcode Format}, and a line here.
 *
 * @module
 */
import { bytehound } from "./bytehound.ts";
import { delorie } from "./delorie.ts";
import type { Format } from "./format.ts";
import { heaptrack } from "./heaptrack.ts";
import { ltrace } from "./ltrace.ts";
import { minimalloc } from "./minimalloc.ts";
import { mtrace } from "./mtrace.ts";
import { pageEvents } from "./page_events.ts";
import { pageLog } from "./page_log.ts";
import { pages } from "./pages_reader.ts";
import { rep } from "./rep_reader.ts";
import { slabLog } from "./slab_log.ts";
import { valgrind } from "./valgrind.ts";

/** In the order in which a line is tried. */
export const FORMATS: readonly Format[] = [
  rep,
  pages,
  pageEvents,
  pageLog,
  slabLog,
  heaptrack,
  valgrind,
  mtrace,
  ltrace,
  minimalloc,
  delorie,
  bytehound,
];
