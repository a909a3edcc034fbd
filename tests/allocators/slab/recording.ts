/**
 * A recorded slab cache beside the model of it, object by object.
 *
 * The recording names objects by their addresses. Which object of the model is
 * meant becomes known when it is handed out for the first time; from then on
 * its address can be predicted. So can that of an object in a new slab, once
 * another object of the slab is known: all slabs of a cache hand their objects
 * out in one cyclic sequence, entered anywhere.
 *
 * @module
 */
import { assert } from "@std/assert";
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { PAGE } from "../../../allocators/pages.ts";
import { KmemCache } from "../../../allocators/slab/kmem_cache.ts";
import type { SlubGeometry } from "../../../allocators/slab/slub.ts";

/** One line of the recording. */
export interface Event {
  op: "alloc" | "free";
  /** Address in the kernel. */
  real: number;
}

/** The allocations and frees in the text of ftrace. */
export function eventsOf(text: string): Event[] {
  return Array.from(
    text.matchAll(/kmem_cache_(alloc|free): .*ptr=ff110000([\da-f]{8})/g),
    ([, op, digits]) => ({
      op: op as Event["op"],
      real: parseInt(digits!, 16),
    }),
  );
}

/** Pages that tell which blocks are handed out and given back. */
class Watched extends LinuxBuddy {
  given: (pfn: number) => void = () => {};
  back: (pfn: number) => void = () => {};

  override allocPages(order: number, type?: number): number {
    const pfn = super.allocPages(order, type);
    this.given(pfn);
    return pfn;
  }

  override freePages(pfn: number, order: number): void {
    this.back(pfn);
    super.freePages(pfn, order);
  }
}

/** A model that follows a recording. */
export class Recording {
  readonly cache: KmemCache;
  /** Addresses that were as predicted: objects seen before, and of new slabs. */
  readonly right = { seen: 0, sequence: 0 };
  /** Addresses that were not as predicted. */
  wrong = 0;
  /** Addresses that nothing was known about. */
  unknown = 0;
  /** Slabs given back. */
  back = 0;
  readonly #geometry: SlubGeometry;
  // Addresses of the model and of the kernel.
  readonly #real = new Map<number, number>();
  readonly #model = new Map<number, number>();
  /** First addresses of slabs that were new in the recording. */
  readonly #fresh = new Set<number>();
  /** The index that follows an index in the sequence. */
  readonly #after = new Map<number, number>();
  readonly #pages = new Watched({ pages: 2 ** 14, type: 0 });

  constructor(geometry: SlubGeometry) {
    this.#geometry = geometry;
    this.cache = new KmemCache(this.#pages, geometry);
    this.#pages.given = (pfn) => this.#fresh.add(pfn * PAGE);
    this.#pages.back = (pfn) => {
      this.back++;
      this.#fresh.delete(pfn * PAGE);
      for (const model of this.objectsOf(pfn * PAGE)) {
        this.#model.delete(this.#real.get(model)!);
        this.#real.delete(model);
      }
    };
  }

  /** From here on slabs are new; `known` ones were new before. */
  begin(known: readonly number[] = []): void {
    this.#fresh.clear();
    for (const slab of known) this.#fresh.add(slab);
    this.back = 0;
  }

  /** The objects of the model's slab that starts at `slab`. */
  objectsOf(slab: number): number[] {
    const { size, objects } = this.#geometry;
    return Array.from({ length: objects }, (_, i) => slab + i * size);
  }

  /** The model's slab around an object. */
  slabOf(model: number): number {
    const bytes = PAGE << this.#geometry.order;
    return Math.floor(model / bytes) * bytes;
  }

  /** An object of the model is that one in the kernel. */
  bind(model: number, real: number): void {
    this.#real.set(model, real);
    this.#model.set(real, model);
    const slab = this.slabOf(model);
    if (!this.#fresh.has(slab)) return;
    const { size, objects } = this.#geometry;
    const at = (address: number) => {
      const i = (address - this.slabOf(address)) / size;
      assert(Number.isInteger(i), `No object starts at ${address}`);
      return i;
    };
    const all = this.objectsOf(slab);
    const [before, behind] = [objects - 1, 1].map((step) =>
      this.#real.get(all[(at(model) + step) % objects]!)
    );
    if (before !== undefined) this.#learn(at(before), at(real));
    if (behind !== undefined) this.#learn(at(real), at(behind));
  }

  /** Performs an event. */
  perform({ op, real }: Event): void {
    if (op === "alloc") this.#alloc(real);
    else {
      const model = this.#model.get(real) ?? this.#stranger(real);
      this.cache.free(model);
    }
  }

  #alloc(real: number): void {
    const model = this.cache.alloc();
    const seen = this.#real.get(model);
    const predicted = seen ?? this.#bySequence(model);
    if (predicted === undefined) {
      this.unknown++;
      assert(!this.#model.has(real), `${real} is another object`);
    } else if (predicted !== real) this.wrong++;
    else this.right[seen === undefined ? "sequence" : "seen"]++;
    this.bind(model, real);
  }

  /** Where an object of a new slab is, by others before it. */
  #bySequence(model: number): number | undefined {
    const slab = this.slabOf(model);
    if (!this.#fresh.has(slab)) return undefined;
    const { size, objects } = this.#geometry;
    for (const other of this.objectsOf(slab)) {
      const real = this.#real.get(other);
      if (real === undefined) continue;
      let i: number | undefined = (real - this.slabOf(real)) / size;
      const steps = (model - other) / size + objects;
      for (let step = 0; step < steps % objects && i !== undefined; step++) {
        i = this.#after.get(i);
      }
      if (i !== undefined) return this.slabOf(real) + i * size;
    }
    return undefined;
  }

  #learn(i: number, next: number): void {
    const known = this.#after.get(i);
    if (known !== undefined && known !== next) this.wrong++;
    this.#after.set(i, next);
  }

  /** A live object of the model for one from before the recording. */
  #stranger(real: number): number {
    const slab = this.slabOf(real);
    const neighbour = [...this.#model].find(([other]) =>
      this.slabOf(other) === slab
    );
    assert(neighbour, `Nothing is known of the slab of ${real}`);
    const model = this.objectsOf(this.slabOf(neighbour[1])).find((one) => {
      if (this.#real.has(one)) return false;
      try {
        this.cache.assertLive(one);
        return true;
      } catch {
        return false;
      }
    });
    assert(model !== undefined, `No live object for ${real}`);
    this.bind(model, real);
    return model;
  }
}
