/**
 * Per-CPU lists of the Linux page allocator, bent one rule at a time.
 *
 * @module
 */
import { fault, type Mutation, type MutationTable } from "./table.ts";

const FOLDER = "allocators/buddy/linux";
const PCP = `${FOLDER}_pcp.ts`;
const HIGH = `${FOLDER}_pcp_high.ts`;
const ZONE = `${FOLDER}.ts`;
const TUNED = [HIGH, "TunedHigh.fetched"] as const;
const FREED = [HIGH, "TunedHigh.freed"] as const;
const FIXED = [HIGH, "FixedHigh.freed"] as const;

const mutations: readonly Mutation[] = [
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
];

/** The table; the tests that notice are those of the lists. */
export const LINUX_PCP: MutationTable = {
  name: "linux_pcp",
  tests: [
    "tests/allocators/buddy/linux_versions_test.ts",
    "tests/allocators/buddy/linux_pcp_test.ts",
    "tests/replay/page_session_test.ts",
  ],
  mutations,
  shortStep: 12,
};
