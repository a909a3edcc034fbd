/**
 * Adversaries against every allocator, and to the cell where theory has a number.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { FlatSource } from "../../allocators/pages.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { playGame } from "../../experiments/adversaries/game.ts";
import { newHeap } from "../../experiments/experiment/cell.ts";
import { GLIBC_UNCACHED, pure } from "../../experiments/experiment/heaps.ts";
import { replay, Session } from "../../experiments/replay/replay.ts";
import { TraceBuilder } from "../../experiments/traces/trace.ts";
import { tilingOf } from "../../experiments/adversaries/tiling.ts";
import { ADVERSARIES } from "../../experiments/adversaries/mod.ts";
import { requests } from "../workloads/requests.ts";

const SMALL: Record<string, Record<string, number>> = {
  robson: { M: 128, n: 8 },
  best_fit_killer: { m: 8, M: 64 },
  gap_64_448_512: { M: 256 },
  heap_game: { n: 6 },
};

const fresh = (spec: string, memory?: number) => () =>
  newHeap(parseSpec(spec, ALLOCATORS), 1, new FlatSource(memory));

function adversary(name: string) {
  return ADVERSARIES.find((one) => one.name === name)!;
}

function play(name: string, spec: string, values = SMALL[name]!) {
  const record = new TraceBuilder();
  const played = playGame(fresh(spec), adversary(name).game(values), record);
  return { ...played, trace: record.build(name) };
}

for (const { name } of ADVERSARIES) {
  Deno.test(`${name} plays against every allocator, and can be replayed`, async () => {
    for (const entry of ALLOCATORS) {
      const played = play(name, entry.name);
      assert(played.session.op > 0 && played.reached > 0, entry.name);
      const again = play(name, entry.name);
      assertEquals(await requests(again.trace), await requests(played.trace));
      const { heap, source } = fresh(entry.name)();
      const session = new Session(heap, source);
      await replay(played.trace, session, { every: 0, sink: () => {} });
      assertEquals(session.sample(), played.session.sample(), entry.name);
      heap.check();
    }
  });

  Deno.test(`${name} ends where memory does`, () => {
    const game = adversary(name).game(SMALL[name]!);
    const played = playGame(fresh("first_fit", 300), game);
    assertEquals(played.session.failures, 1);
  });
}

/** A slab cache has blocks of one size: theory does not speak of it. */
const ANY_SIZE = ALLOCATORS.filter(({ name }) => name !== "kmem_cache");

/** No allocator is better than theory, and the fits are as bad as they can be. */
Deno.test("Robson's bound holds for all and is reached by fits and glibc", () => {
  for (const [M, n, bound] of [[1024, 16, 3057], [512, 64, 1985]] as const) {
    for (const entry of ANY_SIZE) {
      const { reached } = play("robson", entry.name, { M, n });
      assert(reached >= bound, `${entry.name} reached ${reached}`);
    }
    for (const fit of ["first_fit", "best_fit", "next_fit", "worst_fit"]) {
      for (const spec of [fit, pure(fit)]) {
        assertEquals(play("robson", spec, { M, n }).reached, bound, spec);
      }
    }
    for (const unit of [32, 64]) {
      const values = { M, n, unit };
      assertEquals(play("robson", GLIBC_UNCACHED, values).reached, bound);
    }
    const buddy = play("robson", "buddy:page=64:pick=lowest", { M, n });
    assertEquals(buddy.reached, bound + n - 1);
  }
});

Deno.test("best fit and glibc fall for the killer, first fit does not", () => {
  const values = { m: 8, M: 128 };
  const reached = (spec: string) =>
    play("best_fit_killer", spec, values).reached;
  assertEquals(reached(pure("best_fit")), 618);
  assertEquals(reached("best_fit"), 618);
  assertEquals(reached(GLIBC_UNCACHED), 618);
  assertEquals(reached(pure("first_fit")), 139);
});

Deno.test("the gap: 15/8 of what is live", () => {
  assertEquals(play("gap_64_448_512", "first_fit", { M: 640 }).reached, 1200);
  assertEquals(play("gap_64_448_512", "kingsley", { M: 4096 }).reached, 4608);
});

Deno.test("the perfect adversary makes each policy need the optimum", () => {
  for (const entry of ANY_SIZE) {
    const { reached } = play("heap_game", entry.name, { n: 7 });
    assert(reached >= 10, `${entry.name} reached ${reached}`);
  }
  assertEquals(play("heap_game", pure("best_fit"), { n: 7 }).reached, 10);
});

Deno.test("a cell is what the allocator's blocks need", () => {
  const tiling = (spec: string, unit?: number) => {
    const { origin: _, ...cells } = tilingOf(() => fresh(spec)().heap, unit);
    return cells;
  };
  assertEquals(tiling(pure("first_fit")), { unit: 64, overhead: 0 });
  assertEquals(tiling("first_fit"), { unit: 64, overhead: 8 });
  assertEquals(tiling("first_fit:header=128"), { unit: 256, overhead: 128 });
  assertEquals(tiling("glibc"), { unit: 64, overhead: 8 });
  assertEquals(tiling("buddy"), { unit: 4096, overhead: 0 });
  assertEquals(tiling("tlsf", 1), { unit: 1, overhead: 8 });
});

Deno.test("a bad parameter of an adversary is refused with what is expected", () => {
  const bad: [string, Record<string, string | number>, string][] = [
    ["robson", { n: 12 }, "a power of two"],
    ["robson", { size: 1 }, 'Unknown parameter "size"'],
    ["best_fit_killer", { m: 7 }, "in 8..800"],
    ["best_fit_killer", { m: 16, M: 79 }, "at least 5 m = 80"],
    ["gap_64_448_512", { gap: 8 }, "less than large = 8"],
    ["heap_game", { sizes: "1+x" }, "such as 1+2+4"],
    ["heap_game", { sizes: "5", n: 4 }, "at least the least"],
  ];
  for (const [name, values, message] of bad) {
    assertThrows(() => adversary(name).game(values), RangeError, message);
  }
});
