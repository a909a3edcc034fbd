/**
 * Traces in the memory of a process: what is resident, and that a model does
 * there what it does on flat memory.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { PAGE } from "../../allocators/pages.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import python from "../../data/traces/python.rep.gz" with { type: "bytes" };
import { cellOf } from "../../experiments/experiment/cell.ts";
import type { Cell, Outcome } from "../../experiments/experiment/experiment.ts";
import { replayCell } from "../../experiments/experiment/outcome.ts";
import { checkOffers } from "../../experiments/replay/needs.ts";
import type { TouchPolicy } from "../../experiments/replay/replay.ts";
import { Unsuitable } from "../../experiments/replay/unsuitable.ts";
import { readRep } from "../../experiments/traces/rep_reader.ts";
import type { Trace } from "../../experiments/traces/trace.ts";
import { rep } from "../replay/scripted.ts";

function cell(allocator: string): Cell {
  const none = () => Promise.reject(new Error("no files"));
  const key = { experiment: "e", allocator, parameters: {}, seed: 1 };
  const spec = (text: string) => parseSpec(text, ALLOCATORS);
  return cellOf(key, { spec, open: none, data: none });
}

function replayed(
  cell: Cell,
  trace: Trace,
  touch: TouchPolicy = "all",
): Promise<Outcome> {
  return replayCell(cell, trace, { every: 0, touch, source: cell.memory() });
}

/** Eight neighbours of 160 KiB, every second one freed, then malloc_trim(0). */
const TRIMMED = rep(
  "a 0 163840\nf 0\n" +
    [1, 2, 3, 4, 5, 6, 7, 8].map((id) => `a ${id} 163840\n`).join("") +
    "p held\nf 1\nf 3\nf 5\nf 7\np half\nt 0\np trimmed\n",
);

Deno.test("malloc_trim gives the whole pages of free chunks back", async () => {
  const { samples } = await replayed(cell("glibc"), TRIMMED);
  const [held, half, trimmed] = samples;
  assertEquals(half!.resident_bytes, held!.resident_bytes);
  const fallen = half!.resident_bytes! - trimmed!.resident_bytes!;
  assertEquals(fallen, 4 * 39 * PAGE); // on the real library from 336 to 180
  assertEquals(half!.footprint_bytes - trimmed!.footprint_bytes, 131_072);
});

Deno.test("what is touched is resident, and goes with the break", async () => {
  const trace = rep("a 1 1000000\na 2 5000\nf 2\na 3 100\np end\n");
  const resident = async (touch: TouchPolicy) =>
    (await replayed(cell("first_fit"), trace, touch)).samples[0]!
      .resident_bytes! / PAGE;
  assertEquals(
    await resident("all"),
    Math.ceil(1_000_100 / PAGE),
  );
  const first = await resident("first");
  assert(first >= 2 && first <= 4, `${first}`);
  assert(await resident("none") <= first);
});

/** What a model holds and does at each sample, wherever it lies. */
function held({ samples }: Outcome): object[] {
  const place = { system_calls: 0, page_faults: 0, resident_bytes: 0 };
  return samples.map((sample) => ({ ...sample, ...place }));
}

Deno.test("no place in memory changes what a model does", async () => {
  const recorded = readRep("python", () => [python]);
  const aligned = rep("m 1 4096 100\na 2 10\nm 3 64 20000\nf 1\na 4 9\n");
  const compare = async (text: string, trace: Trace) => {
    const one = cell(text);
    const flat = await replayCell(one, trace, { every: 0 });
    const lying = await replayed(one, trace);
    assertEquals(held(lying), held(flat), text);
    const resident = one.offers().has("resident");
    for (const { resident_bytes, footprint_bytes } of lying.samples) {
      assertEquals(resident_bytes !== undefined, resident, text);
      if (!resident) continue;
      assert(resident_bytes! <= footprint_bytes + 8 * PAGE, text);
    }
  };
  for (const entry of ALLOCATORS) {
    for (const text of [entry.name, ...entry.examples ?? []]) {
      await compare(text, recorded);
      // a real process has places of its own, aligned in their own way
      const free = cell(text).offers().has("memalign") && !entry.process;
      if (free) await compare(text, aligned);
    }
  }
  await compare("buddy", rep("m 1 65536 100\na 2 9\nm 3 2097152 5\n"));
});

Deno.test("a trace that needs more is refused before it is replayed", async () => {
  const trace = rep("a 1 5\na 2 5\no -1 3\nt 0\nm 3 64 5\n");
  const says = async (...offers: ("memalign" | "control")[]) => {
    const set = new Set(offers);
    await assertRejects(
      () => checkOffers(trace, set),
      Unsuitable,
      offers.length === 0 || offers[0] === "memalign"
        ? "t.rep:3: The allocator has no mallopt"
        : "t.rep:5: The allocator has no memalign",
    );
  };
  await says();
  await says("memalign");
  await says("control");
  await checkOffers(trace, new Set(["memalign", "control"]));
  await checkOffers(rep("a 1 5\n"), new Set());
});
