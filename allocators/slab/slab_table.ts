/**
 * The slabs of one cache in columns: where each lies, what is free in it.
 *
 * @module
 */
import { type Address, invariant, NULL } from "../allocator.ts";
import { longer } from "../longer.ts";

/** Ends a list of free objects. */
export const END = -1;
/** Stands in the place of a live object's link. */
export const LIVE = -2;
/** Stands there for a free object that is in a sheaf or waits for RCU. */
export const CACHED = -3;

/** Where a slab is; NONE: its columns are stale. */
export const Place = {
  NONE: 0,
  FULL: 1,
  NODE: 2,
  CPU_PARTIAL: 3,
  CPU: 4,
} as const;

/** Objects that a slab can have: they are numbered in 15 bits, as in Linux. */
const MOST_OBJECTS = 2 ** 15 - 1;

/** Slabs by number; numbers of removed slabs are used again. */
export class SlabTable {
  // One entry per slab.
  /** Address of the first object. */
  base: Float64Array<ArrayBuffer> = new Float64Array(0);
  /** Order of its pages. */
  order: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** Objects that fit: fewer than `stride` if the slab is a small one. */
  objects: Int16Array<ArrayBuffer> = new Int16Array(0);
  /** Objects that are live or kept by a CPU. */
  inuse: Int16Array<ArrayBuffer> = new Int16Array(0);
  /** First object of the slab's own freelist. */
  freelist: Int16Array<ArrayBuffer> = new Int16Array(0);
  /** A {@linkcode Place}. */
  place: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** Entry slab * stride + i: the free object after i, END, LIVE or CACHED. */
  next: Int16Array<ArrayBuffer> = new Int16Array(0);
  /** Slab numbers below this one have been in use. */
  used = 0;
  /** Objects of an ordinary slab. */
  readonly stride: number;
  /** Bytes from one object to the next. */
  readonly size: number;
  private readonly spare: number[] = [];
  // Objects in the order in which a new slab hands them out.
  private readonly sequence: Int32Array;
  private readonly draw: (() => number) | undefined;

  /**
   * Slabs of up to `stride` objects of `size` bytes, handed out in ascending order, or in a
   * sequence drawn once, from a point drawn for each slab.
   */
  constructor(stride: number, size: number, draw?: () => number) {
    if (stride > MOST_OBJECTS) {
      throw new RangeError(
        `A slab cannot have more than ${MOST_OBJECTS} objects`,
      );
    }
    this.stride = stride;
    this.size = size;
    this.draw = draw;
    this.sequence = Int32Array.from({ length: stride }, (_, i) => i);
    if (draw) shuffle(this.sequence, draw);
  }

  /** Number for a new slab of `objects` free objects. O(stride). */
  add(base: Address, order: number, objects: number): number {
    const slab = this.spare.pop() ?? this.used++;
    if (slab === this.place.length) this.grow();
    this.base[slab] = base;
    this.order[slab] = order;
    this.objects[slab] = objects;
    this.inuse[slab] = 0;
    const { stride } = this;
    const start = this.draw ? Math.floor(this.draw() * stride) : 0;
    let last = END;
    for (let k = stride - 1; k >= 0; k--) {
      const i = this.sequence[(start + k) % stride]!;
      if (i >= objects) continue;
      this.next[slab * stride + i] = last;
      last = i;
    }
    this.freelist[slab] = last;
    return slab;
  }

  /** The live object of the slab that starts at `address`; NULL if none does. */
  objectAt(slab: number, address: Address): number {
    const offset = address - this.base[slab]!;
    const i = Math.floor(offset / this.size);
    return i * this.size === offset && i < this.objects[slab]! &&
        this.next[slab * this.stride + i] === LIVE
      ? i
      : NULL;
  }

  /** The slab is gone. */
  remove(slab: number): void {
    this.place[slab] = Place.NONE;
    this.spare.push(slab);
  }

  /** The number of every slab in use. */
  *numbers(): Generator<number> {
    for (let slab = 0; slab < this.used; slab++) {
      if (this.place[slab] !== Place.NONE) yield slab;
    }
  }

  /** The free objects from `first` on. */
  *chain(slab: number, first: number): Generator<number> {
    for (let i = first; i !== END;) {
      yield i;
      i = this.next[slab * this.stride + i]!;
    }
  }

  /** The free objects from `first` on, as entries of `next`. */
  entries(slab: number, first: number): number[] {
    return Array.from(this.chain(slab, first), (i) => slab * this.stride + i);
  }

  /** The objects of the slab that are marked so: LIVE or CACHED. O(objects). */
  *marked(slab: number, mark: number): Generator<number> {
    const from = slab * this.stride;
    for (let i = 0; i < this.objects[slab]!; i++) {
      if (this.next[from + i] === mark) yield i;
    }
  }

  /** Live objects of the slab. O(objects). */
  liveIn(slab: number): number {
    return [...this.marked(slab, LIVE)].length;
  }

  /**
   * Throws InvariantError if the slab contradicts itself, given that `cached`
   * of its objects are kept by CPUs; returns its other free objects.
   */
  check(slab: number, cached: number): number {
    const objects = this.objects[slab]!;
    const free = [...this.chain(slab, this.freelist[slab]!)].length;
    // objects = live + own freelist + kept by CPUs
    invariant(
      objects === this.liveIn(slab) + free + cached,
      `Slab ${slab}: an object is lost`,
    );
    invariant(
      this.inuse[slab] === objects - free,
      `Slab ${slab}: inuse is wrong`,
    );
    invariant(
      this.place[slab] !== Place.FULL || free === 0,
      `Slab ${slab}: full, yet with free objects`,
    );
    return free;
  }

  private grow(): void {
    const length = Math.max(16, 2 * this.place.length);
    this.base = longer(this.base, length);
    this.order = longer(this.order, length);
    this.objects = longer(this.objects, length);
    this.inuse = longer(this.inuse, length);
    this.freelist = longer(this.freelist, length);
    this.place = longer(this.place, length);
    this.next = longer(this.next, length * this.stride);
  }
}

/** Fisher-Yates. */
function shuffle(sequence: Int32Array, draw: () => number): void {
  for (let i = sequence.length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    const kept = sequence[i]!;
    sequence[i] = sequence[j]!;
    sequence[j] = kept;
  }
}
