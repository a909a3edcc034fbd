/**
 * What every allocator must obey, whatever its rules: one suite, run over the
 * registry by the tests and over a user's own module on request.
 *
 * The memory below is bounded and holds tags, so that lost contents,
 * overlapping blocks and leaks at exhaustion show. An audit compares three
 * views of one heap: the blocks of `walk`, the sums of `usage()`, and the
 * payloads the client holds.
 *
 * @module
 */
import { type Allocator, NULL } from "../../allocators/allocator.ts";
import {
  type Capability,
  type Declared,
  heapOffers,
  pageOffers,
} from "../../allocators/capability.ts";
import type { Spec } from "../../allocators/entry.ts";
import { FlatSource, PAGE } from "../../allocators/pages.ts";
import { capture } from "../../allocators/snapshot.ts";
import { Auditor, ensure } from "./auditor.ts";
import { TaggedMemory } from "./tagged_memory.ts";

/** Bytes of memory below a heap. */
const MEMORY = 64 * 2 ** 20;

/** Makes a new heap over `source`; called once per check. */
export type MakeHeap = (source: TaggedMemory) => Allocator;

/** One property of the suite. */
export interface Check {
  /** What must hold. */
  name: string;
  /** The capability it is about; it holds for heaps that do not offer it. */
  needs?: Capability;
  /**
   * Throws an Error that says where it does not. `spec` is what the heaps are
   * made from, if it is to be held against them.
   */
  run(make: MakeHeap, spec?: Spec): void;
}

/** A client of a new heap on `bytes` of memory. */
function clientOf(make: MakeHeap, bytes = MEMORY): Auditor {
  const memory = new TaggedMemory(bytes);
  return new Auditor(make(memory), memory);
}

/** Numbers in [0, 1) from a fixed seed; a snapshot finds the state. */
export function lottery(seed: number): () => number {
  const state = { word: seed >>> 0 };
  const draw = () => {
    state.word = (Math.imul(state.word, 1664525) + 1013904223) >>> 0;
    return state.word / 2 ** 32;
  };
  return Object.assign(draw, { state });
}

/**
 * Random requests: `sizeOf(u)` bytes for uniform u, about `most` blocks live.
 * In the second half, `foreign` bytes now and then go to somebody else.
 */
function churn(
  sizeOf: (u: number) => number,
  most: number,
  steps: number,
  foreign = 0,
) {
  return (make: MakeHeap): void => {
    const client = clientOf(make);
    const draw = lottery(most);
    const { victims } = client;
    for (let step = 1; step <= steps; step++) {
      const u = draw();
      const victim = Math.floor(draw() * victims.length);
      if (victims.length < most && u < 0.6 || victims.length === 0) {
        client.malloc(sizeOf(draw()));
      } else if (u < 0.9) client.free(victim);
      else client.realloc(victim, Math.max(1, sizeOf(draw())));
      if (foreign > 0 && step > steps / 2 && step % (steps / 16) === 0) {
        client.intrude(foreign);
      }
      if (step % (steps / 40) === 0) client.audit();
    }
    while (victims.length > 0) client.free(victims.length - 1);
    client.audit();
    ensure(client.heap.usage().allocated === 0, "all freed, yet allocated > 0");
  };
}

/** Double, wild and interior frees; the heap must not notice. */
function refusals(make: MakeHeap): void {
  const client = clientOf(make);
  const draw = lottery(7);
  const { heap, victims, live, freed } = client;
  const refused = (address: number) => {
    for (const call of ["free", "usableSize", "realloc"] as const) {
      try {
        if (call === "free") heap.free(address, 1);
        else if (call === "usableSize") heap.usableSize(address);
        else heap.realloc(address, 1, 2);
      } catch (error) {
        if (error instanceof RangeError) continue;
        throw error;
      }
      throw new Error(
        `${call}(${address}) was not refused: no block starts there`,
      );
    }
  };
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 50; i++) client.malloc(Math.floor(draw() ** 3 * 9000));
    for (let i = 0; i < 30 && victims.length > 0; i++) {
      client.free(Math.floor(draw() * victims.length));
    }
    const before = JSON.stringify(heap.usage());
    const some = [...live].slice(0, 20);
    for (const [address, size] of some) {
      const inside = [
        1,
        4,
        8,
        16,
        24,
        32,
        48,
        size >> 1,
        size - 1,
        size,
        -8,
        -16,
      ];
      for (const offset of inside) {
        if (!live.has(address + offset)) refused(address + offset);
      }
    }
    for (const address of [...freed].slice(-60)) refused(address);
    for (const wild of [NULL, -16, 0.5, NaN, Infinity, 2 ** 31, 2 ** 51]) {
      refused(wild);
    }
    ensure(
      JSON.stringify(heap.usage()) === before,
      "a refused call left a trace",
    );
    client.audit();
  }
}

/** Requests until `NULL`, twice: what was lost the first time is missing. */
function exhaustion(make: MakeHeap): void {
  const client = clientOf(make, 16 * 2 ** 20);
  const { heap, victims } = client;
  const fill = () => {
    const draw = lottery(3);
    let refusals = 0;
    let bytes = 0;
    for (let step = 0; refusals < 200 && step < 50_000; step++) {
      const size = Math.floor(draw() ** 4 * 200_000);
      const { allocated } = heap.usage();
      if (client.malloc(size) !== NULL) bytes += size;
      else {
        refusals++;
        const now = heap.usage().allocated;
        ensure(
          now === allocated,
          `NULL changed allocated: ${allocated} to ${now}`,
        );
      }
    }
    client.audit();
    while (victims.length > 0) client.free(victims.length - 1);
    client.audit();
    return bytes;
  };
  const first = fill();
  const second = fill();
  ensure(
    second >= first * 0.9,
    `exhaustion lost memory: ${first} then ${second}`,
  );
}

/** Sizes that the memory cannot hold, up to those no register can. */
function excess(make: MakeHeap): void {
  const client = clientOf(make, 2 ** 44);
  const { heap, victims } = client;
  client.malloc(100);
  const sizes = [45, 50, 53, 60, 63, 64, 1023].map((k) => 2 ** k);
  for (const size of [...sizes, 2 ** 53 - 1, 2 ** 64 - 2048, Infinity]) {
    const answers = {
      malloc: heap.malloc(size),
      calloc: heap.calloc?.(size) ?? NULL,
      memalign: heap.memalign?.(64, size) ?? NULL,
      realloc: heap.realloc(victims[0]!, 100, size),
    };
    for (const [call, address] of Object.entries(answers)) {
      ensure(address === NULL, `${call} of ${size} bytes gave ${address}`);
    }
    client.audit();
  }
  client.free(0);
  client.audit();
}

/** `steps` requests, the same for the same seed; where they were served. */
function play(client: Auditor, seed: number, steps: number): string {
  const draw = lottery(seed);
  const { heap, victims } = client;
  const addresses: number[] = [];
  for (let i = 1; i <= steps; i++) {
    const u = draw();
    const size = Math.floor(draw() < 0.9 ? draw() * 500 : 2 ** (draw() * 17));
    const victim = Math.floor(draw() * victims.length);
    if (u < 0.6 || victims.length === 0) addresses.push(client.malloc(size));
    else if (u < 0.9) client.free(victim);
    else addresses.push(client.realloc(victim, Math.max(1, size)));
    if (i % 1000 === 0) heap.control?.trim(0);
  }
  return addresses.join();
}

/** The same calls give the same addresses. */
function determinism(make: MakeHeap): void {
  const run = () => play(clientOf(make), 11, 3000);
  ensure(run() === run(), "two runs of the same calls differ");
}

/** A snapshot brings all back, whatever has happened since. */
function snapshots(make: MakeHeap): void {
  const client = clientOf(make);
  play(client, 23, 1500);
  const usage = JSON.stringify(client.heap.usage());
  const snapshot = capture(client);
  const lost = (what: string) =>
    `a snapshot does not bring back ${what}: is a part of it in a ` +
    "#member, or in a variable of a closure?";
  const first = play(client, 29, 4500);
  for (const time of ["first", "second"]) {
    snapshot.restore();
    client.audit();
    ensure(JSON.stringify(client.heap.usage()) === usage, lost("the usage"));
    ensure(
      play(client, 29, 4500) === first,
      lost(`the state behind the addresses, the ${time} time`),
    );
  }
}

/** Aligned blocks, where the heap can make them. */
function alignment(make: MakeHeap): void {
  const client = clientOf(make);
  if (!client.heap.memalign) return;
  const draw = lottery(13);
  for (let i = 1; i <= 4000; i++) {
    const at = 2 ** Math.floor(draw() * 13);
    const size = Math.floor(draw() * 2000);
    const address = client.take(client.heap.memalign(at, size), size);
    ensure(
      address === NULL || address % at === 0,
      `memalign(${at}) gave ${address}`,
    );
    if (client.victims.length > 100) {
      client.free(Math.floor(draw() * client.victims.length));
      const moving = Math.floor(draw() * client.victims.length);
      if (i % 4 === 0) client.realloc(moving, 1 + Math.floor(draw() * 2000));
    }
    if (i % 200 === 0) client.audit();
  }
}

/** `calloc` serves and accounts as `malloc` does. */
function zeroed(make: MakeHeap): void {
  const client = clientOf(make);
  const { heap, victims } = client;
  const draw = lottery(17);
  for (let step = 1; step <= 4000; step++) {
    const victim = Math.floor(draw() * victims.length);
    const size = Math.floor(2 ** (draw() * 17));
    if (victims.length > 200 || draw() < 0.4 && victims.length > 0) {
      client.free(victim);
    } else if (draw() < 0.7) client.calloc(size);
    else client.malloc(size);
    if (step % 200 === 0) client.audit();
  }
  while (victims.length > 0) client.free(victims.length - 1);
  client.audit();
  ensure(heap.usage().allocated === 0, "all freed, yet allocated > 0");
}

/** `malloc_trim` touches no live block. */
function trimming(make: MakeHeap): void {
  const client = clientOf(make);
  const { heap, victims } = client;
  const { control } = heap;
  if (!control) return;
  const draw = lottery(19);
  for (let round = 0; round < 40; round++) {
    for (let i = 0; i < 60; i++) {
      client.malloc(Math.floor(2 ** (draw() * 17)));
    }
    for (let i = 0; i < (round % 4 === 3 ? 200 : 40); i++) {
      if (victims.length === 0) break;
      client.free(Math.floor(draw() * victims.length));
    }
    const { allocated } = heap.usage();
    control.trim(draw() < 0.5 ? 0 : Math.floor(draw() * 300_000));
    const now = heap.usage().allocated;
    ensure(now === allocated, `trim changed allocated: ${allocated} to ${now}`);
    client.audit();
  }
  while (victims.length > 0) client.free(victims.length - 1);
  control.trim(0);
  client.audit();
}

/**
 * What the entry declares is what its allocators have, no more and no less;
 * blocks are `resident` if all that the heap holds comes from its source. An
 * entry that declares nothing is taken at its word.
 */
function declaration(make: MakeHeap, spec?: Spec): void {
  const declared = spec?.entry.offers?.(spec.values);
  if (!spec || !declared) return;
  const memory = new TaggedMemory(MEMORY);
  const heap = make(memory);
  ensure(heap.malloc(1) !== NULL, "a request for one byte is refused");
  const { entry, values } = spec;
  const environment = { source: new FlatSource(), draw: () => 0.5 };
  const pages = entry.createPages?.(values, environment);
  const has = new Set<Declared>([
    ...heapOffers(heap),
    ...(pages ? pageOffers(pages) : []),
    ...(memory.held > 0 ? ["resident" as const] : []),
  ]);
  for (const name of has) {
    ensure(declared.includes(name), `offers lacks ${name}, which is there`);
  }
  for (const name of declared) {
    ensure(has.has(name), `offers names ${name}, which is not there`);
  }
  if (!pages) return;
  const length = 1000;
  const some = entry.createPages!({ ...values, pages: length }, environment);
  const bytes = length * some.pageBytes;
  ensure(some.footprint === bytes, `pages=${length}: ${some.footprint} bytes`);
}

/** The suite, in the order in which failures are easiest to read. */
export const CONFORMANCE: readonly Check[] = [
  {
    name: "small blocks: walk, usage and payloads agree",
    run: churn((u) => Math.floor(u * 300), 200, 6000),
  },
  {
    name: "mixed blocks, others at the break: walk, usage and payloads agree",
    run: churn((u) => Math.floor(2 ** (u * 17)), 300, 8000, 3 * PAGE),
  },
  {
    name: "large blocks: walk, usage and payloads agree",
    run: churn((u) => Math.floor(u * 600_000), 40, 2000),
  },
  { name: "double, wild and interior frees are refused", run: refusals },
  { name: "exhaustion returns NULL and loses nothing", run: exhaustion },
  { name: "sizes beyond all memory return NULL", run: excess },
  { name: "the same calls give the same addresses", run: determinism },
  { name: "a snapshot brings a former state back", run: snapshots },
  { name: "what is declared is there", run: declaration },
  { name: "memalign aligns", needs: "memalign", run: alignment },
  { name: "calloc behaves as malloc", needs: "calloc", run: zeroed },
  { name: "trim keeps live blocks", needs: "control", run: trimming },
];
