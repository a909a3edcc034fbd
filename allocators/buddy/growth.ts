/**
 * How page memory gets longer: by pages that follow its end in the layer
 * below.
 *
 * @module
 */
import { type Address, NULL } from "../allocator.ts";
import type { PageSource } from "../pages.ts";

/** The most pages a memory can have. */
export const MOST_PAGES: number = 2 ** 26;

/** One stretch of the layer below, from `base` on. */
export class Growth {
  /** Address of page 0; 0 before there is one. */
  base: Address = 0;
  private readonly source: PageSource;
  private readonly pageBytes: number;

  /** Takes pages of `pageBytes` bytes by `source.sbrk`. */
  constructor(source: PageSource, pageBytes: number) {
    this.source = source;
    this.pageBytes = pageBytes;
  }

  /**
   * Adds `more` pages behind the `held` ones; false if there are none.
   * Simplified: memory that somebody else put behind ours ends the growth.
   */
  extend(held: number, more: number): boolean {
    if (held + more > MOST_PAGES) return false;
    const bytes = more * this.pageBytes;
    const start = this.source.sbrk(bytes);
    if (start === NULL) return false;
    if (held === 0) this.base = start;
    else if (start !== this.base + held * this.pageBytes) {
      this.source.sbrk(-bytes);
      return false;
    }
    return true;
  }
}
