/**
 * The stretches of the address space that a heap uses, one upon the other: what
 * lies between them is not shown. A compiler's heap spans terabytes, and nearly
 * all of it is a gap between the break and the mappings.
 *
 * @module
 */
import type { Fold } from "./protocol.ts";

/** Unused bytes from here on are a gap: 1 MiB. */
const REGION = 2 ** 20;

/** Bytes that were used in a region of 1 MiB. */
interface Used {
  from: number;
  to: number;
}

/** Collects what is used. */
export class Extents {
  /** By number of the region; what crosses a border counts as used in both. */
  private readonly regions = new Map<number, Used>();
  /** Longer ones, which are not cut at the borders of regions. */
  private readonly long: Used[] = [];
  private last: Used = { from: 0, to: 0 };
  private lastRegion = -1;

  /** `bytes` from `address` on are used. */
  add(address: number, bytes: number): void {
    const to = address + Math.max(bytes, 1);
    const region = Math.floor(address / REGION);
    if (to > (region + 1) * REGION) {
      this.addLong(address, to);
      return;
    }
    if (region !== this.lastRegion) {
      const found = this.regions.get(region) ?? { from: address, to };
      this.regions.set(region, found);
      this.last = found;
      this.lastRegion = region;
    }
    const { last } = this;
    if (address < last.from) last.from = address;
    if (to > last.to) last.to = to;
  }

  /** The stretches in the order of addresses, one upon the other. */
  folds(): Fold[] {
    const used = [...this.regions.values(), ...this.long]
      .sort((a, b) => a.from - b.from);
    const folds: Fold[] = [];
    let y = 0;
    let i = 0;
    while (i < used.length) {
      const { from } = used[i]!;
      let { to } = used[i]!;
      for (i++; i < used.length && used[i]!.from - to < REGION; i++) {
        to = Math.max(to, used[i]!.to);
      }
      folds.push({ address: from, y, bytes: to - from, name: "" });
      y += to - from;
    }
    return folds;
  }

  private addLong(from: number, to: number): void {
    const known = this.long.at(-1);
    // Mappings are often made again at the same place.
    if (known && known.from <= to && from <= known.to) {
      known.from = Math.min(known.from, from);
      known.to = Math.max(known.to, to);
    } else this.long.push({ from, to });
    if (this.long.length > 4096) this.join();
  }

  private join(): void {
    const sorted = this.long.splice(0).sort((a, b) => a.from - b.from);
    for (const one of sorted) {
      const below = this.long.at(-1);
      if (below && one.from <= below.to) below.to = Math.max(below.to, one.to);
      else this.long.push(one);
    }
  }
}

/** Height of `address` above the lowest byte that is shown; NaN if it is in a gap. */
export function heightOf(folds: readonly Fold[], address: number): number {
  const fold = foldAt(folds, address);
  return fold && address <= fold.address + fold.bytes
    ? fold.y + address - fold.address
    : NaN;
}

/** The address at a height. */
export function addressAt(folds: readonly Fold[], y: number): number {
  const fold = folds.findLast((one) => one.y <= y) ?? folds[0];
  return fold ? fold.address + (y - fold.y) : 0;
}

function foldAt(folds: readonly Fold[], address: number): Fold | undefined {
  let low = 0;
  let high = folds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (folds[middle]!.address <= address) low = middle + 1;
    else high = middle;
  }
  return folds[low - 1];
}

/** Replaces every address, in place, by its height. */
export function fold(folds: readonly Fold[], addresses: Float64Array): void {
  let known = folds[0];
  for (let i = 0; i < addresses.length; i++) {
    const address = addresses[i]!;
    if (
      known === undefined || address < known.address ||
      address > known.address + known.bytes
    ) known = foldAt(folds, address);
    addresses[i] = address + (known!.y - known!.address);
  }
}
