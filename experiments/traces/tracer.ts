/**
 * What the lines of the kernel's tracers have in common, whatever event they
 * show: the CPU that it happened on, and when.
 *
 * @module
 */
import { EachLine } from "./each_line.ts";
import { Op } from "./trace.ts";

const CPU = /\[(\d{1,5})\]|(?:^|\|)\s*(\d{1,5})\) /;
const SECONDS = /(?:^|\s)(\d{1,9})\.(\d{6}|\d{9})(?::| \|)/;
/** Microseconds between two TIME rows, at least. */
const TICK = 1000;

/** Parses what ftrace, `trace-cmd report` or `perf script` print. */
export abstract class TracerParser extends EachLine {
  #cpu = "";
  // Microseconds of the first event, and of the last TIME row.
  #first: number | undefined;
  #last = 0;

  /** Pushes a row: what follows happened on that CPU. */
  protected abstract on(cpu: number): void;

  /** Pushes a row for the time or the CPU of `line` if that is due. */
  protected marked(line: string): boolean {
    const [, seconds, fraction] = SECONDS.exec(line) ?? [];
    if (seconds !== undefined) {
      const now = 1e6 * Number(seconds) + Number(fraction!.slice(0, 6));
      this.#first ??= now;
      if (now - this.#first >= this.#last + TICK) {
        this.#last = now - this.#first;
        this.push(Op.TIME, -1, this.#last, 0);
        return true;
      }
    }
    const [, one, other] = CPU.exec(line) ?? [];
    const cpu = one ?? other ?? this.#cpu;
    if (cpu === this.#cpu) return false;
    this.#cpu = cpu;
    this.on(Number(cpu));
    return true;
  }
}
