/**
 * What kernels do each in its own way, and per-CPU lists, reserve and
 * watermarks, bent one rule at a time.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const FOLDER = "allocators/buddy/linux";
const FALLBACK = `${FOLDER}_fallback.ts`;
const RMQUEUE = `${FOLDER}_rmqueue.ts`;
const PCP = `${FOLDER}_pcp.ts`;
const HIGH = `${FOLDER}_pcp_high.ts`;
const RESERVE = `${FOLDER}_reserve.ts`;
const RULES = `${FOLDER}_versions.ts`;
const CHECK = `${FOLDER}_watermark_check.ts`;
const MARKS = `${FOLDER}_watermarks.ts`;
const ZONE = `${FOLDER}.ts`;

/** A fault of one piece of text. */
function fault(
  words: string,
  [file, symbol]: readonly [file: string, symbol: string],
  find: string,
  replace: string,
): Mutation {
  return { fault: words, file, symbol, find, replace };
}

const CONVERT = [FALLBACK, "convert"] as const;
const TUNED = [HIGH, "TunedHigh.fetched"] as const;
const FREED = [HIGH, "TunedHigh.freed"] as const;
const FIXED = [HIGH, "FixedHigh.freed"] as const;
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
    "requests of order 1 double the refills of order 0",
    TUNED,
    "if (order === 0) {",
    "if (this.factor[cpu]! < MAX_FACTOR && order > 0) this.factor[cpu]!++;\n    if (order === 0) {",
  ),
  fault(
    "refills of order 0 do not double",
    TUNED,
    "batch << this.factor[cpu]!",
    "batch",
  ),
  fault(
    "refills of order 0 double without an end",
    TUNED,
    "if (pages <= room &&",
    "if (",
  ),
  fault(
    "a refill does not raise the high",
    TUNED,
    "Math.min(this.high[cpu]! + pages, this.highest)",
    "this.high[cpu]!",
  ),
  fault(
    "a refill raises the high without a bound",
    TUNED,
    "Math.min(this.high[cpu]! + pages, this.highest)",
    "this.high[cpu]! + pages",
  ),
  fault(
    "a refill raises the high while pages are short",
    TUNED,
    "if (!this.belowHigh) {",
    "{",
  ),
  fault(
    "orders 1 to 3 are refilled by as many blocks as pages",
    [HIGH, "blocksOf"],
    "batch > 1 ? Math.max(batch >> order, 2) : batch",
    "batch",
  ),
  fault(
    "a refill of order 3 may be one block",
    [HIGH, "blocksOf"],
    "Math.max(batch >> order, 2)",
    "Math.max(batch >> order, 1)",
  ),
  fault(
    "a free does not halve the next refill",
    FREED,
    "this.factor[cpu]! >>= 1;",
    "",
  ),
  fault(
    "an allocation does not halve what was freed of late",
    [HIGH, "TunedHigh.taken"],
    "this.lately[cpu]! >>= 1;",
    "",
  ),
  fault(
    "what was freed of late counts without a bound",
    FREED,
    "if (lately < most) this.lately",
    "this.lately",
  ),
  fault(
    "a free does not raise the high",
    FREED,
    "this.high[cpu] = Math.min(freed + batch, this.highest);",
    "",
  ),
  fault(
    "a free raises the high before it drains",
    FREED,
    "return clamp(freed, batch, high - batch);",
    "return clamp(freed, batch, this.high[cpu]! - batch);",
  ),
  fault(
    "one free of order 1 to 3 alone drains",
    FREED,
    "if (small && again &&",
    "if (small &&",
  ),
  fault(
    "a free of order 1 to 3 counts itself as freed of late",
    FREED,
    "if (small && again && lately >=",
    "if (small && again && this.lately[cpu]! >=",
  ),
  fault(
    "7.2: high orders are drained as in 6.12",
    [RULES, "V7_2"],
    "batch + (lowest >> 1)",
    "batch",
  ),
  fault(
    "lists stay long while pages are short",
    [ZONE, "LinuxBuddy.allocSpecial"],
    "this.high.belowHigh = !this.watermark.isHigh();",
    "",
  ),
  fault(
    "lists stay short when pages are not",
    [ZONE, "LinuxBuddy.freeSpecial"],
    "high!.belowHigh = !this.watermark.isHigh();",
    "",
  ),
  fault(
    "6.1: drains do not grow",
    FIXED,
    "if (pages < high - batch && factor < MAX_FACTOR) this.factor[cpu]!++;",
    "",
  ),
  fault(
    "6.1: a drain leaves less than a batch",
    FIXED,
    "return clamp(pages, batch, high - batch);",
    "return pages;",
  ),
  fault(
    "6.1: high orders wait between drains",
    FIXED,
    "if (factor > 0 && order > 0 && order <= COSTLY_ORDER) return count;",
    "",
  ),
  fault(
    "6.1: order 9 drains as orders 1 to 3 do",
    FIXED,
    "order > 0 && order <= COSTLY_ORDER",
    "order > 0",
  ),
  fault(
    "6.1: an allocation does not halve the next drain",
    [HIGH, "FixedHigh.taken"],
    "this.factor[cpu]! >>= 1;",
    "",
  ),
  fault(
    "order 9 has one list for all types",
    [PCP, "listOf"],
    "Number(type === MigrateType.MOVABLE)",
    "1",
  ),
  fault(
    "freed pages of the reserve go to the UNMOVABLE list",
    [PCP, "PerCpuLists.give"],
    "MigrateType.MOVABLE : type",
    "MigrateType.UNMOVABLE : type",
  ),
  fault(
    "idle lists keep their pages",
    [PCP, "PerCpuLists.second"],
    "this.drain(cpu, this.high.second(cpu, this.count[cpu]!));",
    "",
  ),
  fault(
    "idle lists lose a quarter a second",
    [HIGH, "TunedHigh.second"],
    "high >> 3",
    "high >> 2",
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
