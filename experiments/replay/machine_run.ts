/**
 * Programs that take turns on a machine, and the rows of its layers and of its
 * physical memory.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import { layersOf } from "../../allocators/machine/layers.ts";
import type {
  Machine,
  ProcessOptions,
} from "../../allocators/machine/machine.ts";
import { frameBytes, type Share } from "../../allocators/machine/share.ts";
import type { PageSource } from "../../allocators/pages.ts";
import { bytes, type Column, type Sample } from "../measures/columns.ts";
import { measure } from "../measures/metrics.ts";
import { Program } from "./program.ts";
import type { TouchPolicy } from "./replay.ts";
import type { Trace } from "../traces/trace.ts";

/** Meaning of the columns of the table `frames`. */
export const FRAME_COLUMNS: readonly Column[] = [
  {
    name: "owner",
    type: "string",
    unit: "",
    description: "Who owns the frames; the owners' shares sum to RAM.",
  },
  bytes(
    "frame_bytes",
    "Bytes of the owner's frames: the sum of the next six columns.",
  ),
  bytes("frame_requested_bytes", "Live bytes as requested."),
  bytes(
    "frame_padding_bytes",
    "Bytes of live blocks beyond what was requested.",
  ),
  bytes("frame_cached_bytes", "Bytes that were freed but are kept in a cache."),
  bytes(
    "frame_free_bytes",
    "Free bytes of the buddy system, a slab or a heap.",
  ),
  bytes("frame_metadata_bytes", "Bytes that allocators or the kernel need."),
  bytes(
    "frame_tail_bytes",
    "Bytes left over at the end of a slab, a page or a huge page.",
  ),
  bytes("unbacked_bytes", "Bytes mapped without a frame, not part of the sum."),
];

/** A row of the table `frames`: {@linkcode FRAME_COLUMNS} at an instant. */
export type FrameRow = {
  phase: string;
  op: number;
  owner: string;
  frame_bytes: number;
  frame_requested_bytes: number;
  frame_padding_bytes: number;
  frame_cached_bytes: number;
  frame_free_bytes: number;
  frame_metadata_bytes: number;
  frame_tail_bytes: number;
  unbacked_bytes: number;
};

/** A program to start. */
export interface Start extends ProcessOptions {
  /** Name of its process. */
  name: string;
  /** Makes its heap. */
  heap(source: PageSource): Allocator;
  /** What it requests. */
  trace: Trace;
  /** How it writes payload; the first byte if not given. */
  touch?: TouchPolicy;
}

/** A machine, who runs on it, and what was seen. */
export class MachineRun {
  /** The machine. */
  readonly machine: Machine;
  /** One row per layer and sample. */
  readonly samples: Sample[] = [];
  /** One row per owner and sample: shares that sum to RAM. */
  readonly frames: FrameRow[] = [];
  /** Programs ended because a page fault found no frame. */
  kills = 0;
  readonly #programs: Program[] = [];
  /** Operations of programs that have gone. */
  #gone = 0;

  /** Nobody runs on `machine` yet. */
  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Operations of all programs so far. */
  get op(): number {
    return this.#programs.reduce((sum, p) => sum + p.sessions.op, this.#gone);
  }

  /** Starts a program. */
  start({ name, heap, trace, touch, ...options }: Start): Program {
    const process = this.machine.start(name, heap, options);
    const program = new Program(process, trace, touch);
    this.#programs.push(program);
    return program;
  }

  /** Ends a program and its process, unless that was done. */
  end(program: Program): void {
    const i = this.#programs.indexOf(program);
    if (i < 0) return;
    this.#programs.splice(i, 1);
    this.#gone += program.sessions.op;
    program.ended = true;
    this.machine.end(program.process);
  }

  /**
   * Lets all programs take turns of `rows` rows until none has any left; those
   * without memory are killed. `between` runs after every round.
   */
  async run(rows: number, between: () => void = () => {}): Promise<void> {
    for (let busy = true; busy;) {
      busy = false;
      for (const program of [...this.#programs]) {
        if (program.ended) continue;
        await program.run(rows);
        this.reap(program);
        busy = true;
      }
      between();
    }
  }

  /** Kills the program if it is out of memory; whether it was. */
  reap(program: Program): boolean {
    if (!program.process.outOfMemory) return false;
    this.end(program);
    this.kills++;
    return true;
  }

  /** Takes a row of each layer and of each owner of frames. */
  sample(phase: string): void {
    const { op } = this;
    for (const layer of layersOf(this.machine)) {
      const { name, process, view, source, requested, live } = layer;
      const program = this.#programs.find((p) => p.process === process);
      const { clock = 0, failures = 0 } = program?.sessions ?? {};
      const demand = { op, clock, requested, live, failures };
      this.samples.push(measure(name, view, source, demand, phase));
    }
    for (const share of this.machine.frames()) {
      this.frames.push({ phase, op, ...frameRow(share) });
    }
  }
}

function frameRow(share: Share): Omit<FrameRow, "phase" | "op"> {
  return {
    owner: share.owner,
    frame_bytes: frameBytes(share),
    frame_requested_bytes: share.requested,
    frame_padding_bytes: share.padding,
    frame_cached_bytes: share.cached,
    frame_free_bytes: share.free,
    frame_metadata_bytes: share.metadata,
    frame_tail_bytes: share.tail,
    unbacked_bytes: share.unbacked,
  };
}
