/**
 * The tunables of malloc on recorded programs: what each costs and saves in
 * memory, system calls and page faults.
 *
 * Setting any of four tunables (mmap_threshold, mmap_max, trim_threshold,
 * top_pad) stops the dynamic threshold, even if it is set to its default: so
 * `glibc` and `glibc:mmap_threshold=131072` are different cells.
 *
 * @module
 */
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { bytes, count } from "../../measures/columns.ts";
import { exactly, mean, quotient, REFUTED } from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { recordedTrace } from "../../workloads/recorded.ts";

const STATIC = "glibc:mmap_threshold=131072";

/** The declaration. */
export const tunables: Experiment = {
  name: "tunables",
  question: "What do malloc's tunables change for a real program?",
  claims: [
    {
      id: "tunables.static",
      statement: "Setting mmap_threshold to its default changes nothing: " +
        "system calls with it over those without.",
      source: "glibc 2.36: any of four tunables fixes the threshold",
      measured: quotient(
        mean("system_calls", { allocator: STATIC }),
        mean("system_calls", { allocator: "glibc" }),
      ),
      expected: exactly(1),
      verdict: REFUTED,
    },
  ],
  random: false,
  allocators: [
    "glibc",
    STATIC,
    "glibc:mmap_threshold=4096",
    "glibc:mmap_max=0",
    "glibc:trim_threshold=4096:top_pad=0",
    "glibc:top_pad=0",
    "glibc:top_pad=1048576",
    "glibc:tcache_count=0",
    "glibc:tcache_count=64",
    "glibc:tcache_max=256",
    "glibc:mxfast=0",
    "glibc:tcache_count=0:mxfast=0",
  ],
  parameters: {
    program: {
      summary: "recorded program",
      values: {
        quick: ["python"],
        default: ["cc1", "python", "perl"],
        full: ["bash", "cc1", "perl", "python", "sqlite"],
      },
    },
  },
  columns: [
    bytes("peak_resident_bytes", "Most resident bytes in any sample."),
    bytes("end_resident_bytes", "Resident bytes after the last operation."),
    count("brk_calls", "call", "System calls that move the break."),
    count("mapping_calls", "call", "mmap, munmap and mremap calls."),
  ],
  headline: ["peak_resident_bytes", "system_calls", "page_faults"],
  async run(cell) {
    const source = new AddressSpace();
    const trace = await recordedTrace(cell);
    const outcome = await replayCell(cell, trace, { source, touch: "all" });
    const resident = outcome.samples.map((sample) => sample.resident_bytes!);
    const { events } = source;
    Object.assign(outcome.measures, {
      peak_resident_bytes: Math.max(...resident),
      end_resident_bytes: resident.at(-1)!,
      brk_calls: events.brk,
      mapping_calls: events.mmap + events.munmap + events.mremap,
    });
    return outcome;
  },
  figures: [{
    title:
      "System calls of recorded programs under each setting of the tunables.",
    table: "summary",
    x: "allocator",
    y: "system_calls",
    series: "program",
    mark: "point",
    log: ["y"],
  }],
};
