/**
 * Sizes of nodes, and the shape of trees and bucket arrays.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { RedBlackTree } from "../../../experiments/workloads/containers/red_black_tree.ts";
import {
  type Kind,
  nodeBytes,
  sizeOf,
  type Type,
  type Word,
} from "../../../experiments/workloads/containers/layout.ts";
import { newContainer } from "../../../experiments/workloads/containers/mod.ts";
import type { Requests } from "../../../experiments/workloads/containers/requests.ts";

/** sizeof of libstdc++'s nodes on x86-64 and i386. */
const NODES: [Kind, Type, Type, Word, number][] = [
  ["map", "int", "int", 8, 40],
  ["map", "long", "long", 8, 48],
  ["map", "short_string", "int", 8, 72],
  ["map", "long_string", "long_string", 8, 96],
  ["multimap", "int", "long", 8, 48],
  ["set", "int", "int", 8, 40],
  ["set", "long_string", "int", 8, 64],
  ["list", "int", "int", 8, 24],
  ["list", "int", "long_string", 8, 48],
  ["unordered_map", "int", "int", 8, 16],
  ["unordered_map", "long", "long_string", 8, 48],
  ["vector", "int", "int", 8, 0],
  ["map", "int", "int", 4, 24],
  ["map", "long", "long", 4, 24],
  ["map", "short_string", "int", 4, 44],
  ["set", "int", "int", 4, 20],
  ["list", "int", "int", 4, 12],
  ["unordered_map", "int", "int", 4, 12],
];

Deno.test("nodes are as long as libstdc++'s", () => {
  for (const [kind, key, value, word, bytes] of NODES) {
    assertEquals(nodeBytes(kind, key, value, word), bytes, `${kind} ${key}`);
  }
  assertEquals(sizeOf("long_string", 8), 32);
  assertEquals(sizeOf("long_string", 4), 24);
});

/** Requests that are written down. */
class Diary implements Requests {
  readonly lines: string[] = [];
  readonly #bytes: number[] = [];

  malloc(size: number): number {
    this.lines.push(`+${size}`);
    return this.#bytes.push(size) - 1;
  }

  free(slot: number): void {
    this.lines.push(`-${this.#bytes[slot]}`);
  }

  write(): void {}
}

function container(kind: Kind, key: Type, value: Type, word: Word = 8) {
  const diary = new Diary();
  const made = newContainer({ kind, key, value, word }, diary, diary);
  return { made, diary };
}

Deno.test("strings of up to 15 characters request nothing", () => {
  const short = container("map", "short_string", "short_string");
  short.made.insert(1);
  assertEquals(short.diary.lines, ["+96"]);
  const long = container("map", "int", "long_string");
  long.made.insert(1);
  long.made.clear();
  assertEquals(long.diary.lines, ["+33", "+72", "-33", "-72"]);
});

Deno.test("a vector doubles, an unordered_map grows by its table", () => {
  const vector = container("vector", "int", "int", 4);
  for (let i = 0; i < 5; i++) vector.made.insert(i);
  vector.made.destroy();
  assertEquals(
    vector.diary.lines.join(" "),
    "+4 +8 -4 +16 -8 +32 -16 -32",
  );
  const map = container("unordered_map", "int", "int");
  for (let i = 0; i < 30; i++) map.made.insert(i);
  const arrays = map.diary.lines.filter((line) => line !== "+16");
  assertEquals(arrays.join(" "), "+104 +232 -104 +472 -232");
});

Deno.test("a deque has a map and an array from the start", () => {
  const { made, diary } = container("deque", "int", "int");
  for (let i = 0; i < 128; i++) made.insert(i);
  for (let i = 0; i < 128; i++) made.erase(i);
  made.destroy();
  assertEquals(diary.lines.join(" "), "+64 +512 +512 -512 -512 -64");
});

Deno.test("where keys are unique, a second one requests nothing", () => {
  for (const kind of ["map", "set", "unordered_map"] as const) {
    const { made, diary } = container(kind, "int", "int");
    made.insert(7);
    const { length } = diary.lines;
    made.insert(7);
    assertEquals([made.size, diary.lines.length], [1, length]);
  }
  const { made } = container("multimap", "int", "int");
  made.insert(7);
  made.insert(7);
  assertEquals(made.size, 2);
  made.erase(7);
  assertEquals(made.size, 0);
});

Deno.test("unordered_map takes no strings as keys", () => {
  assertThrows(
    () => container("unordered_map", "long_string", "int"),
    RangeError,
    "expects int or long",
  );
});

Deno.test("the tree stays red and black, and in order", () => {
  const tree = new RedBlackTree();
  const keys = new Map<number, number>();
  let state = 1;
  const draw = (n: number) => {
    state = Math.imul(state, 1664525) + 1013904223 >>> 0;
    return Math.floor(state / 2 ** 32 * n);
  };
  for (let step = 1; step <= 6000; step++) {
    const n = 1 + draw(300);
    if (keys.delete(n)) tree.erase(n);
    else {
      const key = draw(200);
      keys.set(n, key);
      tree.seek(key);
      tree.insert(n, key);
    }
    if (step % 50 > 0) continue;
    tree.check();
    const ordered: number[] = [];
    for (let n = tree.last(); n !== 0; n = tree.previous(n)) {
      ordered.unshift(tree.keyOf(n));
    }
    assertEquals(ordered, [...keys.values()].sort((a, b) => a - b));
    const key = draw(200);
    const first = tree.find(key);
    assertEquals(first !== 0, ordered.includes(key));
    if (first !== 0) {
      const before = tree.previous(first);
      assertEquals(before !== 0 && tree.keyOf(before) === key, false);
    }
  }
});
