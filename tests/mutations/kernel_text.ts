/**
 * Rules by which texts of a kernel are explained, bent one at a time.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const ROOM = "experiments/kernel_text/";
const SYSFS = ["--allow-read", "tests/kernel_text/sysfs_test.ts"];
const WATERMARK = `${ROOM}watermarks/watermark.ts`;
const OUTLOOK = `${ROOM}pages/outlook.ts`;

const mutations: readonly Mutation[] = [
  {
    fault: "the mark is not halved at each order",
    file: WATERMARK,
    symbol: "checkWatermark",
    find: "mark = Math.floor(mark / 2);",
    replace: "",
  },
  {
    fault: "an atomic request has no share of the reserve below min",
    file: WATERMARK,
    symbol: "lowered",
    find: "if (harder) mark -= Math.floor(mark / 4);",
    replace: "",
  },
  {
    fault: "free pages of CMA areas count for everybody",
    file: WATERMARK,
    symbol: "checkWatermark",
    find: 'if (gfp.type !== "Movable") left -= zone.cma;',
    replace: "",
  },
  {
    fault: "lowmem_reserve is by the lowest zone",
    file: `${ROOM}watermarks/reported.ts`,
    symbol: "Report.reserve",
    find: "known.length - 1",
    replace: "0",
  },
  {
    fault: "a list of blocks that does not add up is believed",
    file: `${ROOM}watermarks/mem_info.ts`,
    symbol: "MemInfoReader.total",
    find: "zone.garbled = true;",
    replace: ";",
  },
  {
    fault: "unmovable requests take CMA blocks",
    file: `${ROOM}pages/mobility.ts`,
    symbol: "sourcesOf",
    find: 'type === "Movable" && other === "CMA"',
    replace: 'other === "CMA"',
  },
  {
    fault: "compaction makes blocks of memory that is not free",
    file: OUTLOOK,
    symbol: "outlook",
    find: 'if (pagesIn(all) < 2 ** order) return "short";',
    replace: "",
  },
  {
    fault: "compaction has something to move in any zone",
    file: OUTLOOK,
    symbol: "outlook",
    find: 'movable === false ? "stuck" : "compaction"',
    replace: '"compaction"',
  },
  {
    fault: "a capped count is exact",
    file: `${ROOM}pages/blocks.ts`,
    symbol: "BlockRows.append",
    find: 'if (word.startsWith(">")) capped.push(blocks.length);',
    replace: "",
  },
  {
    fault: "a zone that turns up again is lost",
    file: `${ROOM}pages/buddyinfo.ts`,
    symbol: "BuddyReader.take",
    find: "|| this.#rows.has(row)",
    replace: "",
  },
  {
    fault: "only the first of equal explanations is named",
    file: `${ROOM}slabs/slub_fit.ts`,
    symbol: "fitSlub",
    find: "if (hits === best.hits && hits > 0) best.guesses.push(guess);",
    replace:
      "if (hits === best.hits && hits > 0 && best.guesses.length === 0) best.guesses.push(guess);",
  },
  {
    fault: "sheaves are bounded by the fewest CPUs that fit",
    file: `${ROOM}slabs/sheaf_lines.ts`,
    symbol: "sheafLines",
    find: "2 ** Math.max(...bits) - 1",
    replace: "2 ** (Math.min(...bits) - 1)",
    tests: SYSFS,
  },
  {
    fault: "sheaves hold objects that there are not",
    file: `${ROOM}slabs/sheaf_lines.ts`,
    symbol: "sheafLines",
    find: "Math.min(activeObjects, sheafBound(cpus, capacity))",
    replace: "sheafBound(cpus, capacity)",
    tests: SYSFS,
  },
  {
    fault: "free pointers lie behind whatever sizes show",
    file: `${ROOM}slabs/sysfs_fit.ts`,
    symbol: "explainedBy",
    find: "destroy_by_rcu && !ctor ? [false, true] : [false]",
    replace: "[false]",
    tests: SYSFS,
  },
  {
    fault: "only the first of equal kernels is named",
    file: `${ROOM}slabs/sysfs_fit.ts`,
    symbol: "fitSysfs",
    find: "if (hits === best.hits && hits > 0) {",
    replace: "if (hits > 0 && best.guesses.length === 0) {",
    tests: SYSFS,
  },
  {
    fault: "pages have 4 KiB whatever a slabinfo shows",
    file: `${ROOM}slabs/cache.ts`,
    symbol: "pageBytesOf",
    find: "PAGE_SIZES[votes.indexOf(most)]",
    replace: "PAGE_SIZES[0]",
  },
  {
    fault: "contradictions are added up",
    file: `${ROOM}slabs/cache.ts`,
    symbol: "contradiction",
    find: 'if (activeObjects > objects) return "more in use than there are";',
    replace: "",
  },
  {
    fault: "control characters are shown",
    file: "experiments/traces/lines.ts",
    symbol: "printable",
    find: "\\p{C}",
    replace: "\\0",
  },
];

/** Faults of explanations. */
export const KERNEL_TEXT: MutationTable = {
  name: "kernel_text",
  tests: ["tests/kernel_text"],
  mutations,
  shortStep: 5,
};
