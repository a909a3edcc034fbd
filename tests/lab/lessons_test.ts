/**
 * What the lessons say is what the models do.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { judge } from "../../experiments/lab/page/lesson.ts";
import { LESSONS } from "../../experiments/lab/page/lessons.ts";
import { Driver } from "./driver.ts";

/** What each step of a lesson claims: metrics, blocks on lists, words. */
interface Claim {
  metrics?: Record<string, number>;
  lists?: Record<string, number>;
  words?: RegExp;
}

const CLAIMS: Readonly<Record<string, readonly [Claim, Claim, Claim]>> = {
  erase: [
    { metrics: { live_blocks: 4000, requested_bytes: 192_000 } },
    { words: /top; hole of 13672/ },
    {
      metrics: { requested_bytes: 100, footprint_bytes: 270_336 },
      lists: { "tcache[64]": 7, "fast[64]": 3993 },
    },
  ],
  pinned: [
    { metrics: { requested_bytes: 5_120_000 } },
    { metrics: { live_blocks: 128, resident_bytes: 5_165_056 } },
    { metrics: { resident_bytes: 192 * 4096, requested_bytes: 256_000 } },
  ],
  rounding: [
    { metrics: { allocated_bytes: 16_384 } },
    { metrics: { allocated_bytes: 16_384 + 8192 } },
    { metrics: { allocated_bytes: 16_384 + 8192 + 16_384 } },
  ],
  split: [
    {
      metrics: { splits: 4 },
      lists: { "order 0": 1, "order 1": 1, "order 2": 1, "order 3": 1 },
    },
    { metrics: { splits: 4 }, lists: { "order 1": 1 } },
    { metrics: { coalesces: 4, largest_free_bytes: 65_536 } },
  ],
  remainder: [
    { lists: { unsorted: 1 } },
    { words: /split, 1808 left/ },
    { words: /last remainder/ },
  ],
  top: [
    { metrics: { footprint_bytes: 135_168 }, words: /brk/ },
    { metrics: { footprint_bytes: 270_336 } },
    { metrics: { footprint_bytes: 135_168 } },
  ],
  mmap: [
    { metrics: { footprint_bytes: 135_168 + 200_704 }, words: /mmap/ },
    { metrics: { footprint_bytes: 135_168 }, words: /given back/ },
    { lists: { mmap: 1 }, words: /mmap/ },
  ],
  bins: [
    { lists: { "tcache[48]": 7 } },
    { lists: { "tcache[48]": 7, "fast[48]": 3 } },
    { lists: { unsorted: 1 } },
  ],
  slab: [
    { metrics: { footprint_bytes: 4096 }, lists: { "kmalloc-128 CPU 0": 31 } },
    { metrics: { footprint_bytes: 8192 } },
    { metrics: { footprint_bytes: 8192, live_blocks: 4 } },
  ],
  order9: [
    { metrics: { free_bytes: 0 } },
    { metrics: { live_blocks: 4, free_bytes: 2044 * 4096 } },
    { metrics: { failures: 1 } },
  ],
};

/** The answers, by another way than the lesson's own words. */
const ANSWERS: Readonly<Record<string, (lab: Driver) => Promise<number>>> = {
  erase: (lab) => metric(lab, 8001, "footprint_bytes"),
  pinned: (lab) => metric(lab, 4993, "requested_bytes"),
  rounding: async (lab) =>
    await metric(lab, 1, "allocated_bytes") -
    await metric(lab, 1, "requested_bytes"),
  split: (lab) => metric(lab, 1, "splits"),
  remainder: async (lab) => await address(lab, 6) - await address(lab, 5),
  top: (lab) => metric(lab, 1, "footprint_bytes"),
  mmap: async (lab) =>
    await metric(lab, 2, "footprint_bytes") -
    await metric(lab, 1, "footprint_bytes"),
  bins: async (lab) =>
    (await state(lab, 32)).lists.find(({ list }) => list === "tcache[48]")!
      .blocks,
  slab: async (lab) =>
    (await state(lab, 1)).slabs.find(({ of }) => of === "kmalloc-128")!
      .slots.length,
  order9: async (lab) =>
    (await state(lab, 4092)).lists.find(({ list }) => list === "order 9")
      ?.blocks ?? 0,
};

async function state(lab: Driver, op: number) {
  const asked = { kind: "state", ticket: 1, op } as const;
  return (await lab.ask(asked, "states")).lanes[0]!;
}

async function metric(lab: Driver, op: number, name: string): Promise<number> {
  return (await state(lab, op)).metrics[name]!;
}

async function address(lab: Driver, op: number): Promise<number> {
  return (await state(lab, op)).address!;
}

Deno.test("every lesson shows what it says", async (t) => {
  assertEquals(LESSONS.map(({ id }) => id), Object.keys(CLAIMS));
  for (const lesson of LESSONS) {
    await t.step(lesson.id, async () => {
      const lab = new Driver();
      const { operations } = await lab.load(lesson.source, lesson.allocators);
      for (const [i, { op }] of lesson.steps.entries()) {
        assert(op <= operations);
        const { metrics, lists, words } = await state(lab, op);
        const claim = CLAIMS[lesson.id]![i]!;
        for (const [name, value] of Object.entries(claim.metrics ?? {})) {
          assertEquals(metrics[name], value, `step ${i + 1}: ${name}`);
        }
        for (const [name, blocks] of Object.entries(claim.lists ?? {})) {
          const found = lists.find(({ list }) => list === name)?.blocks;
          assertEquals(found, blocks, `step ${i + 1}: ${name}`);
        }
        if (claim.words) assertMatch(words.join("; "), claim.words);
      }
      assertEquals(await ANSWERS[lesson.id]!(lab), lesson.answer);
    });
  }
});

Deno.test("answers are judged as numbers, with or without units", () => {
  const lesson = { answer: 7168, why: "So." };
  for (const right of ["7168", " 7,168 bytes", "7168 B"]) {
    assert(judge(lesson, right).isRight, right);
  }
  for (const wrong of ["7", "71680", "-7168", "seven", ""]) {
    assert(!judge(lesson, wrong).isRight, wrong);
  }
});
