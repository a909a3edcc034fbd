/**
 * One machine, three users of memory: a program fills a `std::map` and loses
 * its elements, a shell takes a page for good now and then, and the kernel
 * opens files, of which one in 21 stays open.
 *
 * @module
 */
import { type Cause, causesOf } from "../../../allocators/machine/causes.ts";
import { Machine } from "../../../allocators/machine/machine.ts";
import type { SlabUser } from "../../../allocators/machine/slab_user.ts";
import { causeRows } from "../../measures/cause_rows.ts";
import type { Row } from "../../measures/columns.ts";
import type { Cell } from "../../experiment/experiment.ts";
import { prng } from "../../laws/prng.ts";
import { MachineRun } from "../../replay/machine_run.ts";
import type { Program } from "../../replay/program.ts";
import { type Trace, TraceBuilder } from "../../traces/trace.ts";
import { CONTAINER } from "../../workloads/containers/workload.ts";

/** The machine, small enough to look at every page. */
const RAM = 2 ** 26;
/** The kernel's image; with 1 MiB of descriptors, whole top-order blocks. */
const RESERVED = 3 * 2 ** 20;
/** The top order: blocks of 2^10 pages. */
export const TOP = 10;
/** Rows of the program per turn; the shell and the kernel then have theirs. */
const TURN = 1000;
/** Files opened per turn; one in as many as a slab has stays open. */
const FILES = 21;
/** struct file. */
const FILE = { objectSize: 184, hwcacheAlign: true, rcu: true };
/** Causes of a kind that are named one by one. */
const NAMED = 4;

/** The machine while it runs, and what was seen at each phase of the map. */
export class MapAmongOthers {
  /** Machine, programs and samples. */
  readonly run: MachineRun;
  /** The program with the map. */
  readonly app: Program;
  /** How the elements go: the phase in which they do. */
  readonly ending: string;
  /** The phase in which the program last asks for memory back. */
  readonly last: string;
  /** What kept memory when each phase first ended, and at the `exit`. */
  readonly causes: ReadonlyMap<string, readonly Cause[]>;
  /** The same as rows of a table. */
  readonly causeRows: Row[] = [];
  /** Top-order blocks in which the program had frames when the map was full. */
  readonly topBlocks: ReadonlySet<number>;
  /** Slabs left over slabs there were, once most files were closed. */
  slabRatio = NaN;
  readonly #shell: Program;
  readonly #files: SlabUser;
  readonly #open: number[] = [];
  readonly #found = new Map<string, readonly Cause[]>();
  readonly #blocks = new Set<number>();

  /** Starts everyone as the cell says; nothing has run yet. */
  constructor(cell: Cell) {
    const machine = new Machine({
      ramBytes: RAM,
      reservedBytes: RESERVED,
      zone: (pages) => cell.pages(`linux_buddy:pages=${pages}:pcp=63`),
      cpus: 2,
    });
    this.run = new MachineRun(machine);
    this.ending = cell.text("ending");
    const trims = cell.heap().heap.control !== undefined;
    this.last = trims ? "trim" : "probe";
    this.causes = this.#found;
    this.topBlocks = this.#blocks;
    this.app = this.run.start({
      name: "app",
      heap: (source) => cell.heap(undefined, source).heap,
      trace: mapProgram(cell, trims),
    });
    this.#shell = this.run.start({
      name: "shell",
      heap: (source) => cell.heap("glibc", source).heap,
      trace: takePages(Math.ceil(cell.number("elements") / TURN)),
    });
    this.#files = machine.slabUser("filp", FILE);
  }

  /** Lets all take turns until the program has ended. `RangeError` if it runs out of memory. */
  async play(): Promise<void> {
    while (!this.app.ended) {
      const phase = await this.app.run(TURN);
      if (this.run.reap(this.app)) break;
      await this.#shell.run(1);
      if (phase !== undefined) this.#at(phase);
      else if (!this.#found.has(this.ending)) this.#openFiles();
    }
    if (!this.#found.has(this.last)) {
      throw new RangeError(
        `elements expects a map that fits into ${RAM / 2 ** 20} MiB of RAM`,
      );
    }
    this.run.end(this.app);
    this.#look("exit");
  }

  #at(phase: string): void {
    if (phase === this.ending) this.#closeFiles();
    this.#look(phase);
    if (phase !== "insert") return;
    this.app.process.os.eachFrame((pfn) => this.#blocks.add(pfn >> TOP));
  }

  #look(phase: string): void {
    this.run.sample(phase);
    const causes = causesOf(this.run.machine);
    if (!this.#found.has(phase)) this.#found.set(phase, causes);
    this.causeRows.push(...causeRows(phase, causes, NAMED));
  }

  #openFiles(): void {
    for (let i = 0; i < FILES; i++) this.#open.push(this.#files.alloc());
  }

  #closeFiles(): void {
    const { cache } = this.#files;
    const before = cache.slabs;
    this.#open.forEach((file, i) => i % FILES === 0 || this.#files.free(file));
    this.#open.length = 0;
    this.slabRatio = cache.slabs / before;
  }
}

/** Fills a map and empties it as the cell says. */
function mapProgram(cell: Cell, trims: boolean): Trace {
  const values = {
    elements: cell.number("elements"),
    ending: cell.text("ending"),
    order: cell.text("order"),
    probe: 2000,
    trim: trims ? "on" : "off",
  };
  return CONTAINER.build(values, prng(cell.seed));
}

/** Takes a page for good, `pages` times. */
function takePages(pages: number): Trace {
  const trace = new TraceBuilder();
  for (let i = 0; i < pages; i++) trace.malloc(4080);
  return trace.build("shell");
}
