/**
 * Every fit gives, request by request, the addresses of a heap that searches
 * a plain list, and ends with the same holes.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { parseSpec } from "../../../allocators/entry.ts";
import { FlatSource } from "../../../allocators/pages.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { parseLaw } from "../../../experiments/laws/distributions.ts";
import { prng } from "../../../experiments/laws/prng.ts";
import { CHOICES, goodFit, PlainHeap, roundUp } from "./plain_heap.ts";

const OPERATIONS = 100_000;
const LIVE = 500;

const LAWS = [
  "uniform:1:1999",
  "exp:1000",
  "lognormal:6:1.2",
  "power:1.5:8:100000",
  "constant:1000",
];

const MODES = [
  { header: 0, align: 1, min: 1, share: 0 },
  { header: 8, align: 16, min: 32, share: 0 },
  { header: 0, align: 1, min: 1, share: 1.05 },
  { header: 16, align: 32, min: 64, share: 1.1 },
];

/** Whether operation `i` rather frees: the heap fills and drains in waves. */
function draining(i: number): boolean {
  return i % 10_000 > 7000;
}

for (const name of [...Object.keys(CHOICES), "tlsf"]) {
  Deno.test(`${name} places as a plain list does`, async (t) => {
    for (const text of LAWS) {
      for (const { share, ...mode } of MODES) {
        const law = parseLaw(text);
        const arena = Math.ceil(share * LIVE * law.mean);
        const options = { ...mode, arena };
        const settings = Object.entries(options).map(([k, v]) => `${k}=${v}`);
        const spec = [name, ...settings].join(":");
        await t.step(`${spec}, ${text}`, () => compare(spec, options, text));
      }
    }
  });
}

function compare(
  spec: string,
  options: { header: number; align: number; min: number; arena: number },
  text: string,
): void {
  const { entry, values } = parseSpec(spec, ALLOCATORS);
  const draw = prng(1, text);
  const size = parseLaw(text).sampler(draw);
  const heap = entry.create(values, { source: new FlatSource(), draw });
  const { align } = options;
  const choice = CHOICES[entry.name];
  const plain = choice ? new PlainHeap(options, choice) : new PlainHeap(
    options,
    goodFit(align),
    (bytes) => align * roundUp(bytes / align),
  );
  const live: number[] = [];
  let refused = 0;
  for (let i = 0; i < OPERATIONS; i++) {
    const frees = draw() < (draining(i) ? 0.55 : live.length / LIVE / 2);
    if (frees && live.length > 0) {
      const victim = draw.below(live.length);
      const address = live[victim]!;
      live[victim] = live[live.length - 1]!;
      live.pop();
      heap.free(address, 0);
      plain.free(address);
    } else {
      const bytes = size();
      const address = heap.malloc(bytes);
      const expected = plain.malloc(bytes);
      if (address !== expected) assertEquals(address, expected, `step ${i}`);
      if (address >= 0) live.push(address);
      else refused++;
    }
  }
  heap.check();
  assertEquals(refused > 0, options.arena > 0, "a fixed arena refuses");
  const holes: number[][] = [];
  heap.walk((start, bytes, kind) => {
    if (kind === "free") holes.push([start, bytes]);
  });
  const { start, bytes } = plain.holes;
  const expected = start.map((s, i) => [s, bytes[i]!]);
  if (options.arena > plain.top) {
    expected.push([plain.top, options.arena - plain.top]);
  }
  assertEquals(holes, expected);
}
