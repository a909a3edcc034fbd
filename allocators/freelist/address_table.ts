/**
 * Which live block has its payload at an address: a hash table with linear
 * probing, so that memory is proportional to the live blocks and any address
 * below 2^53 will do. Removal moves later entries up (D. E. Knuth, The Art of
 * Computer Programming, vol. 3, 2nd ed., section 6.4, Algorithm R).
 *
 * @module
 */

/** From addresses to 32-bit numbers but 0; each operation is O(1) on average. */
export class AddressTable {
  // Slot i holds the pair (address[i], node[i]); it is empty where
  // node[i] = 0. Between the home of an address and the slot that holds it
  // no slot is empty. At most half of the slots, a power of two, are taken.
  private address: Float64Array<ArrayBuffer> = new Float64Array(2048);
  private node: Int32Array<ArrayBuffer> = new Int32Array(2048);
  /** Number of addresses held. */
  size = 0;

  /** The node at `address`; 0 if there is none, whatever `address` is. */
  get(address: number): number {
    return this.node[this.find(address)]!;
  }

  /** Notes `node`, not 0, at `address`, which must not be held yet. */
  set(address: number, node: number): void {
    if (2 * this.size === this.node.length) this.grow();
    const i = this.find(address);
    this.address[i] = address;
    this.node[i] = node;
    this.size++;
  }

  /** Forgets `address`; returns its node, 0 if there was none. */
  take(address: number): number {
    const held = this.address, node = this.node;
    const mask = node.length - 1;
    let empty = this.find(address);
    const taken = node[empty]!;
    if (taken === 0) return 0;
    for (let i = (empty + 1) & mask; node[i] !== 0; i = (i + 1) & mask) {
      // An address moves down unless its home lies in empty + 1 .. i.
      if (((i - this.home(held[i]!)) & mask) < ((i - empty) & mask)) continue;
      held[empty] = held[i]!;
      node[empty] = node[i]!;
      empty = i;
    }
    node[empty] = 0;
    this.size--;
    return taken;
  }

  /** The slot that holds `address`, or the empty one where it would go. */
  private find(address: number): number {
    const held = this.address, node = this.node;
    const mask = node.length - 1;
    let i = this.home(address);
    while (node[i] !== 0 && held[i] !== address) i = (i + 1) & mask;
    return i;
  }

  /** Multiplicative hashing: as many upper bits of a product as slots need. */
  private home(address: number): number {
    const upper = Math.imul(address / 2 ** 32, 0x85ebca6b);
    const product = Math.imul(address ^ upper, 0x9e3779b1);
    return product >>> Math.clz32(this.node.length - 1);
  }

  private grow(): void {
    const address = this.address;
    const node = this.node;
    this.address = new Float64Array(2 * node.length);
    this.node = new Int32Array(2 * node.length);
    for (let i = 0; i < node.length; i++) {
      if (node[i] === 0) continue;
      const slot = this.find(address[i]!);
      this.address[slot] = address[i]!;
      this.node[slot] = node[i]!;
    }
  }
}
