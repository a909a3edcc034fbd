/**
 * The rules of a sequential-fit heap, one by one: layout, remainders, top,
 * foreign memory, realloc, memalign, touches.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { type Allocator, NULL } from "../../../allocators/allocator.ts";
import { parseSpec } from "../../../allocators/entry.ts";
import { FlatSource } from "../../../allocators/pages.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";

/** Memory that notes what it is told. */
class Witness extends FlatSource {
  override readonly lazy = true as unknown as false;
  readonly moves: number[][] = [];
  readonly touched: number[][] = [];

  override move(from: number, to: number, bytes: number): void {
    this.moves.push([from, to, bytes]);
  }

  override touch(address: number, bytes: number): void {
    this.touched.push([address, bytes]);
  }
}

function make(spec: string, limit?: number): [Allocator, Witness] {
  const { entry, values } = parseSpec(spec, ALLOCATORS);
  const source = new Witness(limit);
  return [entry.create(values, { source, draw: () => 0 }), source];
}

/** The blocks of a heap as text: `free 16+32`. */
function blocks(heap: Allocator): string[] {
  const seen: string[] = [];
  heap.check();
  heap.walk((start, bytes, kind) => seen.push(`${kind} ${start}+${bytes}`));
  return seen;
}

const PURE = "first_fit:header=0:align=1";

Deno.test("a header lies before an aligned payload", () => {
  const [heap] = make("first_fit");
  assertEquals([heap.malloc(24), heap.malloc(0), heap.malloc(25)], [
    16,
    48,
    80,
  ]);
  assertEquals(blocks(heap), [
    "meta 0+8",
    "meta 8+8",
    "live 16+24",
    "meta 40+8",
    "live 48+24",
    "meta 72+8",
    "live 80+40",
  ]);
});

Deno.test("without header and alignment a block is what was asked", () => {
  const [heap] = make(PURE);
  assertEquals([3, 0, 0, 5].map((n) => heap.malloc(n)), [0, 3, 4, 5]);
  assertEquals(blocks(heap), ["live 0+3", "live 3+1", "live 4+1", "live 5+5"]);
});

Deno.test("what is too short for a hole stays with the block", () => {
  const [heap] = make("first_fit:header=0:align=1:min=8");
  heap.free((heap.malloc(20), heap.malloc(20)), 20);
  heap.malloc(20);
  heap.free(0, 20);
  assertEquals([heap.malloc(13), heap.usableSize(0)], [0, 20]);
  heap.free(0, 13);
  assertEquals([heap.malloc(12), heap.usableSize(0)], [0, 12]);
  assertEquals(blocks(heap), ["live 0+12", "free 12+8", "live 20+20"]);
});

Deno.test("a growing arena ends with its last block", () => {
  const [heap, source] = make(PURE);
  const [, b, c] = [heap.malloc(10), heap.malloc(20), heap.malloc(30)];
  assertEquals([heap.footprint, source.systemCalls], [60, 3]);
  heap.free(b!, 20);
  assertEquals([heap.footprint, source.systemCalls], [60, 3]);
  heap.free(c!, 30);
  assertEquals([heap.footprint, source.systemCalls], [10, 4]);
  heap.free(0, 10);
  assertEquals([heap.footprint, blocks(heap)], [0, []]);
});

Deno.test("a fixed arena is held from the start and refuses more", () => {
  const [heap, source] = make("best_fit:arena=1K");
  assertEquals([heap.footprint, heap.malloc(1001)], [1024, NULL]);
  assertEquals(heap.malloc(1000), 16);
  assertEquals(blocks(heap).at(-1), "free 1016+8");
  assertEquals(heap.malloc(0), NULL);
  heap.free(16, 0);
  assertEquals(blocks(heap), ["free 0+1024"]);
  assertEquals(heap.usage().largestServeable, 1008);
  assertEquals(source.systemCalls, 1);
  const [none] = make("best_fit:arena=1K", 1000);
  assertEquals([none.footprint, none.malloc(1)], [0, NULL]);
});

Deno.test("holes and addresses may pass 2^32", () => {
  const [heap] = make("best_fit");
  const sizes = [2 ** 40, 2 ** 33, 2 ** 40 + 2 ** 20, 2 ** 33];
  const at = sizes.map((n) => heap.malloc(n));
  heap.free(at[0]!, 0);
  heap.free(at[2]!, 0);
  assertEquals(heap.malloc(2 ** 40 + 16), at[2]);
  assertEquals(heap.malloc(2 ** 40), at[0]);
  heap.check();
});

Deno.test("foreign memory is neither merged nor given back", () => {
  const [heap, source] = make("first_fit:header=0");
  assertEquals(heap.malloc(32), 0);
  source.sbrk(100);
  assertEquals(heap.malloc(16), 144);
  assertEquals(heap.usage().side, 100);
  assertEquals(heap.footprint, 32 + 12 + 16);
  const low = ["live 0+32", "foreign 32+100", "meta 132+12"];
  assertEquals(blocks(heap), [...low, "live 144+16"]);

  heap.free(0, 32);
  assertEquals(blocks(heap)[0], "free 0+32");
  source.sbrk(50);
  heap.free(144, 16); // below the break: stays a hole
  assertEquals(blocks(heap).at(-1), "free 144+16");
  assertEquals(heap.malloc(16), 0);
  assertEquals(heap.malloc(48), 224);
  assertEquals(blocks(heap).slice(-4), [
    "free 144+16",
    "foreign 160+50",
    "meta 210+14",
    "live 224+48",
  ]);

  heap.free(224, 48);
  assertEquals(source.sbrk(-50), 210); // the foreigners leave
  heap.free(heap.malloc(48), 48);
  assertEquals(blocks(heap), ["live 0+16", "free 16+16"]);
  assertEquals([heap.usage().side, source.sbrk(-100)], [0, 132]);
  assertEquals(heap.malloc(64), 16);
  assertEquals(blocks(heap), ["live 0+16", "live 16+64"]);
});

Deno.test("a break moved down into the heap is misuse", () => {
  const [heap, source] = make(PURE);
  heap.malloc(100);
  source.sbrk(-50);
  assertThrows(() => heap.malloc(10), RangeError);
});

Deno.test("realloc stays where it can, and else moves the contents", () => {
  const [heap, source] = make(PURE);
  const [a, b, c] = [heap.malloc(10), heap.malloc(20), heap.malloc(30)];
  assertEquals(heap.realloc(c!, 30, 50), c); // into the wilderness
  assertEquals(heap.realloc(c!, 50, 30), c); // and back
  assertEquals(heap.footprint, 60);
  assertEquals(heap.realloc(b!, 20, 5), b);
  assertEquals(heap.realloc(b!, 5, 19), b); // into the hole above
  assertEquals(blocks(heap), [
    "live 0+10",
    "live 10+19",
    "free 29+1",
    "live 30+30",
  ]);
  assertEquals(heap.realloc(b!, 19, 20), b); // all of it
  assertEquals(blocks(heap), ["live 0+10", "live 10+20", "live 30+30"]);
  assertEquals(source.moves, []);
  assertEquals(heap.realloc(a!, 10, 11), 60);
  assertEquals(source.moves, [[0, 60, 10]]);
  assertEquals(heap.counters.bytesMoved, 10);
  assertEquals(heap.usage().allocated, 20 + 30 + 11);
  heap.check();
});

Deno.test("a refused realloc leaves the block", () => {
  const [heap] = make("first_fit:header=0:align=1:arena=100");
  const a = heap.malloc(40);
  heap.malloc(40);
  assertEquals(heap.realloc(a, 40, 61), NULL);
  assertEquals(blocks(heap), ["live 0+40", "live 40+40", "free 80+20"]);
});

Deno.test("memalign cuts off what is too much at both ends", () => {
  const [heap] = make("first_fit");
  heap.malloc(8);
  const a = heap.memalign!(256, 100);
  assertEquals([a, heap.usableSize(a)], [256, 104]);
  assertEquals(blocks(heap).slice(3), [
    "free 40+208",
    "meta 248+8",
    "live 256+104",
  ]);
  for (const odd of [0, -16, 48, 2.5, NaN, 2 ** 49 + 1]) {
    assertThrows(() => heap.memalign!(odd, 1), RangeError);
  }
  assertEquals(heap.memalign!(16, 8), 48);
  const [next] = make("first_fit");
  next.malloc(8); // up to 40: 16 bytes below 64 are too few for a hole
  assertEquals(next.memalign!(32, 8), 96);
  assertEquals(blocks(next)[3], "free 40+48");
});

Deno.test("next fit goes on where it placed last", () => {
  const [heap] = make("next_fit:header=0:align=1");
  const at = [10, 1, 10, 1, 10, 1].map((n) => heap.malloc(n));
  for (const i of [0, 2, 4]) heap.free(at[i]!, 10);
  assertEquals([4, 4, 9, 9, 4].map((n) => heap.malloc(n)), [0, 4, 11, 22, 33]);
});

Deno.test("a heap with headers writes them, and links into holes", () => {
  const [heap, source] = make("first_fit");
  const [a] = [heap.malloc(40), heap.malloc(8)];
  heap.free(a!, 40);
  assertEquals(source.touched, [[8, 8], [56, 8], [8, 32]]);
  const [pure, below] = make(PURE);
  pure.free((pure.malloc(1), pure.malloc(1)), 1);
  assertEquals(below.touched, []);
});
