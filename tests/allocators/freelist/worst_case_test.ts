/**
 * Exact worst cases: Robson's bound on every fit, the adversary of best fit,
 * and segregated powers of two through growing phases.
 *
 * @module
 */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Allocator } from "../../../allocators/allocator.ts";
import { parseSpec } from "../../../allocators/entry.ts";
import { FlatSource } from "../../../allocators/pages.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";

/** A client in cells that notes the highest end of a live block ever. */
class Client {
  readonly heap: Allocator;
  /** Cells of each live block by address. */
  readonly live = new Map<number, number>();
  used = 0;
  span = 0;

  constructor(spec: string) {
    const { entry, values } = parseSpec(spec, ALLOCATORS);
    const source = new FlatSource();
    this.heap = entry.create(values, { source, draw: () => 0 });
  }

  malloc(cells: number): number {
    const address = this.heap.malloc(cells);
    this.live.set(address, cells);
    this.used += cells;
    this.span = Math.max(this.span, address + this.heap.usableSize(address));
    return address;
  }

  free(address: number): void {
    this.used -= this.live.get(address)!;
    this.live.delete(address);
    this.heap.free(address, 0);
  }
}

/** Keeps, in doubling steps, only blocks that spoil a cell of each period. */
function robson(client: Client, most: number, longest: number): void {
  while (client.used < most) client.malloc(1);
  let kept = 0;
  for (let period = 2; period <= longest; period *= 2) {
    const spoils = (cell: number, address: number, cells: number) =>
      ((cell - address) % period + period) % period < cells;
    const score = (cell: number) => {
      let sum = 0;
      for (const [address, cells] of client.live) {
        if (spoils(cell, address, cells)) sum += period - cells;
      }
      return sum;
    };
    const other = kept + period / 2;
    if (score(other) > score(kept)) kept = other;
    for (const [address, cells] of [...client.live]) {
      if (!spoils(kept, address, cells)) client.free(address);
    }
    while (client.used + period <= most) client.malloc(period);
  }
}

for (const fit of ["first_fit", "best_fit", "next_fit", "worst_fit"]) {
  Deno.test(`Robson's adversary drives ${fit} to the bound of all`, () => {
    for (const [most, longest, span] of [[1024, 16, 3057], [4096, 64, 16321]]) {
      const client = new Client(`${fit}:header=0:align=1`);
      robson(client, most!, longest!);
      assertEquals(client.span, span);
    }
  });
}

/**
 * Grows a run of reserved cells between holes of m - 3 that best fit cannot
 * use: from address 0, R(m-2) (F(m-3) R(1))^k.
 */
function againstBestFit(client: Client, m: number, most: number): void {
  const alloc = (cells: number) => client.malloc(cells);
  const free = (address: number) => client.free(address);
  const pins: number[] = [];
  let lead = alloc(m - 2);
  for (let k = 0; 5 * m - 10 + k <= most; k++) {
    const t1 = alloc(m - 2), t2 = alloc(m - 2);
    const last = pins.pop();
    free(last ?? lead);
    free(t1);
    let a = alloc(m), b = alloc(m - 5), p = alloc(1);
    free(a);
    if (last === undefined) {
      lead = alloc(m - 2);
      free(b);
      pins.push(p);
    } else {
      const finished: number[] = [];
      for (const held of [...pins.reverse(), lead]) {
        const x = alloc(m - 2), w = alloc(2);
        free(x);
        free(held);
        a = alloc(m);
        const b2 = alloc(m - 5), p2 = alloc(1);
        free(a);
        if (held === lead) lead = alloc(m - 2);
        free(w);
        free(b);
        finished.push(p);
        [b, p] = [b2, p2];
      }
      free(b);
      finished.push(p);
      pins.splice(0, pins.length, ...finished.reverse());
    }
    free(t2);
  }
  while (client.used + m - 2 <= most) alloc(m - 2);
}

Deno.test("best fit has an adversary of its own, first fit shrugs it off", () => {
  const spans = ["best_fit", "first_fit"].map((fit) => {
    const client = new Client(`${fit}:header=0:align=1`);
    againstBestFit(client, 8, 128);
    return client.span;
  });
  assertEquals(spans, [618, 139]);
});

/** Footprint after phases of requests for `cells(i)`, each freed whole. */
function phases(phaseCount: number, cells: (i: number) => number): number {
  const most = 4096;
  const client = new Client("kingsley:header=0:min=1:page=1");
  for (let i = 0; i < phaseCount; i++) {
    while (client.used + cells(i) <= most) client.malloc(cells(i));
    for (const address of [...client.live.keys()]) client.free(address);
  }
  return client.heap.footprint / most;
}

Deno.test("kingsley needs M (1 + log2 n) where blocks double in phases", () => {
  assertEquals(phases(7, (i) => 2 ** i) * 4096, 28672);
});

Deno.test("kingsley needs far more where requests just miss a power", () => {
  const above = (i: number) => Math.ceil(2 ** (i - 1)) + (i > 0 ? 1 : 0);
  assertAlmostEquals(phases(5, above), 6.7, 0.05);
  assertAlmostEquals(phases(7, above), 10.5, 0.05);
  assertAlmostEquals(phases(9, above), 14.5, 0.1);
});
