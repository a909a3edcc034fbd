/**
 * A heap that answers as it was told, over a memory that only listens: what
 * both are asked is written down, so that tests can compare every call.
 *
 * @module
 */
import {
  type Allocator,
  Counters,
  type Mallinfo,
  NULL,
  type Usage,
} from "../../allocators/allocator.ts";
import type { PageSource } from "../../allocators/pages.ts";
import { readRep } from "../../experiments/traces/rep_reader.ts";
import type { Trace } from "../../experiments/traces/trace.ts";
import { bytes } from "../traces/files.ts";

/** What a request gets, and what has changed afterwards. */
export interface Answer extends Partial<Usage> {
  /** Address of the block. */
  at: number;
  /** Where the break is then. */
  break?: number;
}

/** The figures that every {@linkcode Script} reports: all different. */
export const FIGURES: Mallinfo = {
  arena: 11,
  hblks: 12,
  hblkhd: 13,
  uordblks: 14,
  fordblks: 15,
  keepcost: 16,
  fsmblks: 17,
  ordblks: 18,
  smblks: 19,
};

/** A heap with a script. Usable sizes are multiples of 16. */
export class Script implements Allocator {
  /** The calls so far, as words and numbers. */
  readonly log: string[] = [];
  readonly counters: Counters = new Counters();
  /** Blocks that are mappings. */
  readonly mapped: Set<number> = new Set();
  /** What it lies in; its calls are in the log, too. */
  readonly source: PageSource;
  readonly control = {
    trim: (pad: number) => this.#note("trim", pad),
    mallopt: (parameter: number, value: number) =>
      this.#note("mallopt", parameter, value),
  };
  readonly #answers: Answer[];
  readonly #sizes = new Map<number, number>();
  #break: number;
  #usage: Usage = {
    allocated: 0,
    metadata: 0,
    cached: 0,
    free: 0,
    footprint: 0,
    largestFree: 0,
    freeBlocks: 0,
    unavailable4k: 0,
    unavailable64k: 0,
    unavailable2m: 0,
    largestServeable: Infinity,
    side: 0,
  };

  /** Gives `answers`, one after the other; the break begins at `start`. */
  constructor(answers: readonly Answer[], start = 0) {
    this.#answers = [...answers];
    this.#break = start;
    const call = (name: string) => (...numbers: number[]) => {
      this.#note(name, ...numbers);
      return NULL;
    };
    this.source = {
      sbrk: (increment) => {
        if (increment !== 0) this.#note("sbrk", increment);
        return this.#break;
      },
      mmap: call("mmap"),
      munmap: call("munmap"),
      mremap: call("mremap"),
      discard: call("discard"),
      touch: call("touch"),
      read: call("read"),
      move: call("move"),
      lazy: true,
      residentBytes: 5 * 4096,
      systemCalls: 6,
      pageFaults: 7,
    };
  }

  malloc(size: number): number {
    return this.#serve(size, "malloc", size);
  }
  calloc(size: number): number {
    return this.#serve(size, "calloc", size);
  }
  memalign(alignment: number, size: number): number {
    return this.#serve(size, "memalign", alignment, size);
  }
  realloc(address: number, oldSize: number, size: number): number {
    return this.#serve(size, "realloc", address, oldSize, size);
  }
  free(address: number, size: number): void {
    this.#note("free", address, size);
  }
  usableSize(address: number): number {
    return Math.ceil(this.#sizes.get(address)! / 16) * 16;
  }
  isMapped(address: number): boolean {
    return this.mapped.has(address);
  }
  mallinfo(): Mallinfo {
    return FIGURES;
  }
  explain(): string {
    return this.log.length > 0 ? `by ${this.log.at(-1)!.split(" ")[0]}` : "";
  }
  walk(): void {}
  check(): void {}
  usage(): Usage {
    return this.#usage;
  }
  get footprint(): number {
    return this.#usage.footprint;
  }

  #serve(size: number, name: string, ...numbers: number[]): number {
    this.#note(name, ...numbers);
    const answer = this.#answers.shift();
    if (!answer) throw new RangeError(`No answer to ${this.log.at(-1)}`);
    const { at, break: moved = this.#break, ...changed } = answer;
    this.#sizes.set(at, size);
    this.#break = moved;
    this.#usage = { ...this.#usage, ...changed };
    return at;
  }

  #note(name: string, ...numbers: number[]): void {
    this.log.push([name, ...numbers].join(" "));
  }
}

/** A script without the capabilities that a heap may lack. */
export function plain(answers: readonly Answer[]): Script {
  const lacking = { control: undefined, calloc: undefined };
  return Object.assign(new Script(answers), lacking, {
    memalign: undefined,
    mallinfo: undefined,
    explain: undefined,
    isMapped: undefined,
  }) as unknown as Script;
}

/** The trace that `text` is, as the file `t.rep`. */
export function rep(text: string): Trace {
  return readRep("t.rep", () => [bytes(text)]);
}
