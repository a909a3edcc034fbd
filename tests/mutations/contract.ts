/**
 * Twelve faults that allocators have had, for the conformance suite and the
 * plain-list oracles.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const FITS = "allocators/freelist/fit_heap.ts";
const PLAIN = ["tests/allocators/freelist/plain_heap_test.ts"];
const BUDDY = "allocators/buddy/binary.ts";

const mutations: readonly Mutation[] = [
  {
    fault: "no coalescing downward",
    file: FITS,
    find: "if (kind[below] === Kind.HOLE) {",
    replace: "if (kind[below] === 99) {",
  },
  {
    fault: "no coalescing upward",
    file: FITS,
    find: "} else if (kind[above] === Kind.HOLE) {\n      this.#resize(above",
    replace: "} else if (kind[above] === 99) {\n      this.#resize(above",
  },
  {
    fault: "split remainder one unit short",
    file: FITS,
    find: "this.#resize(hole, at + need, rest);",
    replace: "this.#resize(hole, at + need, rest - this.#align);",
  },
  {
    fault: "free list not unlinked",
    file: BUDDY,
    find: "this.#unlink(pfn, found);",
    replace: "",
  },
  {
    fault: "wrong buddy (order + 1)",
    file: BUDDY,
    find: "const buddy = pfn ^ (1 << order);",
    replace: "const buddy = pfn ^ (2 << order);",
  },
  {
    fault: "usable size one unit too large",
    file: FITS,
    find: "this.#blocks.bytes[this.#nodeAt(address)]! - this.#header;",
    replace: "this.#blocks.bytes[this.#nodeAt(address)]! - this.#header + 1;",
  },
  {
    fault: "best fit takes the largest",
    file: "allocators/freelist/best_fit.ts",
    find: "holes.first(bytes)",
    replace: "holes.first(Math.max(bytes, holes.largest()))",
    tests: PLAIN,
  },
  {
    fault: "next-fit rover not moved",
    file: FITS,
    find: "this.#rover = start + bytes;",
    replace: "",
    tests: PLAIN,
  },
  {
    fault: "header counted as payload in usage()",
    file: FITS,
    find: "allocated: this.#liveBytes - headers,",
    replace: "allocated: this.#liveBytes,",
  },
  {
    fault: "largest_free not updated after a split",
    file: "allocators/freelist/hole_tree.ts",
    find: "else this.#shortened(b, before);",
    replace: "",
  },
  {
    fault: "realloc forgets to copy",
    file: "allocators/allocator.ts",
    find: "source.move(address, moved, oldSize);",
    replace: "",
  },
  {
    fault: "NULL leaks the request",
    file: FITS,
    find: "return b === END ? NULL : this.#handOut(b);",
    replace:
      "if (b !== END) return this.#handOut(b);\n    this.#liveBytes += size;\n    return NULL;",
  },
];

/** The faults, and who should notice them. */
export const CONTRACT: MutationTable = {
  name: "contract",
  tests: ["tests/conformance_test.ts", "tests/allocators/"],
  mutations,
  shortStep: 1,
};
