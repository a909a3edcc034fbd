/**
 * What the parts of a musl heap share: its groups and their descriptors, the
 * contents that placements depend on, and the sums.
 *
 * @module
 */
import { type Address, Counters, NULL } from "../allocator.ts";
import { AddressTable } from "../freelist/address_table.ts";
import { PAGE, type PageSource } from "../pages.ts";
import { Bounces } from "./bounces.ts";
import { CLASSES, MAPPING } from "./classes.ts";
import { Contents } from "./contents.ts";
import { Groups, NONE } from "./groups.ts";

/** Descriptors of groups in a page of them. */
const DESCRIPTORS = 101;

/** The state of one heap. */
export class State {
  readonly counters: Counters = new Counters();
  readonly groups: Groups = new Groups();
  readonly contents: Contents = new Contents();
  readonly bounces: Bounces = new Bounces();
  /** Slots of live blocks, as group x 32 + index + 1, by address. */
  readonly blocks: AddressTable = new AddressTable();
  /** Free slots, by class; all of them are on its ring. */
  readonly free: Int32Array = new Int32Array(CLASSES);
  /** Slots in existence, by class. */
  readonly used: Float64Array = new Float64Array(MAPPING + 1);
  /** Mappings made so far. */
  mappings = 0;
  /** Bytes of live blocks. */
  allocated = 0;
  /** Bytes of mappings, donated groups and descriptors. */
  footprint = 0;
  /** Pages taken from the break for descriptors; the first is a guard. */
  readonly descriptors: Address[] = [];
  /** Bits of `Path`: what the last request did. */
  path = 0;

  /** Nothing yet, over `source`. */
  constructor(readonly source: PageSource) {}

  /** Maps `bytes`, whole pages; {@linkcode NULL} if the system refuses. */
  map(bytes: number): Address {
    const start = this.source.mmap(bytes);
    if (start === NULL) return NULL;
    this.mappings++;
    this.footprint += bytes;
    this.source.touch(start, 9);
    return start;
  }

  /** Describes a new group; what is available in it is to be set. */
  describe(
    c: number,
    start: Address,
    unit: number,
    stride: number,
    count: number,
  ): number {
    const { groups } = this;
    const g = groups.take();
    const pages = Math.max(0, this.descriptors.length - 1);
    if (groups.most > DESCRIPTORS * pages) {
      this.moreDescriptors();
    }
    groups.start[g] = start;
    groups.unit[g] = unit;
    groups.stride[g] = stride;
    groups.sizeClass[g] = c;
    groups.last[g] = count - 1;
    groups.activeTo[g] = 0;
    groups.available[g] = groups.freed[g] = 0;
    groups.pages[g] = 0;
    groups.outer[g] = NONE;
    groups.freeable[g] = 1;
    return g;
  }

  /** A page for descriptors; the first comes with a guard below it. */
  private moreDescriptors(): void {
    const pages = this.descriptors.length === 0 ? 2 : 1;
    const start = this.source.sbrk(pages * PAGE);
    if (start === NULL) return;
    for (let i = 0; i < pages; i++) this.descriptors.push(start + i * PAGE);
    this.footprint += pages * PAGE;
    this.source.touch(this.descriptors.at(-1)!, 1);
  }
}
