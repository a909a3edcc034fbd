/**
 * The processes whose calls a log shows. A forked child has a heap of its own,
 * at the addresses of its parent, so calls of several make no sense together,
 * unless the user knows better (ltrace numbers threads as if they were
 * processes).
 *
 * @module
 */
import { plural } from "./plural.ts";
import { unexpected } from "./lines.ts";

/** Processes that a message lists. */
const MAX_LISTED = 12;

/** Tells the calls that count from those of other processes. */
export class Processes {
  readonly #chosen: ReadonlySet<number> | undefined;
  /** The process of the first call, if none are chosen. */
  #first: number | undefined;
  /** Calls of each process, in the order of their first. */
  readonly #calls = new Map<number, number>();
  /** The first call of another process. */
  #other: { line: number; text: string } | undefined;

  /** Takes the calls of `chosen` processes; of the first one if not given. */
  constructor(chosen?: readonly number[]) {
    this.#chosen = chosen && new Set(chosen);
  }

  /**
   * Whether the call of process `pid` on this line counts; a log without
   * numbers of processes has those of process 0.
   */
  takes(pid: number, line: number, text: string): boolean {
    this.#calls.set(pid, (this.#calls.get(pid) ?? 0) + 1);
    if (this.#chosen) return this.#chosen.has(pid);
    this.#first ??= pid;
    if (pid === this.#first) return true;
    this.#other ??= { line, text };
    return false;
  }

  /** Whether what follows on the last line of process `pid` counts. */
  took(pid: number): boolean {
    return this.#chosen?.has(pid) ?? pid === this.#first;
  }

  /** Throws `SyntaxError` if the file `name` leaves open whose calls to take. */
  check(name: string): void {
    const all = [...this.#calls];
    const listed = all.slice(0, MAX_LISTED)
      .map(([pid, calls]) => `${pid} (${plural(calls, "call")})`).join(", ") +
      (all.length > MAX_LISTED ? ", ..." : "");
    if (this.#other) {
      const expected = `one process, or --pid with some of ${listed}`;
      throw unexpected(name, this.#other.line, expected, this.#other.text);
    }
    if (
      all.length > 0 && this.#chosen && !all.some(([pid]) => this.took(pid))
    ) {
      const chosen = [...this.#chosen].join(", ");
      throw new SyntaxError(
        `${name}: Expected --pid with some of ${listed}, got ${chosen}`,
      );
    }
  }
}
