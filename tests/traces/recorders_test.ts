/**
 * One program, `fixtures/four.c`, as five recorders saw it. Most lose
 * something; what is left must be the same requests, and cost the same.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { newHeap } from "../../experiments/experiment/cell.ts";
import { replay, Session } from "../../experiments/replay/replay.ts";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { Op, TraceBuilder } from "../../experiments/traces/trace.ts";
import heaptrack from "./fixtures/four.raw.zst" with { type: "bytes" };
import ltrace from "./fixtures/four.ltrace.txt.gz" with { type: "bytes" };
import own from "./fixtures/four.rep.gz" with { type: "bytes" };
import mtrace from "./fixtures/four.mtrace.txt.gz" with { type: "bytes" };
import valgrind from "./fixtures/four.valgrind.txt.gz" with { type: "bytes" };
import { pieces, rows } from "./files.ts";

/** Sizes of the first request, of the first that is not malloc, of the last. */
const [FIRST, OTHERS, LAST] = [12345, 23456, 54321];

/** A request: what it does, to which object in the order of birth, bytes. */
type Request = [op: number, object: number, size: number, extra: number];

/** What the program requests in a recording; free(NULL) is left out. */
async function requests(file: Uint8Array, last = LAST): Promise<Request[]> {
  const all = await rows(openTrace("four", () => pieces(file, 4096)));
  const isSized = (bytes: number) => ([op, , size]: number[]) =>
    op === Op.MALLOC && size === bytes;
  const from = all.findIndex(isSized(FIRST));
  const to = all.findLastIndex(isSized(last));
  assert(from >= 0 && to > from);
  const objects = new Map<number, number>(); // by slot
  let born = 0;
  return all.slice(from, to + 1).flatMap(([op, slot, size, extra]) => {
    if (op === Op.TIME || op === Op.RESIDENT || slot === -1) return [];
    const object = objects.get(slot!) ?? born++;
    objects.set(slot!, object);
    if (op === Op.FREE) objects.delete(slot!);
    return [[op!, object, size!, extra!]];
  });
}

/** The same requests, as a recorder shows them that knows malloc only. */
function asMalloc(all: Request[]): Request[] {
  return all.map(([op, object, size]) =>
    op === Op.REALLOC || op === Op.FREE
      ? [op, object, size, 0]
      : [Op.MALLOC, object, size, 0]
  );
}

/** The same requests, as a recorder shows them that knows no realloc. */
function withoutRealloc(all: Request[]): Request[] {
  const current: number[] = []; // the object that stands for one of `all`
  let born = 0;
  return asMalloc(all).flatMap(([op, object, size]): Request[] => {
    const old = current[object];
    if (op === Op.FREE) return [[Op.FREE, old!, 0, 0]];
    current[object] = born++;
    const now: Request = [Op.MALLOC, current[object]!, size, 0];
    return old === undefined ? [now] : [[Op.FREE, old, 0, 0], now];
  });
}

/** Footprint under glibc after each request. */
async function footprints(all: Request[]): Promise<number[]> {
  const trace = new TraceBuilder();
  for (const request of all) trace.append(...request);
  const { heap, source } = newHeap(parseSpec("glibc", ALLOCATORS), 1);
  const curve: number[] = [];
  await replay(trace.build("four"), new Session(heap, source), {
    every: 1,
    sink: ({ footprint_bytes }) => curve.push(footprint_bytes),
  });
  return curve;
}

Deno.test("five recorders saw the same requests", async () => {
  const full = await requests(valgrind);
  const kinds = new Set(full.map(([op]) => op));
  assertEquals(
    [...kinds].sort((a, b) => a - b),
    [Op.MALLOC, Op.CALLOC, Op.REALLOC, Op.FREE, Op.MEMALIGN],
  );
  assert(full.length > 1000, `${full.length} requests`);
  assertEquals(await requests(own), full);
  assertEquals(await requests(ltrace), full);
  assertEquals(await requests(mtrace), asMalloc(full));
  assertEquals(await requests(heaptrack), withoutRealloc(full));
});

Deno.test("what all of them carry costs the same under glibc", async () => {
  const curve = await footprints(await requests(valgrind, OTHERS));
  assert(curve.length > 600 && Math.max(...curve) > 2 * curve[0]!);
  for (const file of [own, ltrace, mtrace, heaptrack]) {
    assertEquals(await footprints(await requests(file, OTHERS)), curve);
  }
  const whole = await footprints(await requests(valgrind));
  for (const file of [own, ltrace]) {
    assertEquals(await footprints(await requests(file)), whole);
  }
});
