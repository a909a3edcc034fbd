/**
 * Lazy commitment: address space is handed out at once, frames on first use.
 *
 * Reserves memory by either family of system calls and uses it from the bottom
 * up: writes it, reads it, reads and then writes it, or writes it and gives the
 * frames back; or writes one byte in 2 MiB, with small pages and huge ones.
 *
 * @module
 */
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { bytes, ratio } from "../../measures/columns.ts";
import {
  exactly,
  lectureNotes,
  mean,
  onlyIf,
} from "../../experiment/claims.ts";
import { type Experiment, NO_ALLOCATOR } from "../../experiment/experiment.ts";

const STEPS = 16;
/** Bytes that are used at a time: a huge page. */
const STRIDE = 2 ** 21;
const MEASURED = "Linux 6.18, measured";

/** What a program does to `bytes` from `at` on. */
const USES: Record<
  string,
  (os: AddressSpace, at: number, bytes: number) => void
> = {
  write: (os, at, bytes) => os.touch(at, bytes),
  read: (os, at, bytes) => os.read(at, bytes),
  read_then_write(os, at, bytes) {
    os.read(at, bytes);
    os.touch(at, bytes);
  },
  write_then_discard(os, at, bytes) {
    os.touch(at, bytes);
    os.discard(at, bytes);
  },
  byte_per_2m: (os, at) => os.touch(at, 1),
};

/** The declaration. */
export const lazyCommit: Experiment = {
  name: "lazy_commit",
  question: "When does requested memory become memory in use?",
  claims: [
    {
      id: "os-virtual",
      statement: "brk and mmap hand out virtual addresses, and a page fault " +
        "on first use commits memory: share that is resident after use.",
      source: lectureNotes("brk and mmap"),
      measured: mean("committed_ratio", { use: "write" }),
      expected: exactly(1),
      verdict: onlyIf(
        "the first use is a write; a first read maps the zero page",
      ),
    },
    {
      id: "os-virtual.reserve",
      statement: "Reserving memory takes no frame: resident bytes.",
      source: MEASURED,
      measured: mean("reserved_resident_bytes"),
      expected: exactly(0),
    },
    {
      id: "os-virtual.read",
      statement:
        "Reading untouched memory takes no frame, although every page " +
        "faults once: share that is resident.",
      source: MEASURED,
      measured: mean("committed_ratio", { use: "read" }),
      expected: exactly(0),
    },
    {
      id: "os-virtual.fault",
      statement: "Writing to 4 KiB pages faults exactly once per page.",
      source: MEASURED,
      measured: mean("faults_per_page", { use: "write", huge_pages: 0 }),
      expected: exactly(1),
    },
    {
      id: "os-virtual.huge",
      statement:
        "With huge pages, writing one byte commits 2 MiB: share that " +
        "is resident when a byte of every 2 MiB was written.",
      source: MEASURED,
      measured: mean("committed_ratio", {
        use: "byte_per_2m",
        huge_pages: 1,
        call: "mmap",
      }),
      expected: exactly(1),
      verdict: onlyIf("the mapping covers the aligned 2 MiB around the byte"),
    },
  ],
  random: false,
  allocators: [NO_ALLOCATOR],
  parameters: {
    call: {
      summary: "system call that reserves the memory",
      values: { default: ["mmap", "brk"] },
    },
    use: {
      summary: "what is done to the memory",
      values: { default: Object.keys(USES) },
    },
    huge_pages: {
      summary:
        "huge pages: 1 if pages of 2 MiB are used where they fit, else 0",
      values: { default: [0, 1] },
    },
    bytes: {
      summary: "bytes reserved",
      values: { default: [2 ** 26], quick: [2 ** 25], full: [2 ** 30] },
    },
  },
  columns: [
    bytes("virtual_bytes", "Bytes reserved by one system call."),
    bytes("used_bytes", "Bytes used so far."),
    bytes("reserved_resident_bytes", "Resident bytes before any use."),
    ratio("committed_ratio", "Resident bytes per byte used."),
    ratio("faults_per_page", "Page faults per 4 KiB used."),
  ],
  headline: ["committed_ratio", "faults_per_page"],
  run(cell) {
    const os = new AddressSpace({ hugePages: cell.number("huge_pages") === 1 });
    const length = cell.number("bytes");
    const use = USES[cell.choice("use", Object.keys(USES))]!;
    // A break is not aligned to 2 MiB, so its first and last region are cut.
    const start = cell.choice("call", ["mmap", "brk"]) === "brk"
      ? os.sbrk(length)
      : os.mmap(length);
    const reserved = os.residentBytes;
    const part = length / STEPS;
    const after = (used: number) => ({
      committed_ratio: os.residentBytes / used,
      faults_per_page: os.pageFaults / (used / 4096),
    });
    const commit = Array.from({ length: STEPS }, (_, i) => {
      const [from, used] = [i * part, (i + 1) * part];
      for (let at = from; at < used; at += STRIDE) {
        use(os, start + at, Math.min(part, STRIDE));
      }
      return {
        virtual_bytes: length,
        used_bytes: used,
        ...after(used),
        resident_bytes: os.residentBytes,
        page_faults: os.pageFaults,
      };
    });
    return {
      workload: cell.text("use"),
      samples: [],
      tables: { commit },
      measures: { reserved_resident_bytes: reserved, ...after(length) },
    };
  },
  figures: [{
    title: "Resident memory, by how much of a mapping was used and how.",
    table: "commit",
    x: "used_bytes",
    y: "resident_bytes",
    series: "use",
    mark: "line",
    facet: "huge_pages",
    where: { call: "mmap" },
  }],
};
