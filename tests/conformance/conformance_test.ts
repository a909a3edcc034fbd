/**
 * The conformance suite over the whole registry: every entry as it comes, and
 * every spec that an entry names as worth knowing. Each also serves the first
 * requests of recorded programs, audited on the way.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Allocator, NULL } from "../../allocators/allocator.ts";
import { type Declared, offersOf } from "../../allocators/capability.ts";
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import cc1 from "../../data/traces/cc1.rep.gz" with { type: "bytes" };
import sqlite from "../../data/traces/sqlite.rep.gz" with { type: "bytes" };
import { Auditor } from "../../experiments/conformance/auditor.ts";
import {
  CONFORMANCE,
  lottery,
  type MakeHeap,
} from "../../experiments/conformance/conformance.ts";
import { TaggedMemory } from "../../experiments/conformance/tagged_memory.ts";
import { Block, Op } from "../../experiments/traces/trace.ts";
import { openTrace } from "../../experiments/traces/open_trace.ts";

/** Requests of each program, and requests between audits. */
const REQUESTS = 20_000;
const EVERY = 2000;
/** Bytes below the heap. */
const MEMORY = 2 ** 30;

/** The first requests of a recorded program. */
async function recorded(name: string, file: Uint8Array): Promise<Block> {
  const rows = new Block(REQUESTS);
  for await (const block of openTrace(name, () => [file]).blocks()) {
    const { op, slot, size, extra, length } = block;
    for (let i = 0; i < length && !rows.full; i++) {
      rows.push(op[i]!, slot[i]!, size[i]!, extra[i]!);
    }
    if (rows.full) break;
  }
  assert(rows.full, `${name} is too short`);
  return rows;
}

const PROGRAMS = {
  cc1: await recorded("cc1", cc1),
  sqlite: await recorded("sqlite", sqlite),
};

/** Performs row `i`; `address` is indexed by slot, NULL where it has no block. */
function perform(client: Auditor, row: Block, i: number, address: number[]) {
  const [op, slot, size] = [row.op[i]!, row.slot[i]!, row.size[i]!];
  const old = address[slot] ?? NULL;
  const free = () => old === NULL || client.free(client.indexOf(old));
  if (op === Op.CALLOC) address[slot] = client.calloc(size);
  else if (op === Op.FREE || op === Op.REALLOC && size === 0) {
    free();
    address[slot] = NULL;
  } else if (op === Op.REALLOC && old !== NULL) {
    address[slot] = client.realloc(client.indexOf(old), size);
  } else if (op === Op.MALLOC || op === Op.REALLOC) {
    address[slot] = client.malloc(size);
  } else throw new Error(`row ${i}: no recorded program does ${op}`);
}

/** Serves `rows` with audits on the way, then frees all. */
function serve(make: MakeHeap, rows: Block, layer: string): void {
  const memory = new TaggedMemory(MEMORY);
  const client = new Auditor(make(memory), memory);
  const address: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    perform(client, rows, i, address);
    if (i % EVERY !== EVERY - 1) continue;
    client.audit();
    checkCensus(client.heap, layer);
  }
  assert(client.victims.length > 0, "nothing is live");
  while (client.victims.length > 0) client.free(client.victims.length - 1);
  client.audit();
  checkCensus(client.heap, layer);
  assertEquals(client.heap.usage().allocated, 0);
}

/**
 * What is free or cached lies on the lists of the census. But glibc's chunks
 * lie a word lower than their payloads, its mappings are live, and the heap
 * below a pool may have no lists.
 */
function checkCensus(heap: Allocator, layer: string): void {
  const rows = heap.census?.().filter(({ list }) => list !== "mmap");
  if (!rows) return;
  const { free, cached } = heap.usage();
  const listed = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  if (layer === "stl") {
    assert(listed <= cached + free + 8, `${listed} > ${cached} + ${free}`);
  } else if (layer === "glibc") {
    const word = listed - free - cached;
    assert([0, 4, 8].includes(word), `${word} bytes more than free or cached`);
  } else assertEquals(listed, free + cached);
}

Deno.test("a declaration that is not kept is noticed", () => {
  const property = CONFORMANCE.find(({ name }) => /declared/.test(name))!;
  const name = "linux_buddy";
  const { entry, values } = parseSpec(name, ALLOCATORS);
  const make: MakeHeap = (source) =>
    entry.create(values, { source, draw: lottery(1) });
  const all = entry.offers!(values);
  const check = (some: readonly Declared[]) => {
    const declared = { ...entry, offers: () => some };
    property.run(make, { entry: declared, values, text: name });
  };
  check(all);
  for (const one of all) {
    const rest = all.filter((other) => other !== one);
    assertThrows(() => check(rest), Error, `offers lacks ${one}`);
  }
  for (const more of ["explain", "control"] as const) {
    assertThrows(() => check([...all, more]), Error, `offers names ${more}`);
  }
  const { offers: _, ...silent } = entry;
  const found = offersOf({ entry: silent, values, text: name });
  assertEquals(found, new Set([...all, "pages"]));
});

Deno.test("every entry declares what its allocators offer", () => {
  for (const { name, offers } of ALLOCATORS) assert(offers, name);
});

for (const entry of ALLOCATORS) {
  for (const text of [entry.name, ...entry.examples ?? []]) {
    const spec = parseSpec(text, ALLOCATORS);
    const { values } = spec;
    const offers = offersOf(spec);
    const make: MakeHeap = (source) =>
      entry.create(values, { source, draw: lottery(1) });
    Deno.test(`${text} conforms`, async (t) => {
      for (const check of CONFORMANCE) {
        const { name, needs } = check;
        const offered = !needs || offers.has(needs);
        await t.step(
          offered ? name : `${name}: not offered`,
          () => check.run(make, spec),
        );
      }
      for (const [program, rows] of Object.entries(PROGRAMS)) {
        await t.step(`${program}: the first requests are served`, () => {
          serve(make, rows, entry.layer);
        });
      }
    });
  }
}
