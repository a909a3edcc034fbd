/**
 * What `list` shows of the parameters of workloads and adversaries is what can
 * be asked of them: defaults are accepted, and the least and greatest values
 * make requests, or are refused with what is expected.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Options } from "../../allocators/entry.ts";
import { FlatSource } from "../../allocators/pages.ts";
import { firstFit } from "../../allocators/freelist/first_fit.ts";
import { playGame } from "../../experiments/adversaries/game.ts";
import { ADVERSARIES } from "../../experiments/adversaries/mod.ts";
import type { Value } from "../../experiments/experiment/experiment.ts";
import { prng } from "../../experiments/laws/prng.ts";
import { MOST_LIVE, type Trace } from "../../experiments/traces/trace.ts";
import { WORKLOADS } from "../../experiments/workloads/mod.ts";

/** Rows after which a trace that goes on is fine: objects enough to be too many. */
const ENOUGH = MOST_LIVE + 2 ** 16;
/** Of the container, whose objects are counted apart: it does more per row. */
const ENOUGH_OF = { container: 2 ** 19 } as Record<string, number>;
/** Requests after which a game that goes on is fine. */
const PLAYED = 500_000;

/** Every default and limit of `parameters`, one at a time. */
function limits(parameters: Options): Record<string, Value>[] {
  return Object.entries(parameters).flatMap(([key, { fallback, edges = [] }]) =>
    [fallback, ...edges].map((value) => ({ [key]: value }))
  );
}

/** What `build` makes; undefined if one value goes with no other default. */
function attempt<T>(build: () => T): T | undefined {
  try {
    return build();
  } catch (error) {
    assert(error instanceof RangeError, `${error}`);
    assertMatch(error.message, /expects|at most/);
  }
}

/** Rows of `trace`, up to `enough`. */
async function read(trace: Trace, enough: number): Promise<number> {
  let rows = 0;
  for await (const { length } of trace.blocks()) {
    rows += length;
    if (rows > enough) break;
  }
  return rows;
}

for (const { name, parameters, build } of WORKLOADS) {
  Deno.test(`${name}: every default and every limit works`, async () => {
    for (const values of limits(parameters)) {
      const trace = attempt(() => build(values, prng(1)));
      if (!trace) continue;
      const rows = await read(trace, ENOUGH_OF[name] ?? ENOUGH);
      assert(rows > 0, JSON.stringify(values));
    }
  });
}

Deno.test("an element has so many blocks that the most elements have room", async () => {
  const container = WORKLOADS.find(({ name }) => name === "container")!;
  const { kind, key, value, elements } = container.parameters;
  const most = Math.max(...elements!.edges as number[]);
  for (const one of kind!.edges!) {
    for (const k of key!.edges!) {
      for (const v of value!.edges!) {
        const set = { kind: one, key: k, value: v, elements: 500 };
        const trace = attempt(() => container.build(set, prng(1)));
        let slots = 0;
        for await (const block of trace?.blocks() ?? []) {
          for (const slot of block.slot) slots = Math.max(slots, slot + 1);
        }
        assert(slots / 500 * most <= MOST_LIVE, JSON.stringify(set));
      }
    }
  }
});

class Enough extends Error {}

for (const { name, parameters, game } of ADVERSARIES) {
  Deno.test(`${name}: every default and every limit can be played`, () => {
    for (const values of limits(parameters)) {
      const made = attempt(() => game(values));
      if (!made) continue;
      assert(made.live <= MOST_LIVE, JSON.stringify(values));
      let requests = 0;
      const fresh = () => {
        const source = new FlatSource();
        const heap = firstFit.create({ header: 0, align: 1 }, {
          source,
          draw: () => 0.5,
        });
        const malloc = heap.malloc.bind(heap);
        heap.malloc = (size) => {
          if (++requests > PLAYED) throw new Enough();
          return malloc(size);
        };
        return { heap, source };
      };
      try {
        const { session } = playGame(fresh, made);
        assertEquals(session.failures, 0, JSON.stringify(values));
        assert(requests > 0);
      } catch (error) {
        if (!(error instanceof Enough)) throw error;
      }
    }
  });
}
