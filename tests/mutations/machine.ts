/**
 * Faults of the machine: its ledger, its page tables, what pins what.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const MACHINE = "allocators/machine/machine.ts";
const PROCESS = "allocators/machine/process.ts";
const CAUSES = "allocators/machine/causes.ts";
const TABLE = "allocators/os/page_table.ts";

const mutations: readonly Mutation[] = [
  {
    fault: "page descriptors are forgotten in the shares",
    file: MACHINE,
    symbol: "Machine.frames",
    find: 'share("page_descriptors", { metadata: this.descriptorBytes }),',
    replace: "",
  },
  {
    fault: "page descriptors take no page from the zone",
    file: MACHINE,
    symbol: "Machine.constructor",
    find: "this.ramBytes - this.reservedBytes - this.descriptorBytes;",
    replace: "this.ramBytes - this.reservedBytes;",
  },
  {
    fault: "page tables are forgotten in the shares",
    file: MACHINE,
    symbol: "Machine.frames",
    find: 'share("page_tables", { metadata: this.tableBytes }),',
    replace: "",
  },
  {
    fault: "pages on per-CPU lists count twice",
    file: MACHINE,
    symbol: "Machine.frames",
    find: 'share("buddy", { free, cached, metadata }),',
    replace: 'share("buddy", { free: free + cached, cached, metadata }),',
  },
  {
    fault: "padding counts what was asked for again",
    file: PROCESS,
    symbol: "Process.frames",
    find: "padding: live - requested,",
    replace: "padding: live,",
  },
  {
    fault: "blocks count whether they are resident or not",
    file: PROCESS,
    symbol: "Process.frames",
    find: "bytes[kind] += os.residentBytesIn(start, length);",
    replace: "bytes[kind] += length;",
  },
  {
    fault: "the direct client of a pool's heap is not asked",
    file: PROCESS,
    symbol: "Process.frames",
    find: "this.direct?.eachLive(count);",
    replace: "",
  },
  {
    fault: "a process that ends keeps its frames",
    file: MACHINE,
    symbol: "Machine.end",
    find: "process.os.exit();",
    replace: "",
  },
  {
    fault: "tables shared by two segments go with the first",
    file: "allocators/os/address_space.ts",
    symbol: "AddressSpace.exit",
    find: "for (const [start, end] of all) this.table.drop(start, end);",
    replace: "",
  },
  {
    fault: "a discarded page table keeps its frame",
    file: TABLE,
    symbol: "PageTable.discard",
    find: "this.tableFrames?.freePages(this.tablePfn[table]!, 0);",
    replace: "",
  },
  {
    fault: "a page table without a frame serves",
    file: TABLE,
    symbol: "PageTable.make",
    find: "if (pfn === NULL) return false;",
    replace: "",
  },
  {
    fault: "a refused fault goes unnoticed",
    file: TABLE,
    symbol: "PageTable.write",
    find:
      "        this.refusedFaults++;\n        return;\n      }\n      const last",
    replace: "        return;\n      }\n      const last",
  },
  {
    fault: "a discarded table is still remembered",
    file: TABLE,
    symbol: "PageTable.discard",
    find: "this.tlb[region & TLB - 1] = -1;",
    replace: "",
  },
  {
    fault: "the last page of a range counts as a whole",
    file: TABLE,
    symbol: "PageTable.residentBytesIn",
    find: "if (this.isSet(last)) bytes -=",
    replace: "if (false) bytes -=",
  },
  {
    fault: "processes do not follow compaction",
    file: MACHINE,
    symbol: "Machine.compact",
    find: "for (const { os } of this.processes) os.relocate(moves);",
    replace: "",
  },
  {
    fault: "a huge page's held frames are forgotten",
    file: "allocators/os/frame_map.ts",
    symbol: "FrameMap.takeHuge",
    find: "this.held += HUGE;",
    replace: "",
  },
  {
    fault: "compaction takes eight bytes per frame",
    file: "allocators/os/relocation.ts",
    symbol: "Relocation.constructor",
    find: "new Uint8Array(frames)",
    replace: "new Float64Array(frames) as unknown as Uint8Array",
  },
  {
    fault: "a free chunk is kept by the chunk below",
    file: CAUSES,
    symbol: "heapCauses",
    find: 'if (below && kind !== "meta") {',
    replace: "if (below) {",
  },
  {
    fault: "what an arena keeps is said to be main's",
    file: CAUSES,
    symbol: "Arenas.nameAt",
    find: 'return place ? `arena ${place.arena} ` : "";',
    replace: 'return "";',
  },
  {
    fault: "a heap that another one follows is kept by its top",
    file: CAUSES,
    symbol: "Arenas.isLast",
    find: "return !place ||",
    replace: "return true ||",
  },
  {
    fault: "a heap keeps the top of an arena that ends where it begins",
    file: CAUSES,
    symbol: "heapCauses",
    find: "(start !== end || arenas.beginsAt(start))",
    replace: "start !== end",
  },
  {
    fault: "a page is kept by its first block, live or not",
    file: CAUSES,
    symbol: "pageCauses",
    find: "} else if (rank > cause.rank) {",
    replace: "} else if (rank < cause.rank) {",
  },
  {
    fault: "an empty slab counts as pinned",
    file: CAUSES,
    symbol: "slabCauses",
    find: 'else if (kind === "live" && cause.kind !== "live object") {',
    replace: 'else if (cause.kind !== "live object") {',
  },
  {
    fault: "per-CPU pages pin a block",
    file: CAUSES,
    symbol: "buddyCauses",
    find: 'if (kind !== "live") cause!.bytes +=',
    replace: 'if (kind === "free" && order > 0) cause!.bytes +=',
  },
];

/** The machine under its own tests. */
export const MACHINE_TABLE: MutationTable = {
  name: "machine",
  tests: ["tests/allocators/machine"],
  mutations,
  shortStep: 5,
};
