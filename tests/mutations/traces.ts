/**
 * Faults of what reads other people's files, and of what is declared about
 * allocators: each would be wrong in silence.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const ROOM = "experiments/traces/";

const mutations: readonly Mutation[] = [
  {
    fault: "a file without requests is a success",
    file: `${ROOM}lines.ts`,
    symbol: "parsed",
    find: "if (requests) return;",
    replace: "return;",
  },
  {
    fault: "marks count as requests",
    file: `${ROOM}lines.ts`,
    symbol: "hasRequest",
    find: "op[i]! < Op.PHASE",
    replace: "op[i]! <= Op.CLIENT",
  },
  {
    fault: "a second free of an id is free(NULL)",
    file: `${ROOM}rep_rows.ts`,
    symbol: "RepRows",
    find: "&& !this.objects.isKnown(id)",
    replace: "",
  },
  {
    fault: "an id whose place another one has is lost",
    file: `${ROOM}id_table.ts`,
    symbol: "IdTable.get",
    find: "return this.#far.size === 0 ? 0 : this.#far.get(id);",
    replace: "return 0;",
    tests: ["tests/traces/objects_test.ts"],
  },
  {
    fault: "an id below the first one was never there",
    file: `${ROOM}id_set.ts`,
    symbol: "IdSet",
    find: "else return this.#addApart(id);",
    replace: "else return;",
  },
  {
    fault: "calls of a process that was not chosen are taken",
    file: `${ROOM}processes.ts`,
    symbol: "Processes.takes",
    find: "if (this.#chosen) return this.#chosen.has(pid);",
    replace: "if (this.#chosen) return true;",
  },
  {
    fault: "calls of another process are left out in silence",
    file: `${ROOM}processes.ts`,
    symbol: "Processes.takes",
    find: "this.#other ??= { line, text };",
    replace: "",
  },
  {
    fault: "the result of another process is taken for ours",
    file: `${ROOM}valgrind.ts`,
    symbol: "ValgrindParser.read",
    find: "if (this.took(pid)) this.#finish(address!);",
    replace: "this.#finish(address!);",
  },
  {
    fault: "a block that was freed out of sight stays live",
    file: `${ROOM}call_rows.ts`,
    symbol: "CallRows.allocated",
    find: "this.push(Op.FREE, held - 1, 0, 0);",
    replace: "",
  },
  {
    fault: "a recorder that sees all may miss an allocation",
    file: `${ROOM}call_rows.ts`,
    symbol: "CallRows.checkKnown",
    find: 'this.fail("the address of a live block");',
    replace: "",
  },
  {
    fault: "frames lie where other modules were",
    file: `${ROOM}stacks.ts`,
    symbol: "Stacks.forgetModules",
    find: "this.#texts.clear();",
    replace: "",
  },
  {
    fault: "a page that is freed in a batch is freed twice",
    file: `${ROOM}page_log.ts`,
    symbol: "PageLogParser.row",
    find: "number !== this.#batched",
    replace: "true",
    tests: ["tests/traces/page_log_test.ts"],
  },
  {
    fault: "threads do not wait for signals",
    file: `${ROOM}delorie.ts`,
    symbol: "WorkloadParser",
    find: "if (this.#given[signal] === 0) {",
    replace: "if (signal < 0) {",
    tests: ["tests/traces/binary_test.ts"],
  },
  {
    fault: "rows keep the sites of the block before",
    file: `${ROOM}rep_rows.ts`,
    symbol: "RepRows.zero",
    find: "site.fill(0, row, this.zeroFrom);",
    replace: "",
    tests: ["tests/traces/sites_test.ts"],
  },
  {
    fault: "the sites of a peak are those of the end",
    file: "experiments/replay/curve.ts",
    symbol: "curveOf",
    find: "if (session.requested > peak.requested) {",
    replace: "if (session.requested >= 0) {",
    tests: ["tests/replay/writers_test.ts"],
  },
  {
    fault: "a file of Zstandard may be cut off",
    file: `${ROOM}zstd.ts`,
    symbol: "Frames.complete",
    find: 'return this.#part === "frame" && this.#have === 0;',
    replace: "return true;",
  },
  {
    fault: "the new block of realloc is another one",
    file: `${ROOM}mtrace.ts`,
    symbol: "MtraceParser.read",
    find: "this.reallocated(this.#old, address, size)",
    replace: "this.reallocated(0, address, size)",
  },
  {
    fault: "a line that is cut off is a free of another block",
    file: `${ROOM}mtrace.ts`,
    symbol: "MtraceParser.read",
    find: "if (needsSize !== (bytes !== undefined)) return; // cut off",
    replace: "",
  },
  {
    fault: "a request that is shown twice is two",
    file: `${ROOM}ltrace.ts`,
    symbol: "LtraceParser",
    find: "if (!within || call.size !== size) this.#finish(call, result);",
    replace: "this.#finish(call, result);",
  },
  {
    fault: "calls in strings are made",
    file: `${ROOM}ltrace.ts`,
    symbol: "LtraceParser.read",
    find: `line.replace(STRING, '""')`,
    replace: "line",
  },
  {
    fault: "the first line decides, whatever it is",
    file: `${ROOM}format.ts`,
    symbol: "recognise",
    find: "if (format) return { format, pieces };\n      at = end + 1;",
    replace: "if (format) return { format, pieces };\n      break;",
  },
  {
    fault: "nothing is resident in a replay",
    file: "experiments/experiment/cell.ts",
    symbol: "memoryOf",
    find: "if (found) return found;",
    replace: "if (found) return new FlatSource();",
    tests: ["tests/experiment/memory_test.ts"],
  },
  {
    fault: "what a trace needs is found out on the way",
    file: "experiments/replay/needs.ts",
    symbol: "checkOffers",
    find: "if (missing.length === 0) return;",
    replace: "return;",
    tests: ["tests/experiment/memory_test.ts"],
  },
  {
    fault: "a declaration may promise too much",
    file: "experiments/conformance/conformance.ts",
    symbol: "declaration",
    find: "ensure(has.has(name), `offers names ${name}, which is not there`);",
    replace: "",
    tests: ["--filter=declaration", "tests/conformance/conformance_test.ts"],
  },
  {
    fault: "letters that were swapped are two slips",
    file: "allocators/names.ts",
    symbol: "distance",
    find: "least = Math.min(least, before[j - 2]! + 1);",
    replace: "least = Math.min(least, before[j - 2]! + 2);",
    tests: ["tests/allocators/names_test.ts"],
  },
];

/** Faults of reading and of declarations. */
export const TRACES: MutationTable = {
  name: "traces",
  tests: [
    "decompress",
    "formats",
    "heaptrack",
    "id_set",
    "ltrace",
    "mtrace",
    "rep",
    "valgrind",
  ].map((name) => `tests/traces/${name}_test.ts`),
  mutations,
  shortStep: 4,
};
