/**
 * The axis that all maps and metrics share: operations, or bytes requested.
 *
 * @module
 */
import type { Answer, Axis } from "../protocol.ts";
import { bytesAt, type Clock, opAt } from "./clock.ts";
import { type Range, within } from "./ranges.ts";

/** Its unit, its length, and the part that is shown. */
export class TimeAxis {
  unit: Axis = "op";
  /** The part that is shown. */
  x: Range = { from: 0, to: 1 };
  readonly operations: number;
  readonly #bytes: number;
  readonly #clock: Clock | undefined;

  /** All of what is `ready`; nothing without it. */
  constructor(ready?: Answer & { kind: "ready" }) {
    this.operations = ready?.operations ?? 0;
    this.#bytes = ready?.bytes ?? 0;
    this.#clock = ready?.lanes[0]?.series
      .find(({ name }) => name === "clock_bytes");
    this.x = this.all;
  }

  /** From its beginning to its end. */
  get all(): Range {
    const to = this.unit === "op" ? this.operations + 1 : this.#bytes;
    return { from: 0, to: Math.max(1, to) };
  }

  /** Shows another part, no less than `least`. */
  show(x: Range, least: number): void {
    this.x = within(x, this.all, least);
  }

  /** Where operation `op` is. */
  at(op: number): number {
    return this.unit === "op" || !this.#clock ? op : bytesAt(this.#clock, op);
  }

  /** The operation at a place. */
  opAt(x: number): number {
    return this.unit === "op" || !this.#clock
      ? Math.floor(x)
      : opAt(this.#clock, x);
  }
}
