/**
 * What arenas cost: the same programs with as many arenas as two cores allow,
 * with two, and with one.
 *
 * The programs are serialised stand-ins for programs that were measured with
 * threads running freely; what those held stands beside.
 *
 * @module
 */
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import {
  above,
  below,
  mean,
  type Measured,
  near,
  quotient,
} from "../../experiment/claims.ts";
import {
  type Cell,
  type Experiment,
  SAMPLES,
} from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { prng } from "../../laws/prng.ts";
import { bytes } from "../../measures/columns.ts";
import type { Trace } from "../../traces/trace.ts";
import { baton, ended, server } from "../../workloads/threads.ts";

const LOADS = ["server", "baton", "ended", "ended_after_buffer"] as const;
const DEFAULT = "glibc";
const TWO = "glibc:arena_max=2";
const ONE = "glibc:arena_max=1";
const MIB = 2 ** 20;
const MEASURED = "glibc 2.36 with threads running freely, measured";

/** Resident MiB of `load` at the phase that `measure` is about. */
function mib(measure: string, load: string, allocator: string): Measured {
  return mean((m) => (m[measure] ?? NaN) / MIB, { load, allocator });
}

/** The declaration. */
export const arenas: Experiment = {
  name: "arenas",
  question: "How much memory do threads strand in arenas?",
  claims: [
    ...([
      [DEFAULT, "glibc", 362],
      [TWO, "glibc with two arenas", 60],
      [ONE, "glibc with one arena", 30],
    ] as const).map((
      [allocator, words, expected],
    ) => ({
      id: `arenas.baton-${
        allocator.slice(-1) === "c" ? "all" : allocator.slice(-1)
      }`,
      statement: "Jobs of 30 MiB that are passed among twelve threads, each " +
        `leaving a result of 64 bytes, hold ${expected} MiB under ${words}.`,
      source: MEASURED,
      measured: mib("loaded_resident_bytes", "baton", allocator),
      expected: near(expected, 3),
    })),
    {
      id: "arenas.ended",
      statement: "After a buffer of 30 MB was freed, eight threads that end " +
        "keep what they had, and malloc_trim(0) does not return it: " +
        "MiB resident.",
      source: MEASURED,
      measured: mib(
        "trimmed_resident_bytes",
        "ended_after_buffer",
        DEFAULT,
      ),
      expected: near(400, 4),
    },
    {
      id: "arenas.ended-two",
      statement: "With two arenas, malloc_trim(0) returns what the ended " +
        "threads kept: MiB resident.",
      source: MEASURED,
      measured: mib("trimmed_resident_bytes", "ended_after_buffer", TWO),
      expected: below(3),
    },
    {
      id: "arenas.ended-small",
      statement:
        "If no buffer of 30 MB was freed before, threads that end return " +
        "everything when they free it: MiB resident.",
      source: MEASURED,
      measured: mib("ended_resident_bytes", "ended", DEFAULT),
      expected: below(3),
    },
    {
      id: "arenas.server",
      statement: "A server of sixteen threads holds more with sixteen arenas " +
        "than with one: resident memory under load, one over the " + "other.",
      source: MEASURED,
      measured: quotient(
        mib("loaded_resident_bytes", "server", DEFAULT),
        mib("loaded_resident_bytes", "server", ONE),
      ),
      expected: above(1),
    },
  ],
  random: ({ load }) => load === "server",
  needs: ["threading", "control", "resident"],
  allocators: [DEFAULT, TWO, ONE],
  parameters: {
    load: {
      summary: "what the threads do",
      values: { quick: ["ended_after_buffer", "ended"], default: [...LOADS] },
    },
  },
  columns: [
    bytes("loaded_resident_bytes", "Resident memory under load."),
    bytes("freed_resident_bytes", "Resident memory when all is freed."),
    bytes("ended_resident_bytes", "Resident memory when the threads ended."),
    bytes("trimmed_resident_bytes", "Resident memory after malloc_trim(0)."),
  ],
  headline: ["loaded_resident_bytes", "trimmed_resident_bytes"],
  async run(cell) {
    const source = new AddressSpace();
    const outcome = await replayCell(cell, traceOf(cell), {
      source,
      touch: "all",
      every: 0,
    });
    for (const { phase, resident_bytes } of outcome.samples) {
      if (phase === "" || phase === "first") continue;
      outcome.measures[`${phase}_resident_bytes`] = resident_bytes!;
    }
    return outcome;
  },
  figures: [{
    title: "Resident memory of threads, phase by phase, by number of arenas.",
    table: SAMPLES,
    x: "phase",
    y: "resident_bytes",
    series: "allocator",
    mark: "bar",
    facet: "load",
  }],
};

function traceOf(cell: Cell): Trace {
  switch (cell.choice("load", LOADS)) {
    case "server":
      return server(16, 700, 3, prng(cell.seed));
    case "baton":
      return baton(12, 48);
    case "ended":
      return ended(8, 0);
    default:
      return ended(8, 30_000_000);
  }
}
