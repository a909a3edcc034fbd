/**
 * What nobody uses and what keeps it, region by region.
 *
 * A region is a run of cached and free blocks without a live one between them.
 * Memory of the break can only go back from the top, so a region is kept by
 * the live block right above it; cached blocks in it are kept by their lists as
 * well. Above a region at the upper end lies nothing: the heap's own threshold
 * keeps it, or those lists. `malloc_trim` gives whole pages back wherever they
 * lie, so what shares a page with the blocks around the region stays even then.
 *
 * @module
 */
import { type Allocator, NULL } from "../../allocators/allocator.ts";
import type { Lists } from "../../allocators/machine/causes.ts";
import type { AddressSpace } from "../../allocators/os/address_space.ts";
import { PAGE } from "../../allocators/pages.ts";

/** What lies right above a region. */
export type Above = "live" | "own" | "foreign" | "nothing";

/** A region that is resident, at least in part, and not in use. */
export interface Hole {
  /** Its first byte. */
  start: number;
  /** Resident bytes; those of them on a list; those that share a page. */
  bytes: number;
  cached: number;
  shared: number;
  /** The list that has most of the cached bytes; "" if none are. */
  list: string;
  /** What lies above it, and of a live block its payload's address. */
  above: Above;
  pin: number;
}

/** Every region of `heap`, in the order of its walk. O(blocks). */
export function holesOf(
  heap: Allocator,
  os: AddressSpace,
  lists: Lists,
): Hole[] {
  const finder = new Finder(os, lists);
  heap.walk((start, bytes, kind) => finder.block(start, bytes, kind));
  finder.close("nothing");
  return finder.holes;
}

class Finder {
  readonly holes: Hole[] = [];
  readonly #os: AddressSpace;
  readonly #lists: Lists;
  // The region that is open: its range, and resident bytes by list.
  #start = NULL;
  #end = NULL;
  #bytes = 0;
  #cached = new Map<string, number>();
  /** Whether a header was seen right above the region. */
  #header = false;
  /** Where the last block ended. */
  #at = NULL;

  constructor(os: AddressSpace, lists: Lists) {
    this.#os = os;
    this.#lists = lists;
  }

  block(start: number, bytes: number, kind: string): void {
    if (start !== this.#at) this.close("nothing");
    this.#at = start + bytes;
    if (kind === "live") this.close("live", start);
    else if (kind === "foreign") this.close("foreign");
    else if (this.#header) this.close("own");
    if (kind === "meta") this.#header = this.#start !== NULL;
    if (kind !== "cached" && kind !== "free") return;
    if (this.#start === NULL) this.#start = start;
    this.#end = this.#at;
    const held = this.#os.residentBytesIn(start, bytes);
    this.#bytes += held;
    if (kind === "cached") {
      const list = this.#lists.get(start) ?? "";
      this.#cached.set(list, (this.#cached.get(list) ?? 0) + held);
    }
  }

  /** The region ends below what is `above`. */
  close(above: Above, pin = NULL): void {
    if (this.#bytes > 0) {
      let [cached, list, most] = [0, "", 0];
      for (const [name, bytes] of this.#cached) {
        cached += bytes;
        if (bytes > most) [list, most] = [name, bytes];
      }
      this.holes.push({
        start: this.#start,
        bytes: this.#bytes,
        cached,
        shared: this.#shared(),
        list,
        above: this.#header && above === "nothing" ? "own" : above,
        pin,
      });
    }
    if (this.#cached.size > 0) this.#cached = new Map();
    this.#start = NULL;
    this.#bytes = 0;
    this.#header = false;
  }

  /** Resident bytes of the region on pages that it does not fill. */
  #shared(): number {
    const first = Math.ceil(this.#start / PAGE) * PAGE;
    const last = Math.floor(this.#end / PAGE) * PAGE;
    if (first > last) return this.#bytes;
    return this.#os.residentBytesIn(this.#start, first - this.#start) +
      this.#os.residentBytesIn(last, this.#end - last);
  }
}
