/**
 * The rules of slab caches, bent one at a time: each must be noticed by what
 * recorded kernels answered, or by a test that states the rule.
 *
 * Exempt, as no list can show it: a new slab may as well go to the tail (the
 * list is empty, else it would not have been made).
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const ROOM = "allocators/slab/";
const SHEAVES = `${ROOM}sheaves.ts`;
const CPU_SLABS = `${ROOM}cpu_slabs.ts`;
const NODE = `${ROOM}node_slabs.ts`;
const GEOMETRY = `${ROOM}slub.ts`;
const VERSIONS = `${ROOM}versions.ts`;
const CAPACITY = `${ROOM}sheaf_capacity.ts`;
const LOG = "experiments/traces/slab_log.ts";

const mutations: readonly Mutation[] = [
  {
    fault: "a sheaf is used as a queue",
    file: SHEAVES,
    symbol: "Sheaves.put",
    find: "const k = sheaf * this.capacity + this.fill[sheaf]!++;",
    replace:
      "const k = sheaf * this.capacity;\n    const end = k + this.fill[sheaf]!++;\n    this.entry.copyWithin(k + 1, k, end);\n    this.address.copyWithin(k + 1, k, end);",
  },
  {
    fault: "a full spare is not used before the barn",
    file: SHEAVES,
    symbol: "Sheaves.load",
    find: "other !== NULL && this.fill[other]! > 0",
    replace:
      "other !== NULL && this.fill[other]! > 0 && this.full.length === 0",
  },
  {
    fault: "the barn is not asked",
    file: SHEAVES,
    symbol: "Sheaves.load",
    find: "const full = this.full.pop();",
    replace:
      "const full = this.full.length > BARN_LIMIT ? this.full.pop() : undefined;",
  },
  {
    fault: "the barn gives its oldest full sheaf",
    file: SHEAVES,
    symbol: "Sheaves.load",
    find: "this.full.pop()",
    replace: "this.full.shift()",
  },
  {
    fault: "the empty main sheaf is not kept by the barn",
    file: SHEAVES,
    symbol: "Sheaves.load",
    find: "this.empty.push(old);",
    replace: "this.unused.push(old);",
  },
  {
    fault: "a spare with room is not used",
    file: SHEAVES,
    symbol: "Sheaves.unload",
    find: "this.fill[other]! < this.capacity",
    replace: "this.fill[other]! < 0",
  },
  {
    fault: "the barn takes eleven full sheaves",
    file: SHEAVES,
    symbol: "Sheaves.unload",
    find: "this.full.length < BARN_LIMIT",
    replace: "this.full.length <= BARN_LIMIT",
  },
  {
    fault: "the main sheaf is flushed, not the spare",
    file: SHEAVES,
    symbol: "Sheaves.unload",
    find:
      "this.flushSheaf(other);\n      spare[cpu] = old;\n      main[cpu] = other;",
    replace: "this.flushSheaf(old);",
  },
  {
    fault: "a refill takes one slab at a time, and its rest to the tail",
    file: SHEAVES,
    symbol: "Sheaves.refill",
    find: "for (let sum = 0; sum < capacity;) {",
    replace: "for (let sum = 0; sum < 1;) {",
  },
  {
    fault: "a refill takes slabs beyond what it needs",
    file: SHEAVES,
    symbol: "Sheaves.refill",
    find: "for (let sum = 0; sum < capacity;) {",
    replace: "for (let sum = 0; sum <= capacity;) {",
  },
  {
    fault: "what a refill leaves of a slab goes to the head",
    file: SHEAVES,
    symbol: "Sheaves.refill",
    find: "node.settle(slab, true);",
    replace: "node.settle(slab, false);",
  },
  {
    fault: "a flush frees objects one by one",
    file: SHEAVES,
    symbol: "Sheaves.flushSheaf",
    find: "if (Math.floor(at / stride) === slab) {",
    replace: "if (Math.floor(at / stride) === slab && k < from) {",
  },
  {
    fault: "a flush gives up after the second object of another slab",
    file: SHEAVES,
    symbol: "Sheaves.flushSheaf",
    find: "++passed === PASSED",
    replace: "++passed === PASSED - 1",
  },
  {
    fault: "a flush gives up after the fourth object of another slab",
    file: SHEAVES,
    symbol: "Sheaves.flushSheaf",
    find: "++passed === PASSED",
    replace: "++passed === PASSED + 1",
  },
  {
    fault: "a flush leaves what it passed over in place",
    file: SHEAVES,
    symbol: "Sheaves.flushSheaf",
    find: "entry[k] = entry[first]!;",
    replace: "entry.copyWithin(k, k + 1, first + 1);",
  },
  {
    fault: "a group is linked the other way round",
    file: SHEAVES,
    symbol: "Sheaves.freeGroup",
    find: "for (let k = end - 1; k >= first; k--) {",
    replace: "for (let k = first; k < end; k++) {",
  },
  {
    fault: "a full slab that gets a group goes to the head",
    file: SHEAVES,
    symbol: "Sheaves.freeGroup",
    find: "node.settle(slab, true)",
    replace: "node.settle(slab, false)",
  },
  {
    fault: "a partial slab that gets a group moves to the tail",
    file: SHEAVES,
    symbol: "Sheaves.freeGroup",
    find: "if (!node.leaves(slab) && full) node.settle(slab, true);",
    replace:
      "if (node.leaves(slab)) return;\n    if (!full) node.lists.remove(0, slab);\n    node.settle(slab, true);",
  },
  {
    fault: "kfree_rcu frees at once",
    file: SHEAVES,
    symbol: "Sheaves.freeRcu",
    find: "if (this.fill[sheaf] !== this.capacity) return;",
    replace:
      "if (this.fill[sheaf] !== this.capacity) return;\n    this.full.push(sheaf);\n    this.rcu[cpu] = NULL;\n    return;",
  },
  {
    fault: "kfree_rcu does not use an empty spare",
    file: SHEAVES,
    symbol: "Sheaves.freeRcu",
    find: "spare !== NULL && this.fill[spare] === 0",
    replace: "spare !== NULL && this.fill[spare] === -1",
  },
  {
    fault: "a grace period overfills the barn",
    file: SHEAVES,
    symbol: "Sheaves.gracePeriod",
    find: "if (this.full.length < BARN_LIMIT) this.full.push(sheaf);",
    replace: "if (this.full.length <= BARN_LIMIT) this.full.push(sheaf);",
  },
  {
    fault: "shrinking leaves the barn",
    file: SHEAVES,
    symbol: "Sheaves.flush",
    find:
      "for (const sheaf of this.full.splice(0).reverse()) this.drop(sheaf);",
    replace: "",
  },
  {
    fault: "a refill without memory keeps what it got",
    file: SHEAVES,
    symbol: "Sheaves.load",
    find: "this.flushSheaf(sheaf);\n      spare[cpu] = sheaf;",
    replace: "spare[cpu] = sheaf;",
  },
  {
    fault: "one object is taken from the tail of the node's list",
    file: SHEAVES,
    symbol: "Sheaves.single",
    find: "node.lists.first(0)",
    replace: "node.lists.last(0)",
  },
  {
    fault: "an empty slab is given back though the node has few",
    file: NODE,
    symbol: "NodeSlabs.leaves",
    find: "if (this.partial < this.geometry.minPartial) return false;",
    replace: "",
  },
  {
    fault: "the slab itself does not count among the partial ones",
    file: NODE,
    symbol: "NodeSlabs.leaves",
    find: "this.partial < this.geometry.minPartial",
    replace: "this.partial <= this.geometry.minPartial",
  },
  {
    fault: "shrinking keeps the order of equals",
    file: NODE,
    symbol: "NodeSlabs.shrink",
    find: ".reverse()\n",
    replace: "\n",
  },
  {
    fault: "shrinking sorts all slabs",
    file: NODE,
    symbol: "NodeSlabs.shrink",
    find: "const behind = left.filter((slab) => free(slab) > SORTED);",
    replace:
      "const behind: number[] = [];\n    sorted.push(...left.filter((slab) => free(slab) > SORTED).sort((a, b) => free(a) - free(b)));",
  },
  {
    fault: "a CPU takes one slab too few from the node",
    file: CPU_SLABS,
    symbol: "CpuSlabs.fromNode",
    find: "Math.floor(this.node.geometry.cpuPartialSlabs / 2) + 1",
    replace: "Math.floor(this.node.geometry.cpuPartialSlabs / 2)",
  },
  {
    fault: "a CPU's full partial list goes to the node's head",
    file: CPU_SLABS,
    symbol: "CpuSlabs.flushPartial",
    find: "this.node.settle(slab, true)",
    replace: "this.node.settle(slab, false)",
  },
  {
    fault: "one slab makes way on a full partial list",
    file: CPU_SLABS,
    symbol: "CpuSlabs.flushPartial",
    find: "slab !== NULL;",
    replace: "slab !== NULL && slab !== lists.last(list);",
  },
  {
    fault: "what waits for RCU is free at once",
    file: CPU_SLABS,
    symbol: "CpuSlabs.freeRcu",
    find: "this.waiting.push(at);",
    replace: "this.free(_cpu, slab, i);",
  },
  {
    fault: "sheaves do not fill their blocks",
    file: CAPACITY,
    symbol: "sheafCapacity",
    find: "Math.max(fits, wish ?? 0)",
    replace: "Math.max(wanted, wish ?? 0)",
  },
  {
    fault: "a creator's wish is the limit",
    file: CAPACITY,
    symbol: "sheafCapacity",
    find: "Math.max(fits, wish ?? 0)",
    replace: "wish ?? fits",
  },
  {
    fault: "7.2 has per-CPU partial slabs",
    file: VERSIONS,
    symbol: "SLUB_KERNELS",
    find: "cpuPartial: [0, 0, 0, 0]",
    replace: "cpuPartial: [120, 52, 24, 6]",
  },
  {
    fault: "6.1 keeps what 5.10 does",
    file: VERSIONS,
    symbol: "SLUB_KERNELS",
    find: '"6.1": { orders: "old", cpuPartial: [120, 52, 24, 6] }',
    replace: '"6.1": { orders: "old", cpuPartial: [30, 13, 6, 2] }',
  },
  {
    fault: "objects of 1 KiB are small",
    file: VERSIONS,
    symbol: "bySize",
    find: "if (size >= 1024)",
    replace: "if (size > 1024)",
  },
  {
    fault: "min_partial may exceed 10",
    file: GEOMETRY,
    symbol: "slubGeometry",
    find: "Math.min(10, Math.max(5, (fls(size) - 1) >> 1))",
    replace: "Math.max(5, fls(size) >> 1)",
  },
  {
    fault: "two caches replay as one",
    file: LOG,
    symbol: "SlabLogParser.checkCache",
    find: "if (cache !== this.#cache) {",
    replace: "if (cache === undefined) {",
    tests: ["tests/traces/slab_log_test.ts"],
  },
  {
    fault: "hashed pointers lose digits",
    file: LOG,
    symbol: "SlabLogParser.row",
    find: "digits.slice(-DIGITS)",
    replace: "digits.slice(-6)",
    tests: ["tests/traces/slab_log_test.ts"],
  },
  {
    fault: "an object whose free was not seen stays live",
    file: LOG,
    symbol: "SlabLogParser.row",
    find: "if (this.#free(id)) return false;",
    replace: "",
    tests: ["tests/traces/slab_log_test.ts"],
  },
];

/** The slab caches. */
export const SLAB: MutationTable = {
  name: "slab",
  tests: ["--allow-read", "tests/allocators/slab"],
  mutations,
  shortStep: 8,
};
