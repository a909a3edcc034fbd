/**
 * The game of all allocators: against a solver that knows nothing of numbers,
 * weights and mirrors, and its moves against allocators of any kind.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  HeapGame,
  type Placed,
  solve,
} from "../../experiments/adversaries/exact_game.ts";
import { prng } from "../../experiments/laws/prng.ts";

/** A placement as text, a character a cell: `.`, or a letter per block length. */
type Text = string;

/** Whether the adversary wins on `cells` cells, by sweeping over all placements. */
function plainLost(sizes: number[], most: number, cells: number): boolean {
  const lost = new Set<Text>();
  const states: Text[] = [];
  const build = (text: Text, live: number) => {
    if (text.length === cells) return void states.push(text);
    build(text + ".", live);
    for (const size of sizes) {
      if (live + size > most || text.length + size > cells) continue;
      build(text + String(size) + "-".repeat(size - 1), live + size);
    }
  };
  build("", 0);
  const liveOf = (text: Text) => text.length - text.split(".").length + 1;
  const isLost = (text: Text) => {
    for (let at = 0; at < cells; at++) {
      const size = Number(text[at]);
      if (!(size > 0)) continue;
      const freed = text.slice(0, at) + ".".repeat(size) +
        text.slice(at + size);
      if (lost.has(freed)) return true;
    }
    return sizes.some((size) => {
      if (liveOf(text) + size > most) return false;
      for (let at = 0; at + size <= cells; at++) {
        if (text.slice(at, at + size) !== ".".repeat(size)) continue;
        const placed = text.slice(0, at) + size + "-".repeat(size - 1) +
          text.slice(at + size);
        if (!lost.has(placed)) return false;
      }
      return true;
    });
  };
  for (let before = -1; before < lost.size;) {
    before = lost.size;
    for (const text of states) if (isLost(text)) lost.add(text);
  }
  return lost.has(".".repeat(cells));
}

Deno.test("the winner is the one of plain sweeps over all placements", () => {
  for (const sizes of [[1, 2], [1, 3], [2, 3], [1, 2, 3], [1, 2, 4], [3]]) {
    for (let most = sizes[0]!; most <= 5; most++) {
      for (let cells = most - 1; cells <= 8; cells++) {
        const { lost } = new HeapGame(sizes, most, cells);
        const fit = sizes.filter((size) => size <= most);
        assertEquals(lost, plainLost(fit, most, cells), `${sizes} ${most}`);
      }
    }
  }
});

Deno.test("placements are numbered without gaps", () => {
  assertEquals(new HeapGame([1], 6, 6).placements, 2 ** 6);
  assertEquals(new HeapGame([2], 9, 9).placements, 55); // Fibonacci
  assertEquals(new HeapGame([1, 2], 7, 6).placements, 169); // Pell
});

Deno.test("the optimum for sizes 1 and 2 is (3n - 1)/2, rounded down", () => {
  for (let n = 1; n <= 9; n++) {
    assertEquals(solve([1, 2], n).optimum, Math.floor((3 * n - 1) / 2));
  }
});

/** Plays the winning moves; `choose` places a block in one of the free places. */
function survives(
  game: HeapGame,
  choose: (places: number[]) => number,
): boolean {
  const blocks: Placed[] = [];
  for (let steps = 0; steps < 100_000; steps++) {
    const move = game.moveAt(blocks);
    assert(move, "an allocator got out of the lost placements");
    if ("start" in move) {
      const at = blocks.findIndex(({ start }) => start === move.start);
      assert(at >= 0, "a free of no block");
      blocks.splice(at, 1);
      continue;
    }
    const size = game.sizes[move.request]!;
    const places = Array.from({ length: game.cells }, (_, at) => at)
      .filter((at) =>
        at + size <= game.cells &&
        blocks.every(({ start, size: i }) =>
          at + size <= start || start + game.sizes[i]! <= at
        )
      );
    if (places.length === 0) return false;
    blocks.push({ start: choose(places), size: move.request });
  }
  return true;
}

Deno.test("the winning moves win against every way to place blocks", () => {
  const games: [number[], number][] = [[[1, 2], 6], [[1, 2, 4], 6], [[
    1,
    2,
    3,
  ], 6], [[2, 3], 7]];
  for (const [sizes, n] of games) {
    const { shorter } = solve(sizes, n);
    assert(!survives(shorter, (places) => places[0]!));
    assert(!survives(shorter, (places) => places.at(-1)!));
    for (let seed = 0; seed < 200; seed++) {
      const draw = prng(seed);
      assert(
        !survives(shorter, (places) => places[draw.below(places.length)]!),
      );
    }
  }
});

Deno.test("a game that is too large is refused", () => {
  assertThrows(() => new HeapGame([1], 40, 31), RangeError, "31 cells");
  assertThrows(() => new HeapGame([1, 2], 30, 30), RangeError, "placements");
});
