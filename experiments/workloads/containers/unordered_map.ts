/**
 * `std::unordered_map` with integer keys: one singly linked list through all
 * nodes, in which those of a bucket are neighbours, and an array that has for
 * each bucket the node before its first.
 *
 * When the elements outnumber the buckets, the array is replaced by one of at
 * least twice as many buckets, a prime from a table; it is there before the
 * old one is freed. `clear` frees the nodes in list order and keeps the array.
 *
 * Simplified: strings as keys are left out, since the order of the list would
 * depend on the hash of their characters.
 *
 * @module
 */
import type { Container } from "./container.ts";
import { type Elements, roomFor } from "./elements.ts";
import type { Word } from "./layout.ts";

/** Numbers of buckets, as they follow each other in a growing map. */
const BUCKET_COUNTS = [
  13,
  29,
  59,
  127,
  257,
  541,
  1109,
  2357,
  5087,
  10_273,
  20_753,
  42_043,
  85_229,
  172_933,
  351_061,
  712_697,
  1_447_153,
  2_938_679,
  5_967_347,
  12_117_689,
  24_607_243,
  49_969_847,
  101_473_717,
  206_062_531,
] as const;

/** No node. */
const NONE = -1;

/** Operations are O(1) on average, but for rehashing and `clear`. */
export class UnorderedMap implements Container {
  readonly #elements: Elements;
  readonly #word: Word;
  // Of element e: its key, and the next element of the list (0: none).
  // next[0] is the first element of the list.
  #key = new Int32Array(64);
  #next = new Int32Array(64);
  // Element before the first of bucket b: 0 is the start of the list.
  #before = new Int32Array(1).fill(NONE);
  /** Slot of the array; -1: the one bucket inside the map object. */
  #array = -1;
  #growths = 0;

  /** An empty map, which has one bucket inside. */
  constructor(elements: Elements, word: Word) {
    this.#elements = elements;
    this.#word = word;
  }

  get size(): number {
    return this.#elements.count;
  }

  /** Number of buckets. */
  get buckets(): number {
    return this.#before.length;
  }

  insert(key: number): void {
    if (this.#previous(key) !== NONE) return;
    const e = this.#elements.make(key);
    if (this.size > (this.#growths === 0 ? 0 : this.buckets)) this.#rehash();
    this.#key = roomFor(this.#key, e);
    this.#next = roomFor(this.#next, e);
    this.#key[e] = key;
    const bucket = key % this.buckets;
    this.#linkIn(e, bucket);
    if (this.#before[bucket] === 0) this.#followedBy(e);
  }

  erase(key: number): void {
    const previous = this.#previous(key);
    if (previous === NONE) return;
    const e = this.#next[previous]!;
    const bucket = key % this.buckets;
    const next = this.#next[e]!;
    const nextBucket = next === 0 ? NONE : this.#key[next]! % this.buckets;
    if (nextBucket !== bucket) {
      if (next !== 0) this.#before[nextBucket] = previous;
      if (this.#before[bucket] === previous) this.#before[bucket] = NONE;
    }
    this.#next[previous] = next;
    this.#elements.drop(e);
  }

  clear(): void {
    for (let e = this.#next[0]!; e !== 0;) {
      const next = this.#next[e]!;
      this.#elements.drop(e);
      e = next;
    }
    this.#next[0] = 0;
    this.#before.fill(NONE);
  }

  destroy(): void {
    this.clear();
    if (this.#array >= 0) this.#elements.nodes.free(this.#array);
    this.#array = -1;
    this.#growths = 0;
    this.#before = new Int32Array(1).fill(NONE);
  }

  /** The element before the one with `key`; NONE if there is no such. */
  #previous(key: number): number {
    const bucket = key % this.buckets;
    let previous = this.#before[bucket]!;
    if (previous === NONE) return NONE;
    for (let e = this.#next[previous]!; e !== 0; e = this.#next[e]!) {
      if (this.#key[e] === key) return previous;
      if (this.#key[e]! % this.buckets !== bucket) return NONE;
      previous = e;
    }
    return NONE;
  }

  /** Puts `e` in front of its bucket, an empty bucket in front of the list. */
  #linkIn(e: number, bucket: number): void {
    if (this.#before[bucket] === NONE) this.#before[bucket] = 0;
    const previous = this.#before[bucket]!;
    this.#next[e] = this.#next[previous]!;
    this.#next[previous] = e;
  }

  /** `e` has become the first of the list: the bucket that was first follows it. */
  #followedBy(e: number): void {
    const next = this.#next[e]!;
    if (next === 0) return;
    const bucket = this.#key[next]! % this.buckets;
    if (bucket !== this.#key[e]! % this.buckets) this.#before[bucket] = e;
  }

  #rehash(): void {
    const buckets = BUCKET_COUNTS[this.#growths++];
    if (buckets === undefined) throw new RangeError("Too many elements");
    const { nodes } = this.#elements;
    const longer = nodes.malloc(buckets * this.#word);
    nodes.write(longer, 0, buckets * this.#word);
    this.#before = new Int32Array(buckets).fill(NONE);
    let e = this.#next[0]!;
    this.#next[0] = 0;
    while (e !== 0) {
      const next = this.#next[e]!;
      this.#linkIn(e, this.#key[e]! % buckets);
      if (this.#before[this.#key[e]! % buckets] === 0) this.#followedBy(e);
      e = next;
    }
    if (this.#array >= 0) nodes.free(this.#array);
    this.#array = longer;
  }
}
