/**
 * Why memory does not come back, in one run through every layer: a program
 * fills a `std::map` and loses its elements while a shell takes a page now and
 * then and the kernel opens files. At each phase every region that is not in
 * use and not given back is named with what keeps it.
 *
 * @module
 */
import { availability } from "../../../allocators/buddy/indexes.ts";
import { type Cause, causesOf } from "../../../allocators/machine/causes.ts";
import { Machine } from "../../../allocators/machine/machine.ts";
import { PAGE, type PageSource } from "../../../allocators/pages.ts";
import {
  CAUSE_COLUMNS,
  causeRows,
  heldBytes,
} from "../../measures/cause_rows.ts";
import { ratio, type Row } from "../../measures/columns.ts";
import {
  type Claim,
  type Experiment,
  meanOf,
  onlyIf,
  type Verdict,
} from "../../experiment/experiment.ts";
import { FRAME_COLUMNS, MachineRun } from "../../replay/machine_run.ts";
import { atEndOf } from "../../measures/phases.ts";
import { prng } from "../../laws/prng.ts";
import { type Trace, TraceBuilder } from "../../traces/trace.ts";
import { CONTAINER } from "../../workloads/containers/workload.ts";

/** The machine, small enough to look at every page. */
const RAM = 2 ** 26;
/** The kernel's image; with 1 MiB of descriptors, whole top-order blocks. */
const RESERVED = 3 * 2 ** 20;
/** The top order: blocks of 2^10 pages. */
const TOP = 10;
/** Rows of the program per turn; the shell and the kernel then have theirs. */
const TURN = 1000;
/** Files opened per turn; one in as many as a slab has stays open. */
const FILES = 21;
/** struct file. */
const FILE = { objectSize: 184, hwcacheAlign: true, rcu: true };
/** Causes of a kind that are named one by one. */
const NAMED = 4;

/** Takes a page for good, `pages` times. */
function shell(pages: number): Trace {
  const trace = new TraceBuilder();
  for (let i = 0; i < pages; i++) trace.malloc(4080);
  return trace.build("shell");
}

function claim(
  id: string,
  statement: string,
  allocator: string,
  measure: string,
  expected: Claim["expected"],
  verdict?: Verdict,
): Claim {
  return {
    id,
    statement,
    source: "glibc 2.36, libstdc++ and Linux 6.12, rules",
    measured: (cells) =>
      meanOf(cells, measure, {
        allocator,
        ending: "clear",
        order: "ascending",
      }),
    expected,
    ...(verdict && { verdict }),
  };
}

const NOTHING = { text: "< 0.01", holds: (share: number) => share < 0.01 };
const NEARLY_ALL = { text: "> 0.95", holds: (share: number) => share > 0.95 };

/** The declaration. */
export const whyNotReturned: Experiment = {
  name: "why_not_returned",
  question: "What keeps each region that nobody uses, layer by layer?",
  claims: [
    claim(
      "map-erase.stack",
      "clear() gives nothing back: of the growth of resident memory returns",
      "glibc",
      "returned_ratio",
      NOTHING,
      onlyIf("the heap caches what is freed, or a pool lies between"),
    ),
    claim(
      "map-erase.kept-by-fast-bins",
      "Right after clear() fast bins keep this share of what is unused below " +
        "the top.",
      "glibc",
      "fast_ratio",
      NEARLY_ALL,
    ),
    claim(
      "map-erase.kept-by-tcache",
      "Once they are consolidated, a chunk in the tcache just above keeps it.",
      "glibc",
      "tcache_ratio",
      NEARLY_ALL,
    ),
    claim(
      "stl-allocator.stack",
      "After clear() and malloc_trim(0) the pool keeps this share of all it " +
        "ever got.",
      "pool",
      "pool_ratio",
      { value: 1, tolerance: 0 },
    ),
    claim(
      "slab-pin.stack",
      "One open file in 21 keeps this share of the slabs.",
      "glibc",
      "slab_ratio",
      { value: 1, tolerance: 0 },
    ),
    claim(
      "buddy-pin.stack",
      "When the program has ended, pages of others deny this share of the " +
        "top-order blocks that it had frames in.",
      "glibc",
      "denied_ratio",
      { value: 1, tolerance: 0 },
    ),
    claim(
      "buddy-pin.stack-pages",
      "They are this share of the pages of those blocks.",
      "glibc",
      "pin_ratio",
      { text: "< 0.1", holds: (share) => share < 0.1 },
    ),
  ],
  random: ({ order }) => order === "random",
  allocators: ["glibc", "glibc:tcache_count=0:mxfast=0", "pool", "first_fit"],
  parameters: {
    elements: {
      summary: "elements of the map",
      values: { quick: [10_000], default: [50_000], full: [500_000] },
    },
    order: {
      summary: "order in which keys are inserted",
      values: { quick: ["ascending"], default: ["ascending", "random"] },
    },
    ending: {
      summary: "how elements go",
      values: { default: ["clear", "half_erase"] },
    },
  },
  columns: [
    ...FRAME_COLUMNS,
    ...CAUSE_COLUMNS,
    ratio("returned_ratio", "Growth of resident memory returned by the end."),
    ratio("trimmed_ratio", "The same after malloc_trim(0), if there is one."),
    ratio(
      "fast_ratio",
      "Unused below the top that fast bins keep, elements gone.",
    ),
    ratio("tcache_ratio", "The same after malloc(2000): kept by the tcache."),
    ratio(
      "pool_ratio",
      "What the pool ever got that it keeps, unused.",
    ),
    ratio("slab_ratio", "Slabs that one object in 21 keeps."),
    ratio("order9_ratio", "Free memory that serves order 9 at the exit."),
    ratio("denied_ratio", "Top-order blocks the program had that others deny."),
    ratio("pin_ratio", "Pages in use in those at the exit."),
  ],
  headline: ["returned_ratio", "trimmed_ratio", "fast_ratio", "tcache_ratio"],
  async run(cell) {
    const machine = new Machine({
      ramBytes: RAM,
      reservedBytes: RESERVED,
      zone: (pages) => cell.pages(`linux_buddy:pages=${pages}:pcp=63`),
      cpus: 2,
    });
    const ending = cell.text("ending");
    const elements = cell.number("elements");
    const heap = (source: PageSource) => cell.heap(undefined, source).heap;
    const trims = cell.heap().heap.control !== undefined;
    const run = new MachineRun(machine);
    const app = run.start({
      name: "app",
      heap,
      trace: CONTAINER.build(
        {
          elements,
          ending,
          order: cell.text("order"),
          probe: 2000,
          trim: trims ? "on" : "off",
        },
        prng(cell.seed),
      ),
    });
    const neighbour = run.start({
      name: "shell",
      heap: (source) => cell.heap("glibc", source).heap,
      trace: shell(Math.ceil(elements / TURN)),
    });
    const files = machine.slabUser("filp", FILE);
    const open: number[] = [];
    const phases: Record<string, Cause[]> = {};
    const causes: Row[] = [];
    const measures: Record<string, number> = {};
    const hadFrames = new Set<number>();
    const look = (phase: string) => {
      run.sample(phase);
      const now = causesOf(machine);
      phases[phase] ??= now;
      causes.push(...causeRows(phase, now, NAMED));
    };
    const closeFiles = () => {
      const before = files.cache.slabs;
      open.forEach((file, i) => i % FILES === 0 || files.free(file));
      open.length = 0;
      measures.slab_ratio = files.cache.slabs / before;
    };
    while (!app.ended) {
      const phase = await app.run(TURN);
      if (run.reap(app)) break;
      await neighbour.run(1);
      if (phase === "insert") {
        look(phase);
        app.process.os.eachFrame((pfn) => hadFrames.add(pfn >> TOP));
      } else if (phase === ending) {
        closeFiles();
        look(phase);
      } else if (phase) look(phase);
      else if (!(ending in phases)) {
        for (let i = 0; i < FILES; i++) open.push(files.alloc());
      }
    }
    run.end(app);
    look("exit");

    const layer = (phase: string, name: string) =>
      atEndOf(phase, run.samples.filter((s) => s.layer === name));
    const resident = (phase: string) =>
      layer(phase, "app.address_space").resident_bytes as number;
    const grown = (phase: string) => resident(phase) - resident("start");
    const returned = (phase: string) => 1 - grown(phase) / grown("insert");
    const kept = (phase: string, kind: string) => {
      const below = phases[phase]!.filter(({ kind }) => kind !== "top");
      const all = heldBytes(below, "app.heap");
      return all > 0 ? heldBytes(below, "app.heap", kind) / all : 0;
    };
    const denied = phases.exit!.filter(({ layer, address }) =>
      layer === "buddy" && hadFrames.has(address / PAGE >> TOP)
    );
    const last = trims ? "trim" : "probe";
    const blocks = machine.zone.census().filter(({ list }) =>
      list.startsWith("order")
    ).map(({ blocks }) => blocks);
    Object.assign(measures, {
      returned_ratio: returned(ending),
      trimmed_ratio: returned(last),
      fast_ratio: kept(ending, "fast"),
      tcache_ratio: kept("probe", "tcache"),
      pool_ratio: app.process.pool
        ? heldBytes(phases[last]!, "app.pool") /
          layer("insert", "app.pool").footprint_bytes
        : 0,
      order9_ratio: availability(blocks, 9),
      denied_ratio: denied.length / hadFrames.size,
      pin_ratio: denied.length > 0
        ? 1 - heldBytes(denied) / (denied.length * PAGE * 2 ** TOP)
        : 0,
    });
    const { samples, frames } = run;
    return {
      workload: "map_among_others",
      samples,
      tables: { frames, causes },
      measures,
    };
  },
  figures: [{
    title: "What keeps memory that the program does not use, phase by phase.",
    table: "causes",
    x: "phase",
    y: "held_bytes",
    series: "cause",
    mark: "stack",
    facet: "allocator",
    where: {
      order: "ascending",
      ending: "clear",
      layer: ["app.pool", "app.heap"],
    },
  }],
};
