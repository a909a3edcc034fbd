/**
 * The kinds of text that can be explained. A new one is a file that exports a
 * {@linkcode Kind}, and a line here.
 *
 * @module
 */
import { MALLOC_INFO } from "./heaps/malloc_info.ts";
import { MALLOC_STATS } from "./heaps/malloc_stats.ts";
import type { Kind } from "./kind.ts";
import { MEMINFO } from "./meminfo.ts";
import { BUDDYINFO } from "./pages/buddyinfo.ts";
import { INDEXES } from "./pages/index_texts.ts";
import { PAGETYPEINFO } from "./pages/pagetypeinfo.ts";
import { SLABINFO } from "./slabs/slabinfo.ts";
import { SLAB_SYSFS } from "./slabs/sysfs.ts";
import { SLABTOP } from "./slabs/slabtop.ts";
import { MEM_INFO } from "./watermarks/mem_info.ts";
import { ZONEINFO } from "./watermarks/zoneinfo.ts";

/** In the order in which a line is tried as the first of a text. */
export const KINDS: readonly Kind[] = [
  BUDDYINFO,
  PAGETYPEINFO,
  INDEXES,
  ZONEINFO,
  MEMINFO,
  SLABINFO,
  SLABTOP,
  SLAB_SYSFS,
  MEM_INFO,
  MALLOC_INFO,
  MALLOC_STATS,
];
