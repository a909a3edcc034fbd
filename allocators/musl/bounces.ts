/**
 * How often the groups of a class were unmapped and soon mapped again.
 *
 * A class that bounced a hundred times keeps its last group, until it has used
 * it often enough.
 *
 * Source: musl 1.2.6 (mallocng), observed.
 *
 * @module
 */
import { CLASSES } from "./classes.ts";

/** Only classes in this range count. */
const FIRST = 7;
const LAST = 38;
/** From here on a class is said to bounce. */
const BOUNCING = 100;
/** What the count is set to when it gets there. */
const AT_BOUNCING = 150;
/** Mappings made and dropped within which a new one counts. */
const SOON = 10;

/** A count and a time for each class; time goes round from 255 to 1. */
export class Bounces {
  private now = 0;
  // When a group of the class was last unmapped; 0: never, or forgotten.
  private readonly unmapped = new Uint8Array(CLASSES);
  private readonly count = new Uint8Array(CLASSES);

  /** A mapping was made or dropped. */
  step(): void {
    if (this.now === 255) {
      this.unmapped.fill(0);
      this.now = 0;
    }
    this.now++;
  }

  /** Whether class `c` keeps its last group. */
  isBouncing(c: number): boolean {
    return c >= FIRST && c <= LAST && this.count[c]! >= BOUNCING;
  }

  /** A group of class `c` is about to be mapped. */
  made(c: number): void {
    if (c >= FIRST && c <= LAST) {
      const then = this.unmapped[c]!;
      if (then !== 0 && this.now - then < SOON) {
        const count = this.count[c]! + 1;
        this.count[c] = count >= BOUNCING ? AT_BOUNCING : count;
      }
    }
    this.step();
  }

  /** A group of class `c` was unmapped. */
  gone(c: number): void {
    this.step();
    if (c >= FIRST && c <= LAST) this.unmapped[c] = this.now;
  }

  /** A group of class `c` was used again. */
  decay(c: number): void {
    if (c >= FIRST && c <= LAST && this.count[c]! > 0) this.count[c]!--;
  }
}
