/**
 * Lazy commitment: address space is handed out at once, frames at first use.
 *
 * Reserves memory by either family of system calls and uses it from the bottom
 * up: writes it, reads it, reads and then writes it, or writes it and gives the
 * frames back; or writes one byte in 2 MiB, with small pages and huge ones.
 *
 * @module
 */
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { bytes, type Column, ratio, type Row } from "../../measures/columns.ts";
import {
  type Experiment,
  meanOf,
  NO_ALLOCATOR,
  onlyIf,
} from "../../experiment/experiment.ts";

const STEPS = 16;

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

const COLUMNS: readonly Column[] = [
  bytes("virtual_bytes", "Reserved by one system call."),
  bytes("used_bytes", "Length of the part used so far."),
  bytes("reserved_resident_bytes", "Resident before any use."),
  ratio("committed_ratio", "Resident bytes per byte of the part used."),
  ratio("faults_per_page", "Page faults per 4 KiB of the part used."),
];

/** The declaration. */
export const lazyCommit: Experiment = {
  name: "lazy_commit",
  question: "When does memory that was asked for become memory that is used?",
  claims: [
    {
      id: "os-virtual",
      statement:
        "brk and mmap hand out virtual addresses; a page fault on first use commits memory.",
      source: "seed notes",
      measured: (cells) => meanOf(cells, "committed_ratio", { use: "write" }),
      expected: { value: 1, tolerance: 0 },
      verdict: onlyIf(
        "the first use is a write: a first read maps the zero page",
      ),
    },
    {
      id: "os-virtual.reserve",
      statement: "Reserving memory takes no frame.",
      source: "Linux 6.18, measured",
      measured: (cells) => meanOf(cells, "reserved_resident_bytes"),
      expected: { value: 0, tolerance: 0 },
    },
    {
      id: "os-virtual.read",
      statement:
        "Reading untouched memory faults once a page and takes no frame.",
      source: "Linux 6.18, measured",
      measured: (cells) => meanOf(cells, "committed_ratio", { use: "read" }),
      expected: { value: 0, tolerance: 0 },
    },
    {
      id: "os-virtual.fault",
      statement: "Writing 4 KiB pages faults exactly once a page.",
      source: "Linux 6.18, measured",
      measured: (cells) =>
        meanOf(cells, "faults_per_page", { use: "write", huge_pages: 0 }),
      expected: { value: 1, tolerance: 0 },
    },
    {
      id: "os-virtual.huge",
      statement: "With huge pages one byte commits 2 MiB.",
      source: "Linux 6.18, measured",
      measured: (cells) =>
        meanOf(cells, "committed_ratio", {
          use: "byte_per_2m",
          huge_pages: 1,
          call: "mmap",
        }),
      expected: { value: 1, tolerance: 0 },
      verdict: onlyIf("the mapping covers the aligned 2 MiB around it"),
    },
  ],
  random: false,
  allocators: [NO_ALLOCATOR],
  parameters: {
    call: { summary: "Who reserves.", values: { default: ["mmap", "brk"] } },
    use: {
      summary: "What is done to the memory.",
      values: { default: Object.keys(USES) },
    },
    huge_pages: {
      summary: "Whether 2 MiB pages are used where they fit.",
      values: { default: [0, 1] },
    },
    bytes: {
      summary: "Bytes reserved.",
      values: { default: [2 ** 26], quick: [2 ** 25], full: [2 ** 30] },
    },
  },
  columns: COLUMNS,
  headline: ["committed_ratio", "faults_per_page"],
  run(cell) {
    const os = new AddressSpace({ hugePages: cell.number("huge_pages") === 1 });
    const length = cell.number("bytes");
    // A break is not aligned to 2 MiB, so its first and last region are cut.
    const start = cell.text("call") === "brk"
      ? os.sbrk(length)
      : os.mmap(length);
    const reserved = os.residentBytes;
    const commit: Row[] = [];
    const part = length / STEPS;
    for (let used = part; used <= length; used += part) {
      for (let at = start + used - part; at < start + used; at += 2 ** 21) {
        USES[cell.text("use")]!(os, at, Math.min(part, 2 ** 21));
      }
      commit.push({
        virtual_bytes: length,
        used_bytes: used,
        committed_ratio: os.residentBytes / used,
        faults_per_page: os.pageFaults / (used / 4096),
        resident_bytes: os.residentBytes,
        page_faults: os.pageFaults,
      });
    }
    return {
      workload: cell.text("use"),
      samples: [],
      tables: { commit },
      measures: {
        reserved_resident_bytes: reserved,
        committed_ratio: os.residentBytes / length,
        faults_per_page: os.pageFaults / (length / 4096),
      },
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
