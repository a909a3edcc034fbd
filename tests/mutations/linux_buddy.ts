/**
 * The rules of the Linux page allocator, bent one at a time: each must be
 * noticed by what the kernel's own code answered.
 *
 * Exempt, as no list can show them: the halves of a split may as well go to
 * the tail (the lists they go to are empty, else the block would have come
 * from there), and the halves of an order-10 block may be freed in any order
 * (their pageblocks are of one type). That it is freed in halves shows in the
 * number of merges alone.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const AREA = "allocators/buddy/linux_area.ts";
const FALLBACK = "allocators/buddy/linux_fallback.ts";
const RMQUEUE = "allocators/buddy/linux_rmqueue.ts";
const ZONE = "allocators/buddy/linux.ts";

const mutations: readonly Mutation[] = [
  {
    fault: "the tail of a list is handed out",
    file: AREA,
    symbol: "FreeArea.first",
    find: "return this.lists.first(order * TYPES + type);",
    replace: "return this.lists.last(order * TYPES + type);",
  },
  {
    fault: "freed blocks always go to the head",
    file: AREA,
    symbol: "FreeArea.release",
    find: "this.link(pfn, order, type, this.mergeLikely(pfn, order));",
    replace: "this.link(pfn, order, type, false);",
  },
  {
    fault: "freed blocks always go to the tail",
    file: AREA,
    symbol: "FreeArea.release",
    find: "this.link(pfn, order, type, this.mergeLikely(pfn, order));",
    replace: "this.link(pfn, order, type, true);",
  },
  {
    fault: "a merge counts as likely at order 9 too",
    file: AREA,
    symbol: "FreeArea.mergeLikely",
    find: "if (order >= PAGEBLOCK_ORDER) return false;",
    replace: "if (order > PAGEBLOCK_ORDER) return false;",
  },
  {
    fault: "a merge is likely if the block's own buddy is free",
    file: AREA,
    symbol: "FreeArea.mergeLikely",
    find:
      "const s = this.state[parent ^ (2 << order)]!;\n    return (s & (KIND | ORDER)) === (FREE | (order + 1));",
    replace:
      "const s = this.state[parent ^ (1 << order)]!;\n    return (s & (KIND | ORDER)) === (FREE | order);",
  },
  {
    fault: "a split hands out the high end",
    file: AREA,
    symbol: "FreeArea.smallest",
    find: "this.take(pfn, from, order, type);\n    return pfn;",
    replace:
      "this.take(pfn, from, order, type);\n    if (from > order) {\n      const high = pfn + (1 << order);\n      this.unlink(high);\n      this.link(pfn, order, type, false);\n      this.state[high] = 0;\n      this.unlink(pfn);\n      this.link(pfn, order, type, false);\n      return high;\n    }\n    return pfn;",
  },
  {
    fault: "a freed block goes to the list of the request's type",
    file: ZONE,
    symbol: "LinuxBuddy.freePages",
    find: "area.state[pfn] = 0;\n    const type = area.typeAt(pfn);",
    replace:
      "const type = (area.state[pfn]! & TYPE) >> TYPE_SHIFT;\n    area.state[pfn] = 0;",
  },
  {
    fault: "a pageblock that merges at order 9 keeps its type",
    file: AREA,
    symbol: "FreeArea.release",
    find: "this.blockType[buddy >> PAGEBLOCK_ORDER] = type;",
    replace: "",
  },
  {
    fault: "blocks of different types do not merge",
    file: AREA,
    symbol: "FreeArea.release",
    find: "if (Math.max(other, type) >= MigrateType.HIGHATOMIC) break;",
    replace: "if (other !== type) break;",
  },
  {
    fault: "an order-10 block is freed as one",
    file: ZONE,
    symbol: "LinuxBuddy.freePages",
    find: "this.plain && order <= PAGEBLOCK_ORDER",
    replace: "this.plain",
  },
  {
    fault: "claim: from the request's order upward",
    file: FALLBACK,
    symbol: "claim",
    find: "for (let current = TOP; current >= least; current--) {",
    replace: "for (let current = least; current <= TOP; current++) {",
  },
  {
    fault: "claim: 255 pages are enough",
    file: FALLBACK,
    symbol: "CLAIM_PAGES",
    find: "const CLAIM_PAGES = 256;",
    replace: "const CLAIM_PAGES = 255;",
  },
  {
    fault: "claim: 257 pages are needed",
    file: FALLBACK,
    symbol: "CLAIM_PAGES",
    find: "const CLAIM_PAGES = 256;",
    replace: "const CLAIM_PAGES = 257;",
  },
  {
    fault: "claim: alike pages do not count for MOVABLE",
    file: FALLBACK,
    symbol: "worthClaiming",
    find: "if (type === MOVABLE) alike = movable;",
    replace: "if (type === MOVABLE) alike = 0;",
  },
  {
    fault: "claim: alike pages do not count for the others",
    file: FALLBACK,
    symbol: "worthClaiming",
    find: "alike = end - start - free - movable;",
    replace: "alike = 0;",
  },
  {
    fault: "claim: fixed pages are alike whatever the block's type",
    file: FALLBACK,
    symbol: "worthClaiming",
    find: "else if (area.typeAt(pfn) === MOVABLE) alike",
    replace: "else alike",
  },
  {
    fault: "claim: a MOVABLE request goes on below order 4",
    file: FALLBACK,
    symbol: "MOVABLE_CLAIM_ORDER",
    find: "const MOVABLE_CLAIM_ORDER = 4;",
    replace: "const MOVABLE_CLAIM_ORDER = 0;",
  },
  {
    fault: "claim: a MOVABLE request stops below order 5",
    file: FALLBACK,
    symbol: "MOVABLE_CLAIM_ORDER",
    find: "const MOVABLE_CLAIM_ORDER = 4;",
    replace: "const MOVABLE_CLAIM_ORDER = 5;",
  },
  {
    fault: "claim: whole pageblocks keep their type",
    file: FALLBACK,
    symbol: "claim",
    find: "area.retype(pfn, current, type);",
    replace: "",
  },
  {
    fault: "claim: only the first pageblock of an order-10 block is retyped",
    file: AREA,
    symbol: "FreeArea.retype",
    find:
      "this.blockType.fill(type, from, from + 2 ** (order - PAGEBLOCK_ORDER));",
    replace: "this.blockType.fill(type, from, from + 1);",
  },
  {
    fault: "claim: the halves of a whole pageblock stay with the old type",
    file: FALLBACK,
    symbol: "claim",
    find: "area.take(pfn, current, order, type);",
    replace: "area.take(pfn, current, order, other);",
  },
  {
    fault: "claim: a pageblock's free blocks move to the head",
    file: AREA,
    symbol: "FreeArea.relink",
    find: "this.link(pfn, order, type, true);",
    replace: "this.link(pfn, order, type, false);",
  },
  {
    fault: "claim: only the block itself moves to the new type",
    file: AREA,
    symbol: "FreeArea.movePageblock",
    find: "if ((s & KIND) === FREE) this.relink(p, type);",
    replace: "if ((s & KIND) === FREE && p === pfn) this.relink(p, type);",
  },
  {
    fault: "claim: below the threshold the other type is tried",
    file: FALLBACK,
    symbol: "claim",
    find:
      "if (worthClaiming(area, pfn, type)) {\n      area.retypePageblock(pfn, type);\n      return area.smallest(order, type);\n    }",
    replace:
      "if (worthClaiming(area, pfn, type)) {\n      area.retypePageblock(pfn, type);\n      return area.smallest(order, type);\n    }\n    const next = area.first(current, FALLBACKS[2 * type + 1]!);\n    if (next !== NULL && worthClaiming(area, next, type)) {\n      area.retypePageblock(next, type);\n      return area.smallest(order, type);\n    }",
  },
  {
    fault: "claim: below the threshold the search ends",
    file: FALLBACK,
    symbol: "claim",
    find: "      return area.smallest(order, type);\n    }\n  }",
    replace: "      return area.smallest(order, type);\n    }\n    break;\n  }",
  },
  {
    fault: "fallback: MOVABLE tries UNMOVABLE first",
    file: FALLBACK,
    symbol: "FALLBACKS",
    find: "...[RECLAIMABLE, UNMOVABLE], // of MOVABLE",
    replace: "...[UNMOVABLE, RECLAIMABLE], // of MOVABLE",
  },
  {
    fault: "fallback: UNMOVABLE tries MOVABLE first",
    file: FALLBACK,
    symbol: "FALLBACKS",
    find: "...[RECLAIMABLE, MOVABLE], // of UNMOVABLE",
    replace: "...[MOVABLE, RECLAIMABLE], // of UNMOVABLE",
  },
  {
    fault: "fallback: RECLAIMABLE tries MOVABLE first",
    file: FALLBACK,
    symbol: "FALLBACKS",
    find: "...[UNMOVABLE, MOVABLE], // of RECLAIMABLE",
    replace: "...[MOVABLE, UNMOVABLE], // of RECLAIMABLE",
  },
  {
    fault: "steal: from the largest block down",
    file: FALLBACK,
    symbol: "steal",
    find: "for (let current = order; current <= TOP; current++) {",
    replace: "for (let current = TOP; current >= order; current--) {",
  },
  {
    fault: "steal: the halves go to the request's type",
    file: FALLBACK,
    symbol: "steal",
    find: "area.take(pfn, current, order, other);",
    replace: "area.take(pfn, current, order, type);",
  },
  {
    fault: "steal: never",
    file: RMQUEUE,
    symbol: "Rmqueue.fallback",
    find: "return noFragment ? NULL : this.steal(order, type);",
    replace: "return NULL;",
  },
  {
    fault: "NOFRAGMENT: steals all the same",
    file: RMQUEUE,
    symbol: "Rmqueue.fallback",
    find: "return noFragment ? NULL : this.steal(order, type);",
    replace: "return this.steal(order, type);",
  },
  {
    fault: "NOFRAGMENT: claims mixed pageblocks too",
    file: FALLBACK,
    symbol: "claim",
    find: "noFragment ? Math.max(order, PAGEBLOCK_ORDER) : order;",
    replace: "order;",
  },
  {
    fault: "NOFRAGMENT: claims order-10 blocks only",
    file: FALLBACK,
    symbol: "claim",
    find: "noFragment ? Math.max(order, PAGEBLOCK_ORDER) : order;",
    replace: "noFragment ? TOP : order;",
  },
];

/** The table; the tests that notice are the kernel's runs. */
export const LINUX_BUDDY: MutationTable = {
  name: "linux_buddy",
  tests: ["tests/allocators/buddy/linux_test.ts"],
  mutations,
  shortStep: 4,
};
