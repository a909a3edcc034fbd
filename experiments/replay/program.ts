/**
 * A program that runs in a process of a machine, some rows of its trace at a
 * time, so that others can run in between.
 *
 * @module
 */
import type { Process } from "../../allocators/machine/process.ts";
import { type ClientSessions, programSessions } from "./client_sessions.ts";
import type { TouchPolicy } from "./replay.ts";
import { type Block, Op, type Trace } from "../traces/trace.ts";

/** A trace and the process it runs in. */
export class Program {
  /** Where it runs. */
  readonly process: Process;
  /** What it asked for. */
  readonly sessions: ClientSessions;
  /** Whether the trace is over, or the process had no memory. */
  ended = false;
  readonly #trace: Trace;
  readonly #blocks: Iterator<Block> | AsyncIterator<Block>;
  #block: Block | undefined;
  #row = 0;

  /**
   * Nothing has run yet. `touch` says how payload is written.
   */
  constructor(process: Process, trace: Trace, touch: TouchPolicy = "first") {
    this.process = process;
    this.#trace = trace;
    const { nodes, direct, sessions } = programSessions(
      process.heap,
      process.os,
      touch,
    );
    process.client = nodes;
    if (direct !== nodes) process.direct = direct;
    this.sessions = sessions;
    const blocks = trace.blocks();
    this.#blocks = Symbol.asyncIterator in blocks
      ? blocks[Symbol.asyncIterator]()
      : blocks[Symbol.iterator]();
  }

  /**
   * Performs up to `rows` rows; returns early, with its name, behind a phase
   * mark. A program without memory ends at the latest when its rows are done.
   */
  async run(rows: number): Promise<string | undefined> {
    for (let left = rows; left > 0 && !this.ended;) {
      if (this.#block === undefined || this.#row === this.#block.length) {
        const { done, value } = await this.#blocks.next();
        this.#block = done ? undefined : value;
        this.#row = 0;
        this.ended = done === true;
        continue;
      }
      const { sessions } = this;
      const block = this.#block;
      const from = this.#row;
      const end = Math.min(block.length, from + left);
      this.#row = sessions.perform(this.#trace, block, from, end);
      left -= this.#row - from;
      this.ended = this.process.outOfMemory;
      if (block.op[this.#row - 1] === Op.PHASE) {
        return this.#trace.names[block.slot[this.#row - 1]!]!;
      }
    }
    return undefined;
  }
}
