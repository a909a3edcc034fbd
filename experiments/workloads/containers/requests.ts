/**
 * Who receives the requests of containers, and who makes them.
 *
 * @module
 */
import { Op } from "../../traces/trace.ts";

/** The hands that perform requests: a trace being built, or a player. */
export interface Requests {
  /** Requests `size` bytes; the slot of the block. */
  malloc(size: number): number;
  /** Frees the block in `slot`. */
  free(slot: number): void;
  /**
   * Writes `bytes` of the block in `slot`, from `offset` on. Only what is
   * longer than a page is announced: of other blocks the first byte says all.
   */
  write(slot: number, offset: number, bytes: number): void;
}

/** What a trace being built offers. */
export interface MarkedRequests extends Pick<Requests, "malloc" | "free"> {
  /** The following requests belong to `name`. */
  client(name: string): void;
  /** Appends an operation that takes no new slot. */
  append(op: number, slot: number, size: number, extra: number): void;
}

/** The clients of a program: whose turn it is is marked when it changes. */
export class Clients {
  readonly #to: MarkedRequests;
  #current = "";

  /** Every request goes to `to`. */
  constructor(to: MarkedRequests) {
    this.#to = to;
  }

  /** The requests of `name`. */
  as(name: string): Requests {
    const to = this.#to;
    const turn = () => {
      if (this.#current === name) return;
      this.#current = name;
      to.client(name);
    };
    return {
      malloc(size) {
        turn();
        return to.malloc(size);
      },
      free(slot) {
        turn();
        to.free(slot);
      },
      write(slot, offset, bytes) {
        turn();
        to.append(Op.WRITE, slot, bytes, offset);
      },
    };
  }
}
