/**
 * Faults of what is shown of lists, slabs, groups and extents.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const NEXT = "tests/allocators/next_test.ts";
const SLABS = "tests/allocators/slab/lists_test.ts";
const GROUPS = "tests/allocators/musl/census_test.ts";
const EXTENTS = "tests/allocators/jemalloc/jemalloc_test.ts";
const LAB = "tests/lab/slabs_test.ts";

/** Fault, symbol, text, and the text in its place. */
type Row = readonly [string, string, string, string];

/** Of what is told of a heap at an instant. */
const STATES: readonly Row[] = [
  [
    "the blocks around another one are told",
    "lastPlace",
    "if (death[i] !== op) continue;",
    "{}",
  ],
  ["a height is an address", "lastPlace", "address[i]! - fold.y", "0"],
  [
    "the last blocks are told",
    "blocksAround",
    "last = Math.max(MOST_BLOCKS, seen + MOST_BLOCKS / 2);",
    "last = 1e9;",
  ],
  [
    "nothing is cut",
    "blocksAround",
    "const isCut = dropped ||",
    "dropped =" +
    " false; const isCut = dropped &&",
  ],
  [
    "a block of 0 bytes is nowhere",
    "rectangleAt",
    "Math.max(1, ",
    "Math.max(0, ",
  ],
  ["what the last operation frees stays", "blockWords", "<= end", "< end"],
];

/** Of lists and their members. */
const ROWS: readonly Row[] = [
  ["empty lists are told", "listsOf", "blocks === 0", "blocks < 0"],
  ["nothing is cached", "listsOf", "heap.eachCached?.(member);", "{}"],
  ["nothing is in bins", "listsOf", "heap.eachBinned?.(member);", "{}"],
  ["orders are told twice", "listsOf", 'list.startsWith("order ")', "false"],
  [
    "areas begin at address 0",
    "freeAreas",
    "base + pfn",
    "pfn",
  ],
];

const mutations: readonly Mutation[] = [
  {
    fault: "a sheaf is told from its first object on",
    file: "allocators/slab/sheaves.ts",
    symbol: "Sheaves.lists",
    find: ").reverse()",
    replace: ")",
    tests: [NEXT],
  },
  {
    fault: "a barn holds one sheaf",
    file: "allocators/slab/sheaves.ts",
    symbol: "Sheaves.lists",
    find: "BARN_LIMIT * capacity",
    replace: "capacity",
    tests: [SLABS],
  },
  {
    fault: "what other CPUs freed is on the CPU's own list",
    file: "allocators/slab/cpu_slabs.ts",
    symbol: "CpuSlabs.lists",
    find: "`CPU ${cpu} freed elsewhere`",
    replace: "`CPU ${cpu} partial`",
    tests: [SLABS],
  },
  {
    fault: "cached objects of a slab are free",
    file: "allocators/slab/kmem_cache.ts",
    symbol: "KmemCache.signsOf",
    find: "cached.has(i)",
    replace: "cached.has(-i)",
    tests: [SLABS],
  },
  {
    fault: "a freed slot is available",
    file: "allocators/musl/inspect.ts",
    symbol: "signsOf",
    find: "? Slot.WAITING",
    replace: "? Slot.FREE",
    tests: [GROUPS],
  },
  {
    fault: "every group of a ring is active",
    file: "allocators/musl/inspect.ts",
    symbol: "eachGroup",
    find: "groups.active[c] === g",
    replace: "groups.active[c] !== NONE",
    tests: [GROUPS],
  },
  {
    fault: "the current slab of jemalloc is one of the others",
    file: "allocators/jemalloc/lists.ts",
    symbol: "eachExtent",
    find: "slabs.current[c] === e",
    replace: "slabs.current[c] !== e",
    tests: [EXTENTS],
  },
  {
    fault: "the cache of jemalloc is told from its oldest block on",
    file: "allocators/jemalloc/lists.ts",
    symbol: "eachCached",
    find: "cache.at(c, i)",
    replace: "cache.at(c, cache.count[c]! - 1 - i)",
    tests: [NEXT],
  },
  {
    fault: "every CPU is the first",
    file: "allocators/buddy/linux_pcp.ts",
    symbol: "PerCpuLists.each",
    find: "visit(`CPU ${cpu} order",
    replace: "visit(`CPU 0 order",
    tests: ["tests/allocators/buddy/linux_pcp_test.ts"],
  },
  {
    fault: "every tcache is the main thread's",
    file: "allocators/glibc/inspect.ts",
    symbol: "tcacheList",
    find: 'thread === 0 ? ""',
    replace: 'thread >= 0 ? ""',
    tests: ["tests/allocators/glibc/lists_test.ts"],
  },
  {
    fault: "a bin of TLSF is named after the next one",
    file: "allocators/freelist/two_level_index.ts",
    symbol: "TwoLevelIndex.eachBinned",
    find: "(columns + column)",
    replace: "(columns + column + 1)",
    tests: ["tests/allocators/freelist/segregated_test.ts"],
  },
  {
    fault: "slabs are told from the lowest on",
    file: "experiments/lab/lists.ts",
    symbol: "slabsOf",
    find: "Math.max(0, at - BELOW)",
    replace: "0",
    tests: [LAB],
  },
  {
    fault: "a block is as long as it was asked for",
    file: "experiments/lab/usable.ts",
    symbol: "Usable.more",
    find: "lane.heap.usableSize(addressAt(lane.folds, address[i]!))",
    replace: "lane.rectangles.bytes[i]!",
    tests: ["tests/lab/usable_test.ts"],
  },
  {
    fault: "the CSV of blocks ends with the first piece",
    file: "experiments/lab/tables.ts",
    symbol: "csvOf",
    find: "from < blocks.length",
    replace: "from < Math.min(1, blocks.length)",
    tests: ["tests/lab/tables_test.ts"],
  },
  {
    fault: "a slot that holds a group is free",
    file: "experiments/why/pieces.ts",
    symbol: "piecesOf",
    find: " || sign === Slot.NESTED",
    replace: "",
    tests: ["tests/why/pieces_test.ts"],
  },
  {
    fault: "free extents are told from the last one on",
    file: "allocators/jemalloc/lists.ts",
    symbol: "eachBinned",
    find: "? -1 : 1",
    replace: "? 1 : -1",
    tests: ["tests/allocators/jemalloc/lists_test.ts"],
  },
  ...STATES.map(([fault, symbol, find, replace]) => ({
    fault,
    file: "experiments/lab/states.ts",
    symbol,
    find,
    replace,
    tests: ["tests/lab/states_test.ts"],
  })),
  ...ROWS.map(([fault, symbol, find, replace]) => ({
    fault,
    file: "experiments/lab/lists.ts",
    symbol,
    find,
    replace,
    tests: ["tests/lab/lists_test.ts"],
  })),
  {
    fault: "nobody plays",
    file: "experiments/experiment/requests.ts",
    symbol: "traceOfCell",
    find: "if (plays)",
    replace: "if (plays && !trace && false)",
    tests: ["tests/experiment/requests_test.ts"],
  },
];

/** Faults of lists, slabs and what is told of them. */
export const LISTS: MutationTable = {
  name: "lists",
  tests: [NEXT, SLABS],
  mutations,
  shortStep: 5,
};
