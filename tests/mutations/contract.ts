/**
 * Faults that allocators have had, for the conformance suite and the oracles
 * that search a plain list.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const FITS = "allocators/freelist/fit_heap.ts";
const BUDDY = "allocators/buddy/binary.ts";
const GLIBC = "allocators/glibc/";
const SNAPSHOT = "allocators/snapshot.ts";

/** The conformance of one allocator. */
function suite(allocator: string): readonly string[] {
  return [
    "tests/conformance/conformance_test.ts",
    `--filter=/^${allocator} conforms/`,
  ];
}

/** One allocator beside a plain list. */
function plain(allocator: string): readonly string[] {
  return [
    "tests/allocators/freelist/plain_heap_test.ts",
    `--filter=/^${allocator} places/`,
  ];
}

const mutations: readonly Mutation[] = [
  {
    fault: "no coalescing downward",
    file: FITS,
    symbol: "FitHeap.release",
    find: "if (kind[below] === Kind.HOLE) {",
    replace: "if (kind[below] === 99) {",
    tests: suite("first_fit"),
  },
  {
    fault: "no coalescing upward",
    file: FITS,
    symbol: "FitHeap.release",
    find: "} else if (kind[above] === Kind.HOLE) {\n      this.resize(above",
    replace: "} else if (kind[above] === 99) {\n      this.resize(above",
    tests: suite("first_fit"),
  },
  {
    fault: "split remainder one unit short",
    file: FITS,
    symbol: "FitHeap.place",
    find: "this.resize(hole, at + need, rest);",
    replace: "this.resize(hole, at + need, rest - this.align);",
    tests: suite("first_fit"),
  },
  {
    fault: "free list not unlinked",
    file: BUDDY,
    symbol: "BinaryBuddy.allocPages",
    find: "this.unlink(pfn, found);",
    replace: "",
    tests: suite("buddy"),
  },
  {
    fault: "wrong buddy (order + 1)",
    file: BUDDY,
    symbol: "BinaryBuddy.freePages",
    find: "const buddy = pfn ^ (1 << order);",
    replace: "const buddy = pfn ^ (2 << order);",
    tests: suite("buddy"),
  },
  {
    fault: "usable size one unit too large",
    file: FITS,
    symbol: "FitHeap.usableSize",
    find: "this.blocks.bytes[this.nodeAt(address)]! - this.header;",
    replace: "this.blocks.bytes[this.nodeAt(address)]! - this.header + 1;",
    tests: suite("first_fit"),
  },
  {
    fault: "best fit takes the largest",
    file: "allocators/freelist/best_fit.ts",
    symbol: "bestFit",
    find: "holes.first(bytes)",
    replace: "holes.first(Math.max(bytes, holes.largest()))",
    tests: plain("best_fit"),
  },
  {
    fault: "next-fit rover not moved",
    file: FITS,
    symbol: "FitHeap.handOut",
    find: "this.rover = start + bytes;",
    replace: "",
    tests: plain("next_fit"),
  },
  {
    fault: "header counted as payload in usage()",
    file: FITS,
    symbol: "FitHeap.usage",
    find: "allocated: this.liveBytes - headers,",
    replace: "allocated: this.liveBytes,",
    tests: suite("first_fit"),
  },
  {
    fault: "largest_free not updated after a split",
    file: "allocators/freelist/hole_tree.ts",
    symbol: "HoleTree.resize",
    find: "else this.shortened(b, before);",
    replace: "",
    tests: ["tests/allocators/freelist/hole_tree_test.ts"],
  },
  {
    fault: "realloc forgets to copy",
    file: "allocators/allocator.ts",
    symbol: "reallocByMove",
    find: "source.move(address, moved, oldSize);",
    replace: "",
    tests: suite("buddy"),
  },
  {
    fault: "NULL leaks the request",
    file: FITS,
    symbol: "FitHeap.malloc",
    find: "return b === END ? NULL : this.handOut(b);",
    replace:
      "if (b !== END) return this.handOut(b);\n    this.liveBytes += size;\n    return NULL;",
    tests: suite("first_fit"),
  },
  {
    fault: "a counter falls",
    file: FITS,
    symbol: "FitHeap.release",
    find: "blocks.delete(b);\n      this.counters.coalesces++;",
    replace: "blocks.delete(b);\n      this.counters.coalesces--;",
    tests: suite("first_fit"),
  },
  {
    fault: "somebody else's memory is not in side",
    file: FITS,
    symbol: "FitHeap.usage",
    find: "side: foreign,",
    replace: "side: 0,",
    tests: suite("first_fit"),
  },
  {
    fault: "the census counts half of each block",
    file: "allocators/buddy/block_memory.ts",
    symbol: "BlockMemory.row",
    find: "blocks * this.pagesOf(order)",
    replace: "blocks / 2 * this.pagesOf(order)",
    tests: suite("buddy"),
  },
  {
    fault: "calloc serves half the size",
    file: GLIBC + "glibc.ts",
    symbol: "Glibc.calloc",
    find: "const words = process.chunkWords(size);",
    replace: "const words = process.chunkWords(size >> 1);",
    tests: suite("glibc"),
  },
  {
    fault: "trim gives a page too many",
    file: GLIBC + "main_memory.ts",
    symbol: "MainMemory.trim",
    find: "if (source.sbrk(-release) === NULL) return;",
    replace: "if (source.sbrk(-release - PAGE) === NULL) return;",
    tests: suite("glibc"),
  },
  {
    fault: "a snapshot shares the memory of typed arrays",
    file: SNAPSHOT,
    symbol: "rememberedStretches",
    find: "words.slice(at, at + STRETCH)",
    replace: "words.subarray(at, at + STRETCH)",
    tests: suite("glibc"),
  },
  {
    fault: "a snapshot takes memory that was blank to be blank still",
    file: SNAPSHOT,
    symbol: "rememberedStretches",
    find: "else blank(words, at);",
    replace: "",
    tests: ["tests/allocators/snapshot_test.ts"],
  },
  {
    fault: "a snapshot leaves words that were 0 as they are",
    file: SNAPSHOT,
    symbol: "rememberedWords",
    find: "at += STRETCH) blank(words, at);",
    replace: "at += STRETCH);",
    tests: ["tests/allocators/snapshot_test.ts"],
  },
  {
    fault: "a snapshot forgets what functions carry",
    file: SNAPSHOT,
    symbol: "capture",
    find:
      'if (!isObject && typeof value !== "function" || seen.has(value)) return;',
    replace: "if (!isObject || seen.has(value)) return;",
    tests: suite("kmalloc:pages=2K:cpus=16:shuffle=1"),
  },
  {
    fault: "a snapshot keeps what came into a Map later",
    file: SNAPSHOT,
    symbol: "remembered",
    find: "o.clear();\n      for (const [key, value] of entries)",
    replace: "for (const [key, value] of entries)",
    tests: ["tests/allocators/snapshot_test.ts"],
  },
];

/** The faults, and who should notice them. */
export const CONTRACT: MutationTable = {
  name: "contract",
  mutations,
  shortStep: 1,
};
