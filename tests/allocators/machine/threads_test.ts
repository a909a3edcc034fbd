/**
 * Programs with threads on a machine: frames still sum to RAM, and what is kept
 * in an arena is said to be kept there.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Allocator, BlockVisitor } from "../../../allocators/allocator.ts";
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { parseSpec } from "../../../allocators/entry.ts";
import {
  type Cause,
  heapCauses,
  pageCauses,
} from "../../../allocators/machine/causes.ts";
import { checkMachine } from "../../../allocators/machine/check.ts";
import { Machine } from "../../../allocators/machine/machine.ts";
import type { Process } from "../../../allocators/machine/process.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { lottery } from "../../../experiments/conformance/conformance.ts";
import { prng } from "../../../experiments/laws/prng.ts";
import { MachineRun } from "../../../experiments/replay/machine_run.ts";
import {
  Op,
  type Trace,
  TraceBuilder,
} from "../../../experiments/traces/trace.ts";
import { server } from "../../../experiments/workloads/threads.ts";

const MIB = 2 ** 20;
const WORD = 8;

/** A machine of 256 MiB with programs that run `trace` over each of `specs`. */
function running(specs: readonly string[], trace: Trace): MachineRun {
  const run = new MachineRun(
    new Machine({
      ramBytes: 256 * MIB,
      zone: (pages) => new LinuxBuddy({ pages }),
    }),
  );
  for (const spec of specs) {
    const { entry, values } = parseSpec(spec, ALLOCATORS);
    const heap = (source: Parameters<typeof entry.create>[1]["source"]) =>
      entry.create(values, { source, draw: lottery(1) });
    run.start({ name: spec, heap, trace, touch: "all" });
  }
  return run;
}

const sum = (of: readonly { bytes: number }[]) =>
  of.reduce((all, { bytes }) => all + bytes, 0);

/** The causes that name arena `number`. */
function causesIn(causes: readonly Cause[], number: number): Cause[] {
  return causes.filter(({ kind }) => kind.startsWith(`arena ${number} `));
}

/** Bytes of arena `number` in tcaches. */
function bytesInTcaches(heap: Allocator, number: number): number {
  let all = 0;
  heap.eachCached!((list, start, bytes) => {
    const inside = heap.placeOf!(start)?.arena === number;
    if (inside && list.includes("tcache")) all += bytes;
  });
  return all;
}

Deno.test("frames of programs with threads sum to RAM, arena by arena", async () => {
  const specs = ["glibc", "glibc:version=2.43:arena_max=3", "pool"];
  const run = running(specs, server(6, 60, 20, prng(5)));
  const { machine } = run;
  let arenas = 0;
  await run.run(4000, () => {
    checkMachine(machine);
    const before = run.frames.length;
    run.sample("");
    const frames = run.frames.slice(before).map((row) => row.frame_bytes);
    assertEquals(frames.reduce((all, bytes) => all + bytes), 256 * MIB);
    for (const process of machine.processes) {
      const { malloc, os } = process;
      const { cached, free } = malloc.usage();
      const causes = heapCauses(process);
      assertEquals(sum(causes), cached + free);
      let resident = 0;
      malloc.walk((start, bytes, kind) => {
        if (kind !== "cached" && kind !== "free") return;
        resident += os.residentBytesIn(start, bytes);
      });
      assertEquals(sum(pageCauses(process)), resident);
      malloc.arenaFigures?.().forEach((figures, number) => {
        if (number === 0) return;
        const { topBytes, binnedBytes, fastBytes } = figures;
        const cached = bytesInTcaches(malloc, number);
        // A word of the top belongs to the chunk below it.
        assertEquals(
          sum(causesIn(causes, number)),
          topBytes + binnedBytes + fastBytes + cached - WORD,
        );
        if (cached > 0) arenas++;
      });
    }
  });
  assert(arenas > 20);
  assertEquals(
    machine.processes.map(({ malloc }) => malloc.arenaFigures?.().length),
    [7, 3, 7],
  );
  const heap = run.samples.filter(({ layer }) => layer === "glibc.heap");
  assertEquals(heap.at(-1)!.live_blocks, 0);
});

Deno.test("what an arena keeps is kept by its own blocks and heaps", async () => {
  const trace = new TraceBuilder();
  trace.append(Op.MALLOPT, -1, 0, -4); // no mappings
  trace.append(Op.THREAD, 1, 0, 0);
  const slots = Array.from({ length: 70 }, () => trace.malloc(MIB - 16));
  const pin = trace.malloc(5000);
  for (const slot of slots) if (slot % 10 !== 0) trace.free(slot);
  trace.append(Op.THREAD, 2, 0, 0);
  const other = [trace.malloc(5000), trace.malloc(5000)];
  trace.free(other[0]!);
  const run = running(["glibc"], trace.build("two arenas"));
  await run.run(1000);
  const process = run.machine.processes[0]!;
  const { malloc, client } = process;
  assertEquals(malloc.arenaFigures!().map((a) => a.segments), [0, 2, 1]);
  const causes = heapCauses(process);
  const kinds = (number: number) =>
    causesIn(causes, number).map(({ kind }) => kind.replace(/^arena \d /, ""));
  assertEquals(new Set(kinds(1)), new Set(["live block", "later heap", "top"]));
  assertEquals(kinds(1).filter((kind) => kind === "top").length, 1);
  assertEquals(kinds(2), ["live block", "top"]);
  const live = new Set<number>();
  client!.eachLive((address) => live.add(address));
  const kept = causes.filter(({ kind }) => kind.endsWith(" live block"));
  assert(kept.every(({ address }) => live.has(address)));
  const pages = pageCauses(process).map(({ kind }) => kind);
  assert(pages.includes("arena 1 free page"));
  assert(pages.includes("arena 2 live block"));
  assertEquals(pin, 70);
});

Deno.test("the top of an arena is not kept by the heap above it", () => {
  const malloc = {
    walk(visit: BlockVisitor) {
      visit(0, 40, "live");
      visit(40, 60, "free");
      visit(100, 10, "meta");
      visit(110, 40, "live");
      visit(150, 50, "free");
    },
    placeOf: (address: number) =>
      address < 100
        ? { arena: 1, segment: 0, start: 0 }
        : { arena: 2, segment: 0, start: 100 },
    arenaFigures: () => [0, 1, 1].map((segments) => ({ segments })),
  } as unknown as Allocator;
  const causes = heapCauses({ name: "p", malloc } as Process);
  assertEquals(causes.map(({ kind, bytes }) => [kind, bytes]), [
    ["arena 1 top", 60],
    ["arena 2 top", 50],
  ]);
});
