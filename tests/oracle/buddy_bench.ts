/**
 * `deno task bench:pages [--json]`: page allocators and slab caches beside the
 * textbook system in C.
 *
 * All make the same 4,000,000 requests on a new memory of 2^20 pages; native
 * and simulated runs take turns; CPU time, median. The textbook model must
 * answer as the C program does.
 *
 * @module
 */
import process from "node:process";
import { BinaryBuddy } from "../../allocators/buddy/binary.ts";
import { LazyBuddy } from "../../allocators/buddy/lazy.ts";
import { LinuxBuddy } from "../../allocators/buddy/linux.ts";
import type { PageAllocator } from "../../allocators/pages.ts";
import { KmemCache } from "../../allocators/slab/kmem_cache.ts";
import { slubGeometry } from "../../allocators/slab/slub.ts";
import type { SlubVersion } from "../../allocators/slab/versions.ts";
import { JSON_OPTION, taskArguments } from "../task.ts";

const PAGES = 2 ** 20;
const REQUESTS = 4_000_000;
const SLOTS = 2 ** 19;
/** Live objects of the slab runs. */
const OBJECTS = 10_000;
const TURNS = 7;
const ORDERS = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3];

let state = 12345;
const draw = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
const slots = new Int32Array(REQUESTS);
const orders = new Uint8Array(REQUESTS);
for (let i = 0; i < REQUESTS; i++) {
  slots[i] = draw() >>> 13;
  orders[i] = ORDERS[draw() >>> 28]!;
}

/** CPU nanoseconds of a call, and what it returns. */
function timed(work: () => number): [ns: number, value: number] {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) * 1000, value];
}

/** A run of the requests: one function per class, so that calls stay direct. */
function runner<T extends PageAllocator>(make: () => T): () => number[] {
  const body = `
    pfn.fill(-1);
    let sum = 0;
    for (let i = 0; i < slots.length; i++) {
      const s = slots[i];
      if (pfn[s] === -1) {
        held[s] = orders[i];
        pfn[s] = pages.allocPages(held[s], 1);
        sum = (Math.imul(sum, 31) + pfn[s]) >>> 0;
      } else {
        pages.freePages(pfn[s], held[s]);
        pfn[s] = -1;
      }
    }
    return sum;`;
  const run = new Function("pages", "slots", "orders", "pfn", "held", body);
  const pfn = new Int32Array(SLOTS);
  const held = new Uint8Array(SLOTS);
  return () => {
    const pages = make();
    const [ns, sum] = timed(() => run(pages, slots, orders, pfn, held));
    return [ns / REQUESTS, sum];
  };
}

/** Frees a random object of a cache and allocates another, over and over. */
function slabRunner(version: SlubVersion): () => number[] {
  const geometry = slubGeometry(
    { objectSize: 184, hwcacheAlign: true },
    2,
    version,
  );
  return () => {
    const cache = new KmemCache(new LinuxBuddy({ pages: 2 ** 14 }), geometry);
    const live = Float64Array.from({ length: OBJECTS }, () => cache.alloc());
    const [ns] = timed(() => {
      for (let i = 0; i < REQUESTS / 2; i++) {
        const victim = slots[i]! % OBJECTS;
        cache.free(live[victim]!);
        live[victim] = cache.alloc();
      }
      return 0;
    });
    return [ns / REQUESTS];
  };
}

const settings = { page: 4096, orders: 11, pages: PAGES };
const subjects: Record<string, () => number[]> = {
  buddy: runner(() => new BinaryBuddy({ ...settings, pick: "head" })),
  linux_buddy: runner(() => new LinuxBuddy({ pages: PAGES })),
  linux_buddy_pcp: runner(() =>
    new LinuxBuddy({ pages: PAGES, pcp: 63, high: 2560 })
  ),
  lazy_buddy: runner(() => new LazyBuddy(settings)),
  kmem_cache: slabRunner("6.12"),
  kmem_cache_7_2: slabRunner("7.2"),
};

async function command(name: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(name, { args })
    .output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(new TextDecoder().decode(stderr));
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

const args = taskArguments({
  name: "bench:pages",
  summary: "Page allocators and slab caches beside the textbook buddy in C",
  usage: "[--json]",
  options: [JSON_OPTION],
});
const build = new URL("./build/", import.meta.url).pathname;
const program = `${build}buddy`;
const source = new URL("buddy.c", import.meta.url).pathname;
const native: number[] = [];
const simulated = Object.keys(subjects).map(() => [] as number[]);
Deno.mkdirSync(build, { recursive: true });
await command("cc", "-O2", "-o", program, source);
for (let turn = 0; turn <= TURNS; turn++) {
  const [sum, ns] = (await command(program)).split("\n").map(Number);
  for (const [i, run] of Object.values(subjects).entries()) {
    const [took, answers] = run();
    if (i === 0 && answers !== sum) throw new Error("answers differ from C");
    if (turn > 0) simulated[i]!.push(took!); // the first warms the code
  }
  if (turn > 0) native.push(ns!);
}

const native_ns = median(native);
const figures = Object.keys(subjects).map((name, i) => {
  const simulated_ns = median(simulated[i]!);
  return {
    name,
    simulated_ns,
    millions_per_second: 1000 / simulated_ns,
    native_ns,
    ratio: simulated_ns / native_ns,
  };
});
if (args.flag("json")) console.log(JSON.stringify(figures, null, 2));
else console.table(figures);
