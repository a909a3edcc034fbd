/**
 * Patterns: maps, buddy pathologies, shapes, doubling.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { parseLaw } from "../../experiments/laws/distributions.ts";
import { prng } from "../../experiments/laws/prng.ts";
import { Op } from "../../experiments/traces/trace.ts";
import {
  checkerboard,
  pingPong,
  pinnedPages,
} from "../../experiments/workloads/buddy_pathologies.ts";
import { doubling } from "../../experiments/workloads/doubling.ts";
import {
  type MapNodes,
  mapNodes,
} from "../../experiments/workloads/map_nodes.ts";
import { orderAfterChurn } from "../../experiments/workloads/order_after_churn.ts";
import {
  peak,
  phased,
  plateau,
  ramp,
} from "../../experiments/workloads/shapes.ts";
import { census, requests } from "./requests.ts";

const MAP: MapNodes = {
  elements: 8,
  node: 40,
  keys: "ascending",
  erase: "every_other",
};

/** Slots freed in the phase that ends with `name`. */
async function freedIn(name: string, map: MapNodes): Promise<number[]> {
  const rows = await requests(mapNodes(map, prng(1)));
  const end = rows.findIndex(({ slot }) => slot === name);
  const start = rows.slice(0, end).findLastIndex(({ op }) => op === Op.PHASE);
  return rows.slice(start + 1, end).filter(({ op }) => op === Op.FREE)
    .map(({ slot }) => slot as number);
}

Deno.test("a map of ascending keys has its nodes in the order of keys", async () => {
  assertEquals(await freedIn("erase", MAP), [1, 3, 5, 7]);
  const half: MapNodes = { ...MAP, erase: "ascending" };
  assertEquals(await freedIn("erase", half), [0, 1, 2, 3]);
});

Deno.test("clear frees from the greatest key to the least", async () => {
  // The slot freed last is used first, so the erased nodes come back reversed.
  assertEquals(await freedIn("clear", MAP), [1, 6, 3, 4, 5, 2, 7, 0]);
});

Deno.test("random keys scatter the order of keys over the nodes", async () => {
  const map: MapNodes = { ...MAP, elements: 1000, keys: "random" };
  const freed = await freedIn("erase", map);
  assertEquals(freed.length, 500);
  assert(freed.some((slot, i) => i > 0 && slot < freed[i - 1]!));
});

Deno.test("a random half is another half each time", async () => {
  const map: MapNodes = { ...MAP, elements: 1000, erase: "random" };
  const even = (await freedIn("erase", map)).filter((s) => s % 2 === 0);
  assert(even.length > 200 && even.length < 300, `${even.length}`);
});

Deno.test("a string comes after its node and goes before it", async () => {
  const strings = parseLaw("uniform:16:64");
  const map: MapNodes = { ...MAP, node: 72, strings };
  const rows = await requests(mapNodes(map, prng(1)));
  const inserted = rows.slice(0, 16).map(({ size }) => size);
  for (let i = 0; i < 16; i += 2) {
    assertEquals(inserted[i], 72);
    assert(inserted[i + 1]! >= 16 && inserted[i + 1]! <= 64);
  }
  assertEquals((await freedIn("erase", map)).slice(0, 2), [3, 2]);
});

Deno.test("a map is full, half, full and empty", async () => {
  const strings = parseLaw("constant:32");
  for (const keys of ["ascending", "random"] as const) {
    for (const erase of ["every_other", "ascending", "random"] as const) {
      const trace = mapNodes(
        { ...MAP, elements: 101, keys, erase, strings },
        prng(2),
      );
      assertEquals((await census(trace)).phases, {
        insert: 202,
        erase: 102,
        refill: 202,
        clear: 0,
      });
    }
  }
});

Deno.test("one page of every block stays", async () => {
  const trace = pinnedPages({ mebibytes: 8, order: 9 }, prng(1));
  const { phases } = await census(trace);
  assertEquals(phases, { fill: 2048, free: 4, request: 8 });
  const freed = (await requests(trace)).filter(({ op }) => op === Op.FREE)
    .map(({ slot }) => slot as number);
  const pinned = Array.from({ length: 2048 }, (_, page) => page)
    .filter((page) => !freed.includes(page));
  assertEquals(pinned.map((page) => page >> 9), [0, 1, 2, 3]);
});

Deno.test("a checkerboard frees a half, in pairs that are no buddies", async () => {
  const rows = await requests(
    checkerboard({ mebibytes: 4, order: 6, pattern: "straddle" }),
  );
  const freed = rows.filter(({ op }) => op === Op.FREE)
    .map(({ slot }) => slot);
  assertEquals(freed, [1, 2, 5, 6, 9, 10, 13, 14]);
  assertEquals(rows.at(-2)!.size, 2 * 64 * 4096);
});

Deno.test("a page is requested and freed in turn", async () => {
  const { mallocs, most, phases } = await census(
    pingPong({ held: 3, rounds: 10 }),
  );
  assertEquals({ mallocs, most, phases }, {
    mallocs: 13,
    most: 4,
    phases: { hold: 3, ping_pong: 3 },
  });
});

Deno.test("churned blocks stay below the peak and fall to the fill", async () => {
  const rows = await requests(orderAfterChurn({
    mebibytes: 8,
    peak_percent: 75,
    fill_percent: 25,
    orders: parseLaw("uniform:0:4"),
    steps: 3000,
    order: 9,
  }, prng(1)));
  const sizes = new Map<number | string, number>();
  let bytes = 0;
  const at: Record<string, number> = {};
  for (const { op, slot, size } of rows) {
    if (op === Op.MALLOC) {
      assert(at.churn === undefined || size === 2 ** 21);
      sizes.set(slot, size);
      bytes += size;
      assert(at.churn !== undefined || bytes <= 6 * 2 ** 20);
    } else if (op === Op.FREE) {
      bytes -= sizes.get(slot)!;
    } else at[slot] = bytes;
  }
  const fall = at.fall!;
  assert(at.churn! > 5.9 * 2 ** 20, "the peak is reached");
  assert(fall <= 2 ** 21 && fall > 2 ** 21 - 16 * 4096);
  assertEquals(at.request! - fall, 3 * 2 ** 21);
});

Deno.test("shapes have the shape of their name", async () => {
  const sizes = parseLaw("lognormal:4:1");
  const shape = { objects: 100, sizes };
  const rounds = { ...shape, rounds: 3, kept_percent: 0 };
  const draw = prng(1);
  assertEquals((await census(ramp(shape, draw))).phases, { ramp: 100 });
  assertEquals((await census(plateau(shape, draw))).phases, {
    climb: 100,
    plateau: 100,
    descent: 0,
  });
  for (const make of [peak, phased]) {
    assertEquals((await census(make(rounds, draw))).phases, {
      "peak 1": 100,
      "valley 1": 0,
      "peak 2": 100,
      "valley 2": 0,
      "peak 3": 100,
      "valley 3": 0,
    });
    const kept = await census(make({ ...rounds, kept_percent: 100 }, draw));
    assertEquals(kept.live, 300);
  }
  const types = (await requests(phased(rounds, draw)))
    .slice(0, 100).map(({ size }) => size);
  assert(new Set(types).size <= 4, "a phase has few sizes");
});

Deno.test("doubling fills the budget with each size in turn", async () => {
  const rows = await requests(
    doubling({ live: 64, largest: 16, sizes: "just_above" }),
  );
  const sizes = rows.filter(({ op }) => op === Op.MALLOC)
    .map(({ size }) => size);
  const counts = [1, 2, 3, 5, 9].map((size) =>
    sizes.filter((s) => s === size).length
  );
  assertEquals(counts, [64, 32, 21, 12, 7]);
});
