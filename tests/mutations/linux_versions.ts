/**
 * What kernels do each in its own way, the reserve and watermarks, bent one
 * rule at a time.
 *
 * @module
 */
import { fault, type Mutation, type MutationTable } from "./table.ts";

const FOLDER = "allocators/buddy/linux";
const FALLBACK = `${FOLDER}_fallback.ts`;
const RMQUEUE = `${FOLDER}_rmqueue.ts`;
const RESERVE = `${FOLDER}_reserve.ts`;
const RULES = `${FOLDER}_versions.ts`;
const CHECK = `${FOLDER}_watermark_check.ts`;
const MARKS = `${FOLDER}_watermarks.ts`;
const ZONE = `${FOLDER}.ts`;

const CONVERT = [FALLBACK, "convert"] as const;
const ADD = [RESERVE, "HighAtomicReserve.add"] as const;
const ATTEMPT = [ZONE, "LinuxBuddy.attempt"] as const;

const mutations: readonly Mutation[] = [
  fault(
    "6.1: an order-10 block is freed in halves",
    [RULES, "V6_1"],
    "freesTopWhole: true",
    "freesTopWhole: false",
  ),
  fault(
    "6.1: a merge retypes the buddy's pageblock",
    [RULES, "V6_1"],
    "mergeRetypes: false",
    "mergeRetypes: true",
  ),
  fault(
    "6.1: drained pages go to their pageblock's type of now",
    [RULES, "V6_1"],
    "drainsByTypeNow: false",
    "drainsByTypeNow: true",
  ),
  fault(
    "6.12: drained pages go to the type of then",
    [RULES, "V6_12"],
    "drainsByTypeNow: true",
    "drainsByTypeNow: false",
  ),
  fault(
    "6.1: fallback from the request upward",
    CONVERT,
    "let current = TOP;\n  while (current >= least && fallbackWith(area, current, type) < 0) current--;\n  if (current < least)",
    "let current = least;\n  while (current <= TOP && fallbackWith(area, current, type) < 0) current++;\n  if (current > TOP)",
  ),
  fault(
    "6.1: a movable request takes the largest of small blocks",
    CONVERT,
    "current = order;\n    while",
    "while",
  ),
  fault(
    "6.1: movable requests move pageblocks of small blocks",
    CONVERT,
    "alone || area.sticksOut(pfn)",
    "area.sticksOut(pfn)",
  ),
  fault(
    "6.1: whole pageblocks keep their type",
    CONVERT,
    "area.retype(pfn, current, type);",
    "",
  ),
  fault(
    "6.1: below the threshold only the block moves",
    CONVERT,
    "area.movePageblock(pfn, type);",
    "if (worth) area.movePageblock(pfn, type);\n  else area.relink(pfn, type);",
  ),
  fault(
    "6.1: every pageblock that gives pages is claimed",
    CONVERT,
    "if (!worth) return Converted.BLOCKS;",
    "",
  ),
  fault(
    "6.1: NOFRAGMENT mixes all the same",
    CONVERT,
    "noFragment ? Math.max(order, PAGEBLOCK_ORDER) : order;",
    "order;",
  ),
  fault(
    "a refill forgets that it stole",
    [RMQUEUE, "Rmqueue.refill"],
    "first || this.from === From.LISTS || this.rules.oneStep",
    "true",
  ),
  fault(
    "the next refill goes on stealing",
    [RMQUEUE, "Rmqueue.refill"],
    "if (first || ",
    "if (",
  ),
  fault(
    "7.2: high orders are drained as in 6.12",
    [RULES, "V7_2"],
    "batch + (lowest >> 1)",
    "batch",
  ),
  fault(
    "the reserve: small zones have one",
    [RULES, "V6_12"],
    "share < BLOCK ? 0 : Math.ceil(share / BLOCK)",
    "Math.ceil(share / BLOCK)",
  ),
  fault(
    "the reserve: its limit is that of 6.1",
    [RULES, "V6_12"],
    "Math.ceil(share / BLOCK)",
    "Math.ceil(share / BLOCK + 1)",
  ),
  fault(
    "6.1: the reserve has the limit of 6.12",
    [RULES, "V6_1"],
    "/ BLOCK + 1)",
    "/ BLOCK)",
  ),
  fault(
    "6.1: the reserve takes all pageblocks of a block",
    [RULES, "V6_1"],
    "reservesWhole: false",
    "reservesWhole: true",
  ),
  fault(
    "6.12: the reserve takes the first pageblock of a block",
    [RULES, "V6_12"],
    "reservesWhole: true",
    "reservesWhole: false",
  ),
  fault(
    "a pageblock in which the zone ends is reserved",
    ADD,
    " || area.sticksOut(pfn)",
    "",
  ),
  fault(
    "the last reserved pageblock is given up first",
    [RESERVE, "HighAtomicReserve.giveUp"],
    "if (this.pageblocks <= 1 && !desperate) return false;",
    "",
  ),
  fault(
    "6.1: what is not free in the reserve may be counted on",
    [RULES, "V6_1"],
    "keepsFreeOnly: false",
    "keepsFreeOnly: true",
  ),
  fault(
    "6.12: nobody may count on what is reserved and not free",
    [RULES, "V6_12"],
    "keepsFreeOnly: true",
    "keepsFreeOnly: false",
  ),
  fault(
    "7.2: what cannot wait refills lists",
    [RULES, "V7_2"],
    "atomicRefills: false",
    "atomicRefills: true",
  ),
  fault(
    "7.2: a cached block reserves its pageblock",
    ATTEMPT,
    "if (reserves && fills) this.reserve",
    "if (reserves) this.reserve",
  ),
  fault(
    "what cannot wait takes half of the watermark only",
    [CHECK, "WatermarkCheck.allows"],
    "half - (half >> 2)",
    "half",
  ),
  fault(
    "CMA serves movable requests first whatever else is free",
    [RMQUEUE, "Rmqueue.take"],
    "type === MOVABLE && this.cmaIsMost()",
    "type === MOVABLE",
  ),
  fault(
    "CMA comes after the own lists even if it is most of what is free",
    [RMQUEUE, "Rmqueue.cmaIsMost"],
    "this.area.freePages >> 1",
    "this.area.freePages",
  ),
  fault(
    "CMA comes after a claim",
    [RMQUEUE, "Rmqueue.fallback"],
    "if (this.hasCma && type === MOVABLE) {",
    "if (false) {",
  ),
  fault(
    "CMA serves what cannot move",
    [RMQUEUE, "Rmqueue.fallback"],
    "this.hasCma && type === MOVABLE",
    "this.hasCma",
  ),
  fault(
    "what cannot move counts on the pages of CMA",
    [CHECK, "WatermarkCheck.lent"],
    "type === MOVABLE ? 0 : this.area.freeOf(CMA)",
    "0",
  ),
  fault(
    "khugepaged wants nothing",
    [MARKS, "minFreeKib"],
    "if (!hugePages) return usual;",
    "return usual;",
  ),
  fault(
    "khugepaged wants ten pageblocks per zone",
    [MARKS, "HUGE_BLOCKS"],
    "= 2 + 3 * 3",
    "= 1 + 3 * 3",
  ),
  fault(
    "defrag mode: types never mix",
    [ZONE, "LinuxBuddy.lastResort"],
    "this.attempt(order, type, false, false)",
    "pfn",
  ),
];

/** The table; the tests that notice are those of the versions. */
export const LINUX_KERNELS: MutationTable = {
  name: "linux_versions",
  tests: [
    "tests/allocators/buddy/linux_versions_test.ts",
    "tests/allocators/buddy/linux_6_1_test.ts",
    "tests/allocators/buddy/linux_pcp_test.ts",
    "tests/replay/page_session_test.ts",
  ],
  mutations,
  shortStep: 12,
};
