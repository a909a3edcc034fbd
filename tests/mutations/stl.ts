/**
 * Faults of the pool and of containers, for the recordings and their oracles.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const POOL = "allocators/stl/pool.ts";
const CONTAINERS = "experiments/workloads/containers/";

const mutations: readonly Mutation[] = [
  {
    fault: "a chunk of 20 objects instead of twice 20",
    file: POOL,
    symbol: "Pool.grow",
    find: "const granules = 2 * REFILL * k +",
    replace: "const granules = REFILL * k +",
  },
  {
    fault: "the rest of a chunk is lost",
    file: POOL,
    symbol: "Pool.listRest",
    find: "if (k > 0) this.list(this.rest,",
    replace: "if (k > 99) this.list(this.rest,",
  },
  {
    fault: "a refill of 19 objects",
    file: POOL,
    symbol: "REFILL",
    find: "const REFILL = 20;",
    replace: "const REFILL = 19;",
  },
  {
    fault: "scavenging begins at the longest list",
    file: POOL,
    symbol: "Pool.scavenge",
    find: "const g = this.head[from]!;\n      if (g === 0) continue;",
    replace:
      "const g = this.head[from]!;\n      if (g === 0 || from < 16) continue;",
  },
  {
    fault: "128 bytes go to operator new",
    file: POOL,
    symbol: "Pool.malloc",
    find: "if (size > MAX_BYTES)",
    replace: "if (size >= MAX_BYTES)",
  },
  {
    fault: "a double free goes unnoticed",
    file: POOL,
    symbol: "Pool.free",
    find: "    } else {\n      throw notLive(address);\n    }",
    replace: "    }",
  },
  {
    fault: "erasing a red-black node forgets its colour",
    file: CONTAINERS + "red_black_tree.ts",
    symbol: "RedBlackTree.erase",
    find: "if (colour === BLACK) this.#mendBlack(x);",
    replace: "",
  },
  {
    fault: "clear frees in ascending order",
    file: CONTAINERS + "red_black_tree.ts",
    symbol: "RedBlackTree.previous",
    find: "return this.#neighbour(n << SHIFT, LEFT, RIGHT) >> SHIFT;",
    replace: "return 0;",
  },
  {
    fault: "equal keys of a multimap go to the left",
    file: CONTAINERS + "red_black_tree.ts",
    symbol: "RedBlackTree.seek",
    find: "side = key < k ? LEFT : RIGHT;",
    replace: "side = key <= k ? LEFT : RIGHT;",
  },
  {
    fault: "a vector frees its old array first",
    file: CONTAINERS + "vector.ts",
    symbol: "Vector.grow",
    find: "    const bytes = this.#capacity * this.#elementBytes;\n",
    replace: "    const bytes = this.#capacity * this.#elementBytes;\n" +
      "    if (this.#array >= 0) nodes.free(this.#array);\n" +
      "    this.#array = -1;\n",
  },
  {
    fault: "a deque's map grows by one pointer less",
    file: CONTAINERS + "deque.ts",
    symbol: "Deque.reserveMap",
    find: "this.#mapLength = 2 * this.#mapLength + 2;",
    replace: "this.#mapLength = 2 * this.#mapLength + 1;",
  },
  {
    fault: "a deque's map never moves its pointers to the middle",
    file: CONTAINERS + "deque.ts",
    symbol: "Deque.reserveMap",
    find: "const longer = this.#mapLength <= 2 * arrays;",
    replace: "const longer = true;",
  },
  {
    fault: "a new bucket goes behind the list's first node",
    file: CONTAINERS + "unordered_map.ts",
    symbol: "UnorderedMap.insert",
    find: "if (this.#before[bucket] === 0) this.#followedBy(e);",
    replace: "",
  },
  {
    fault: "an unordered_map rehashes one element late",
    file: CONTAINERS + "unordered_map.ts",
    symbol: "UnorderedMap.insert",
    find: "(this.#growths === 0 ? 0 : this.buckets)",
    replace: "(this.#growths === 0 ? 0 : this.buckets + 1)",
  },
  {
    fault: "the key's characters come before the value's",
    file: CONTAINERS + "elements.ts",
    symbol: "Elements.make",
    find: "      this.#value[e] = this.#string(strings.value, key);\n" +
      "      this.#key[e] = this.#string(strings.key, key);\n",
    replace: "      this.#key[e] = this.#string(strings.key, key);\n" +
      "      this.#value[e] = this.#string(strings.value, key);\n",
  },
  {
    fault: "strings of 16 characters are inline",
    file: CONTAINERS + "layout.ts",
    symbol: "INLINE_CHARACTERS",
    find: "export const INLINE_CHARACTERS = 15;",
    replace: "export const INLINE_CHARACTERS = 16;",
  },
];

/** The faults of this folder. */
export const STL: MutationTable = {
  name: "stl",
  tests: [
    "tests/allocators/stl",
    "tests/workloads/containers/containers_test.ts",
    "tests/workloads/containers/oracle_test.ts",
  ],
  mutations,
  shortStep: 5,
};
