/**
 * The machine: shares of RAM against an account kept by hand, page tables,
 * exhaustion, compaction, and host memory per frame.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { BinaryBuddy } from "../../../allocators/buddy/binary.ts";
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { parseSpec } from "../../../allocators/entry.ts";
import { checkMachine } from "../../../allocators/machine/check.ts";
import { layersOf } from "../../../allocators/machine/layers.ts";
import { Machine } from "../../../allocators/machine/machine.ts";
import type { Client, Process } from "../../../allocators/machine/process.ts";
import { frameBytes } from "../../../allocators/machine/share.ts";
import {
  PAGE,
  type PageAllocator,
  type PageSource,
} from "../../../allocators/pages.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { lottery } from "../../../experiments/conformance/conformance.ts";
import { parseLaw } from "../../../experiments/laws/distributions.ts";
import { MachineRun } from "../../../experiments/replay/machine_run.ts";
import { prng } from "../../../experiments/laws/prng.ts";
import { TraceBuilder } from "../../../experiments/traces/trace.ts";
import { randomChurn } from "../../../experiments/workloads/churn.ts";
import { Shadow } from "./shadow.ts";

const MIB = 2 ** 20;
const textbook = (pages: number) =>
  new BinaryBuddy({ page: PAGE, orders: 11, pages, pick: "head" });
const linux = (pages: number) => new LinuxBuddy({ pages, pcp: 31 });

function heapOf(spec: string, source: PageSource) {
  const { entry, values } = parseSpec(spec, ALLOCATORS);
  return entry.create(values, { source, draw: lottery(1) });
}

/** A client with a Map; half of its objects are written, half only begun. */
class Hands implements Client {
  readonly objects = new Map<number, number>();
  readonly shadow: Shadow;
  readonly process: Process;

  constructor(machine: Machine, name: string, spec: string) {
    let shadow: Shadow | undefined;
    this.process = machine.start(name, (os) => {
      shadow = new Shadow(os as Process["os"]);
      return heapOf(spec, shadow);
    });
    this.shadow = shadow!;
    this.process.client = this;
  }

  get requested(): number {
    return [...this.objects.values()].reduce((sum, n) => sum + n, 0);
  }

  get live(): number {
    return this.objects.size;
  }

  eachLive(visit: (address: number, bytes: number) => void): void {
    this.objects.forEach((bytes, address) => visit(address, bytes));
  }

  malloc(bytes: number, whole: boolean): void {
    const address = this.process.heap.malloc(bytes);
    if (address < 0) return;
    this.objects.set(address, bytes);
    this.shadow.touch(address, whole ? bytes : 1);
  }

  free(nth: number): void {
    const address = [...this.objects.keys()][nth]!;
    this.process.heap.free(address, this.objects.get(address)!);
    this.objects.delete(address);
  }
}

const SPECS = ["glibc", "pool", "first_fit", "tlsf", "raw_mmap", "raw_brk"];

function zones(): [string, (pages: number) => PageAllocator][] {
  return [["textbook buddy", textbook], ["Linux buddy", linux]];
}

for (const [name, zone] of zones()) {
  Deno.test(`shares of RAM are those kept by hand: ${name}`, () => {
    const machine = new Machine({
      ramBytes: 64 * MIB,
      reservedBytes: MIB,
      zone,
    });
    const free = machine.zone.usage();
    const draw = lottery(7);
    const hands = SPECS.map((spec) => new Hands(machine, spec, spec));
    const files = machine.slabUser("files", { objectSize: 180 });
    const open: number[] = [];
    for (let step = 1; step <= 6000; step++) {
      const hand = hands[Math.floor(draw() * hands.length)]!;
      const size = draw() < 0.01 ? draw() * 400_000 : draw() * 600;
      if (hand.live < 150 || draw() < 0.5) {
        hand.malloc(1 + Math.floor(size), draw() < 0.5);
      } else hand.free(Math.floor(draw() * hand.live));
      if (draw() < 0.3) open.push(files.alloc());
      if (draw() < 0.2 && open.length > 0) files.free(open.shift()!);
      if (step % 1500 === 1000) machine.compact(9);
      if (step % 2000 === 1500) hand.process.heap.control?.trim(0);
      if (step % 500 === 0) assertShares(machine, hands, open.length * 180);
    }
    for (const { process } of hands) machine.end(process);
    checkMachine(machine);
    open.forEach((file) => files.free(file));
    const { footprint } = files.cache;
    assertEquals(
      machine.zone.usage().allocated,
      free.allocated + footprint,
      "all but kept slabs is back",
    );
  });
}

function assertShares(
  machine: Machine,
  hands: readonly Hands[],
  slabRequested: number,
): void {
  checkMachine(machine);
  const shares = machine.frames();
  const of = (owner: string) => shares.find((s) => s.owner === owner)!;
  assertEquals(
    shares.reduce((sum, share) => sum + frameBytes(share), 0),
    64 * MIB,
  );
  assertEquals(of("reserved").metadata, MIB);
  assertEquals(of("page_descriptors").metadata, 64 * MIB / PAGE * 64);
  assertEquals(of("slab").requested, slabRequested);
  let tables = 0;
  for (const { process, shadow, objects } of hands) {
    const share = of(process.name);
    const kinds = { live: 0, cached: 0, free: 0, meta: 0, foreign: 0 };
    process.heap.walk((start, bytes, kind) => {
      kinds[kind] += shadow.residentIn(start, bytes);
    });
    let requested = 0;
    objects.forEach((bytes, address) => {
      requested += shadow.residentIn(address, bytes);
    });
    assertEquals(frameBytes(share), shadow.pages.size * PAGE);
    assertEquals(
      [share.requested, share.padding, share.cached, share.free],
      [requested, kinds.live - requested, kinds.cached, kinds.free],
      process.name,
    );
    assertEquals(share.metadata, kinds.meta);
    process.os.eachTableFrame(() => tables++);
  }
  assert(tables >= hands.length);
  assertEquals(of("page_tables").metadata, tables * PAGE);
}

Deno.test("4 GiB have 64 MiB of page descriptors", () => {
  const machine = new Machine({ ramBytes: 2 ** 32, zone: linux });
  assertEquals(machine.descriptorBytes, 64 * MIB);
  assertEquals(machine.zone.footprint, 2 ** 32 - 64 * MIB);
});

Deno.test("a region of 2 MiB takes a page table while it is mapped", () => {
  const machine = new Machine({ ramBytes: 64 * MIB, zone: textbook });
  const { os } = machine.start("p", (source) => heapOf("raw_brk", source));
  const before = machine.tableBytes;
  const at = os.mmap(16 * MIB);
  for (let i = 0; i < 8; i++) os.touch(at + i * 2 * MIB, 1);
  assertEquals(machine.tableBytes, before + 8 * PAGE);
  checkMachine(machine);
  os.munmap(at, 16 * MIB);
  assertEquals(machine.tableBytes, before);
  checkMachine(machine);
});

Deno.test("a fault without a frame ends its process, not the machine", async () => {
  const machine = new Machine({ ramBytes: 8 * MIB, zone: linux });
  const run = new MachineRun(machine);
  const law = (live: number) =>
    randomChurn(
      { live, sizes: parseLaw("uniform:1:1999"), steps: 3000 },
      prng(live),
    );
  const start = (name: string, live: number) =>
    run.start({
      name,
      heap: (source) => heapOf("glibc", source),
      trace: law(live),
      touch: "all",
    });
  start("small", 1000);
  start("huge", 30_000);
  await run.run(500, () => checkMachine(machine));
  assertEquals(run.kills, 1);
  assertEquals(machine.processes.map(({ name }) => name), ["small"]);
  run.sample("end");
  const sum = run.frames.reduce((n, row) => n + Number(row.frame_bytes), 0);
  assertEquals(sum, 8 * MIB);
});

Deno.test("no frame for a page table is exhaustion, too", () => {
  const machine = new Machine({ ramBytes: 4 * MIB, zone: textbook });
  const { os } = machine.start("p", (source) => heapOf("raw_brk", source));
  const taken: number[] = [];
  for (let pfn; (pfn = machine.zone.allocPages(0)) >= 0;) taken.push(pfn);
  const at = os.mmap(4 * MIB);
  os.touch(at, 1);
  assertEquals([os.refusedFaults, os.residentBytes], [1, 0]);
  os.read(at, 1);
  assertEquals(os.refusedFaults, 2);
  taken.forEach((pfn) => machine.zone.freePages(pfn, 0));
  os.touch(at, 1);
  assertEquals([os.refusedFaults, os.residentBytes], [2, PAGE]);
  checkMachine(machine);
});

Deno.test("a mapping that cannot move for want of a table stays", () => {
  const machine = new Machine({ ramBytes: 64 * MIB, zone: textbook });
  const { os } = machine.start("p", (source) => heapOf("raw_brk", source));
  const at = os.mmap(2 * MIB);
  os.mmap(PAGE); // below
  os.touch(at, 2 * MIB);
  const taken: number[] = [];
  for (let pfn; (pfn = machine.zone.allocPages(0)) >= 0;) taken.push(pfn);
  assertEquals(os.mremap(at, 2 * MIB, 1024 * MIB), -1);
  assertEquals(os.residentBytesIn(at, 2 * MIB), 2 * MIB);
  taken.forEach((pfn) => machine.zone.freePages(pfn, 0));
  assert(os.mremap(at, 2 * MIB, 1024 * MIB) >= 0);
  assertEquals(os.residentBytes, 2 * MIB);
  checkMachine(machine);
});

Deno.test("compaction moves pages, and their processes follow", () => {
  const machine = new Machine({ ramBytes: 32 * MIB, zone: linux });
  const [a, b] = ["a", "b"].map((name) =>
    machine.start(name, (source) => heapOf("raw_brk", source))
  );
  const at = [a, b].map((process) => process!.os.mmap(14 * MIB));
  for (let page = 0; page < 14 * MIB; page += PAGE) {
    a!.os.touch(at[0]! + page, 1);
    b!.os.touch(at[1]! + page, 1);
  }
  machine.end(a!);
  assertEquals(machine.zone.allocPages(9), -1);
  assert(machine.compact(9));
  assert(machine.zone.counters.bytesMoved > 0);
  checkMachine(machine);
  machine.end(b!);
  assertEquals(machine.zone.usage().allocated, 0);
});

Deno.test("huge pages are held as a whole until their last part goes", () => {
  const machine = new Machine({ ramBytes: 64 * MIB, zone: linux });
  const process = machine.start(
    "p",
    (source) => heapOf("raw_brk", source),
    { hugePages: true },
  );
  const { os } = process;
  const at = os.mmap(4 * MIB);
  os.touch(at, 1);
  assertEquals(os.residentBytes, 2 * MIB);
  os.discard(at, MIB);
  assertEquals([os.residentBytes, os.heldBytes], [MIB, 2 * MIB]);
  checkMachine(machine);
});

Deno.test("each layer asks the one below for what it holds", () => {
  const machine = new Machine({ ramBytes: 64 * MIB, zone: linux });
  const hand = new Hands(machine, "p", "pool");
  for (let i = 0; i < 1000; i++) hand.malloc(40, true);
  const layers = layersOf(machine);
  assertEquals(
    layers.map(({ name }) => name),
    ["p.pool", "p.heap", "p.address_space", "slab", "buddy"],
  );
  const [pool, heap, space, , buddy] = layers.map((
    { view, requested, live },
  ) => ({ ...view.usage(), requested, live }));
  assertEquals([pool!.requested, pool!.live], [40_000, 1000]);
  assertEquals(heap!.requested, pool!.footprint);
  assertEquals(space!.requested, heap!.footprint);
  assertEquals(
    buddy!.requested,
    hand.process.os.residentBytes + machine.tableBytes,
  );
});

Deno.test("at most 16 bytes of host memory per frame", () => {
  const frames = 5 * 2 ** 18; // 5 GiB: not a power of two
  const held = () => {
    const { external, heapUsed } = Deno.memoryUsage();
    return external + heapUsed;
  };
  const before = held();
  const machine = new Machine({ ramBytes: frames * PAGE, zone: linux });
  const { zone } = machine;
  const blocks: number[] = [];
  for (let pfn; (pfn = zone.allocPages(10)) >= 0;) blocks.push(pfn);
  // The directory of slabs reaches up to the last block but one, then further.
  zone.freePages(blocks.at(-2)!, 10);
  machine.slabUser("small", { objectSize: 1000 }).alloc();
  while (zone.allocPages(0) >= 0);
  zone.freePages(blocks.at(-1)!, 10);
  const address = machine.slabUser("large", { objectSize: 4096 }).alloc();
  machine.compact(10);
  assert(address >= blocks.at(-1)! * PAGE);
  const bytes = (held() - before) / frames;
  assert(bytes <= 16, `${bytes} bytes per frame`);
});

Deno.test("what goes past a pool is asked for as well", async () => {
  const machine = new Machine({ ramBytes: 64 * MIB, zone: linux });
  const run = new MachineRun(machine);
  const trace = new TraceBuilder();
  for (let i = 0; i < 500; i++) {
    trace.client(i % 2 === 0 ? "nodes" : "program");
    trace.malloc(48);
  }
  const { sessions, process } = run.start({
    name: "p",
    heap: (source) => heapOf("pool", source),
    trace: trace.build("two clients"),
    touch: "all",
  });
  await run.run(100);
  assertEquals([process.client!.live, process.direct!.live], [250, 250]);
  assertEquals(process.frames().requested, sessions.requested);
});
