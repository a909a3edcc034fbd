/**
 * The tree of holes beside a plain array that is searched from end to end.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Counters } from "../../../allocators/allocator.ts";
import { Blocks, END, Kind } from "../../../allocators/freelist/blocks.ts";
import { HoleTree } from "../../../allocators/freelist/hole_tree.ts";
import { lottery } from "../../../experiments/conformance/conformance.ts";

/** A hole lies inside a stretch of its own of so many bytes. */
const STRETCH = 1000;

/** Holes in no order, and the tree that should find them. */
class Beside {
  readonly blocks = new Blocks();
  readonly counters = new Counters();
  readonly tree: HoleTree;
  /** Nodes of the holes. */
  readonly nodes: number[] = [];
  readonly #order: "address" | "length";

  constructor(order: "address" | "length") {
    const pick = () => END;
    this.#order = order;
    this.tree = new HoleTree(this.blocks, this.counters, { order, pick });
  }

  insert(start: number, bytes: number): void {
    const node = this.blocks.insert(END, start, bytes, Kind.HOLE);
    this.nodes.push(node);
    this.tree.insert(node);
  }

  /** Takes the `i`-th hole out. */
  remove(i: number): void {
    const node = this.nodes[i]!;
    this.nodes[i] = this.nodes.at(-1)!;
    this.nodes.pop();
    this.tree.remove(node);
    this.blocks.delete(node);
  }

  /** Bytes of the longest hole. */
  get longest(): number {
    return Math.max(0, ...this.nodes.map((b) => this.blocks.bytes[b]!));
  }

  /** The first hole in the tree's order that `suits`. */
  first(suits: (b: number) => boolean): number {
    const { start, bytes } = this.blocks;
    const key = this.#order === "length" ? bytes : start;
    const found = this.nodes.filter(suits)
      .sort((a, b) => key[a]! - key[b]! || start[a]! - start[b]!);
    return found[0] ?? END;
  }
}

for (const order of ["address", "length"] as const) {
  Deno.test(`a tree by ${order} knows the longest hole and the first that fits`, () => {
    const draw = lottery(order.length);
    const holes = new Beside(order);
    const { blocks, tree, nodes } = holes;
    const free = Array.from({ length: 1500 }, (_, i) => i * STRETCH);
    const length = () => 1 + Math.floor(draw() ** 3 * (STRETCH - 100));
    for (let step = 0; step < 6000; step++) {
      const growing = step % 3000 < 1800;
      const u = draw();
      const i = Math.floor(draw() * nodes.length);
      if (nodes.length === 0 || u < (growing ? 0.5 : 0.2)) {
        if (free.length === 0) continue;
        const at = Math.floor(draw() * free.length);
        const stretch = free[at]!;
        free[at] = free.at(-1)!;
        free.pop();
        holes.insert(stretch + Math.floor(draw() * 100), length());
      } else if (u < 0.6) {
        free.push(Math.floor(blocks.start[nodes[i]!]! / STRETCH) * STRETCH);
        holes.remove(i);
      } else {
        const stretch = Math.floor(blocks.start[nodes[i]!]! / STRETCH);
        const start = stretch * STRETCH + Math.floor(draw() * 100);
        tree.resize(nodes[i]!, start, length());
      }
      if (step % 20 !== 0) continue;
      assertEquals(tree.largest(), holes.longest, `longest, step ${step}`);
      tree.check(nodes.length);
      const wanted = length();
      const fits = (b: number) => blocks.bytes[b]! >= wanted;
      assertEquals(tree.first(wanted), holes.first(fits), `step ${step}`);
      if (order === "length") continue;
      const from = Math.floor(draw() * 1500) * STRETCH;
      assertEquals(
        tree.firstFrom(from, wanted),
        holes.first((b) => fits(b) && blocks.start[b]! >= from),
        `from ${from}, step ${step}`,
      );
    }
    while (nodes.length > 0) holes.remove(nodes.length - 1);
    tree.check(0);
    assertEquals([tree.largest(), tree.first(1)], [0, END]);
  });
}

Deno.test("a hole that shrinks is no longer the longest", () => {
  const holes = new Beside("address");
  holes.insert(0, 500);
  holes.insert(1000, 400);
  holes.insert(2000, 450);
  holes.tree.resize(holes.nodes[0]!, 100, 400);
  assertEquals(holes.tree.largest(), 450);
  assertEquals(holes.tree.first(450), holes.nodes[2]);
  holes.tree.resize(holes.nodes[2]!, 2000, 1);
  assertEquals(holes.tree.largest(), 400);
  assertEquals(holes.tree.first(401), END);
  assertEquals(holes.tree.first(400), holes.nodes[0]);
});
