/**
 * A program that requests pages, as a lane wants it: blocks have addresses, and
 * what happens between two requests (another CPU goes on, a second passes)
 * happens before the later one.
 *
 * A block that becomes two is an operation here, as its halves are blocks of
 * their own from then on.
 *
 * @module
 */
import { type Address, NULL } from "../../allocators/allocator.ts";
import type { PageAllocator } from "../../allocators/pages.ts";
import type { Sample } from "../measures/columns.ts";
import { PageSession } from "../replay/page_session.ts";
import type { Session } from "../replay/replay.ts";
import { Block, Op } from "../traces/trace.ts";
import type { Requests } from "./requests.ts";

/** What a lane needs of a program. */
export interface Program extends ProgramOfBytes {
  /** Slots whose blocks the last operation moved; absent: none ever is. */
  readonly moved?: readonly number[];
}

type ProgramOfBytes = Pick<
  Session,
  | "requested"
  | "live"
  | "failures"
  | "addressOf"
  | "sizeOf"
  | "sample"
  | "run"
>;

/** Requests of pages; a snapshot finds its state. */
export class PageProgram implements Program {
  readonly moved: number[] = [];
  private readonly session: PageSession;
  // A snapshot does not follow functions: the requests stay as they are.
  private readonly requests: () => Requests;
  /** Operations so far, and what has happened between them. */
  private done = 0;
  private changes = 0;
  private seconds = 0;

  /** Asks `pages` for what `requests` say. */
  constructor(pages: PageAllocator, requests: Requests) {
    this.session = new PageSession(pages, (slot) => this.moved.push(slot));
    this.requests = () => requests;
  }

  get requested(): number {
    return this.session.requested;
  }

  get live(): number {
    return this.session.live;
  }

  get failures(): number {
    return this.session.failures;
  }

  addressOf(slot: number): Address {
    const { base = 0, pageBytes } = this.session.pages;
    const pfn = this.session.pfnOf(slot);
    return pfn === NULL ? NULL : base + pfn * pageBytes;
  }

  /** Bytes of the block in `slot`. */
  sizeOf(slot: number): number {
    return this.session.pages.pageBytes * 2 ** this.session.orderOf(slot);
  }

  sample(): Sample {
    return this.session.sample();
  }

  run(block: Block, from = 0, to: number = block.length): void {
    for (let i = from; i < to; i++) {
      this.moved.length = 0;
      this.arrive();
      this.session.run(NAMELESS, block, i, i + 1);
      this.done++;
    }
  }

  /** Lets happen what did before the next operation. */
  private arrive(): void {
    const { changes, seconds } = this.requests();
    while (changes[this.changes]?.op! <= this.done) {
      this.happen(Op.CLIENT, 0, changes[this.changes++]!.name);
    }
    while (seconds[this.seconds]?.op! <= this.done) {
      this.happen(Op.TIME, 1e6 * seconds[this.seconds++]!.second);
    }
  }

  private happen(op: number, size: number, name = ""): void {
    const row = new Block(1);
    row.push(op, 0, size, 0);
    this.session.run({ ...NAMELESS, names: [name] }, row);
  }
}

const NAMELESS = { name: "", names: [], blocks: () => [] };
