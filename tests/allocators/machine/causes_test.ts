/**
 * Causes: nothing that is kept goes unnamed, and the name is the right one.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { parseSpec } from "../../../allocators/entry.ts";
import {
  buddyCauses,
  type Cause,
  heapCauses,
  pageCauses,
  poolCauses,
  slabCauses,
} from "../../../allocators/machine/causes.ts";
import { Machine } from "../../../allocators/machine/machine.ts";
import type { Process } from "../../../allocators/machine/process.ts";
import { PAGE } from "../../../allocators/pages.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { lottery } from "../../../experiments/conformance/conformance.ts";

function machineWith(spec: string): [Machine, Process] {
  const machine = new Machine({
    ramBytes: 2 ** 26,
    reservedBytes: 3 * 2 ** 20,
    zone: (pages) => new LinuxBuddy({ pages }),
  });
  const { entry, values } = parseSpec(spec, ALLOCATORS);
  const process = machine.start(
    "p",
    (source) => entry.create(values, { source, draw: lottery(1) }),
  );
  return [machine, process];
}

const sum = (causes: readonly Cause[]) =>
  causes.reduce((sum, { bytes }) => sum + bytes, 0);

for (const spec of ["glibc", "pool", "first_fit", "tlsf", "kingsley"]) {
  Deno.test(`what ${spec} keeps is named to the byte`, () => {
    const [machine, process] = machineWith(spec);
    const { heap, malloc, os, pool } = process;
    const files = machine.slabUser("files", { objectSize: 100 });
    const draw = lottery(3);
    const live: [number, number, number][] = [];
    for (let step = 0; step < 4000; step++) {
      if (live.length < 300 || draw() < 0.5) {
        const size = 1 + Math.floor(draw() * 300);
        live.push([heap.malloc(size), size, files.alloc()]);
        os.touch(live.at(-1)![0], size);
      } else {
        const i = Math.floor(draw() * live.length);
        const [address, size, file] = live.splice(i, 1)[0]!;
        heap.free(address, size);
        files.free(file);
      }
      if (step % 400 !== 0) continue;
      const { cached, free } = malloc.usage();
      assertEquals(sum(heapCauses(process)), cached + free);
      let resident = 0;
      malloc.walk((start, bytes, kind) => {
        if (kind !== "cached" && kind !== "free") return;
        resident += os.residentBytesIn(start, bytes);
      });
      assertEquals(sum(pageCauses(process)), resident);
      const alone = pool?.alone.usage();
      assertEquals(
        sum(poolCauses(process)),
        alone ? alone.footprint - alone.allocated : 0,
      );
      const { cache } = files;
      assertEquals(
        sum(slabCauses(machine)),
        (cache.capacity - cache.live) * cache.geometry.size,
      );
    }
  });
}

Deno.test("cached chunks are kept by their list, a free one by the chunk above", () => {
  const [, process] = machineWith("glibc");
  const { heap } = process;
  const small = Array.from({ length: 9 }, () => heap.malloc(40));
  const large = heap.malloc(3000);
  const above = heap.malloc(40);
  small.forEach((address) => heap.free(address, 40));
  heap.free(large, 3000);
  const causes = heapCauses(process);
  const kinds = (kind: string) =>
    causes.filter((c) => c.kind === kind).map((c) => c.address).sort();
  assertEquals(kinds("tcache[48]"), small.slice(0, 7).map((a) => a - 8));
  assertEquals(kinds("fast[48]"), small.slice(7).map((a) => a - 8));
  assertEquals(
    causes.filter(({ kind }) => kind === "live block"),
    [{ layer: "p.heap", kind: "live block", address: above, bytes: 3008 }],
  );
  assertEquals(causes.at(-1)!.kind, "top");
});

Deno.test("a page is kept by a live block on it before a cached one", () => {
  const [, process] = machineWith("glibc:mxfast=0");
  const { heap, os } = process;
  const blocks = Array.from({ length: 400 }, () => heap.malloc(1000));
  blocks.forEach((address) => os.touch(address, 1000));
  const pin = blocks[200]!;
  blocks.forEach((address) => address !== pin && heap.free(address, 1000));
  const causes = pageCauses(process);
  const at = causes.find(({ address }) => address === pin)!;
  assertEquals(at.kind, "live block");
  assert(causes.some(({ kind }) => kind.startsWith("tcache")));
  assert(causes.some(({ kind }) => kind === "free page"));
});

Deno.test("one page in use keeps the other 1023 of its block", () => {
  const [machine, process] = machineWith("raw_mmap");
  const { os } = process;
  const at = os.mmap(2 ** 22);
  const others = os.mmap(PAGE);
  os.touch(at, 2 ** 22);
  os.touch(others, 1);
  os.munmap(at, 2 ** 22);
  let frame = -1;
  os.eachFrame((pfn) => frame = pfn);
  const causes = buddyCauses(machine).filter(({ kind }) =>
    kind === "page of p"
  );
  assertEquals(causes, [{
    layer: "buddy",
    kind: "page of p",
    address: frame * PAGE,
    bytes: 1023 * PAGE,
  }]);
});

for (const before of [0, 253, 254, 300]) {
  Deno.test(`a page is named after process ${before}`, () => {
    const [machine, first] = machineWith("raw_mmap");
    const started = Array.from(
      { length: before },
      (_, i) => machine.start(`q${i}`, () => first.heap),
    );
    const { name, os } = started.at(-1) ?? first;
    const at = os.mmap(2 ** 22);
    const other = os.mmap(PAGE);
    os.touch(at, 2 ** 22);
    os.touch(other, 1);
    os.munmap(at, 2 ** 22);
    const kinds = buddyCauses(machine).map(({ kind }) => kind);
    assert(kinds.includes(`page of ${name}`), `${kinds}`);
    assert(!kinds.includes("slab"));
  });
}

Deno.test("an object in use keeps its slab, an empty slab the cache", () => {
  const [machine] = machineWith("raw_mmap");
  const files = machine.slabUser("files", { objectSize: 192 });
  const objects = Array.from({ length: 210 }, () => files.alloc());
  objects.forEach((address, i) => i === 40 || files.free(address));
  const causes = slabCauses(machine);
  const pinned = causes.filter(({ kind }) => kind === "live object");
  assertEquals(pinned.map(({ address }) => address), [objects[40]]);
  assertEquals(pinned[0]!.bytes, 20 * 192);
  assert(causes.every(({ kind }) => /^(live object|empty slab)$/.test(kind)));
});
