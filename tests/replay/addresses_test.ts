/**
 * The text form of what a heap answers, line by line.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { NULL } from "../../allocators/allocator.ts";
import {
  addressLines,
  type Extras,
} from "../../experiments/replay/addresses.ts";
import { Session } from "../../experiments/replay/replay.ts";
import { type Answer, plain, rep, Script } from "./scripted.ts";

/** Where the memory begins. */
const START = 0x10000;
const MAPPED = 0x7ff0000012d0;
const QUIET: Extras = { every: 0, explain: false };

/** In the heap, a mapping, refused, and in the heap again. */
const ANSWERS: readonly Answer[] = [
  { at: START + 0x2a0, break: START + 0x21000 },
  { at: MAPPED },
  { at: NULL },
  { at: START + 0x1010, break: START + 0x42000 },
];
const REQUESTS = "@me\na 1 100\nc 2 200000\np there\nm 3 64 5\nr 1 300\n" +
  "f 2\nw 1 0 9\n";

/** The lines of `text` on `script`, until it ends or `told` an error. */
async function lines(
  script: Script,
  text: string,
  extras: Extras,
  process = false,
  told: (error: unknown) => void = (error) => {
    throw error;
  },
): Promise<string[]> {
  const { source } = script;
  const session = new Session(script, source);
  const subject = { heap: script, source, start: START, process };
  let all = "";
  try {
    for await (
      const piece of addressLines(rep(text), session, subject, extras)
    ) all += piece;
  } catch (error) {
    told(error);
  }
  return all.split("\n").slice(0, -1);
}

function script(answers: readonly Answer[] = ANSWERS): Script {
  const made = new Script(answers, START);
  made.mapped.add(MAPPED);
  return made;
}

Deno.test("an answer is where the block lies and what it holds", async () => {
  assertEquals(await lines(script(), REQUESTS, QUIET), [
    "0 H 2a0 112",
    "1 M 2d0 200000",
    "2 0",
    "3 H 1010 304",
    "4 -",
    "5 -",
  ]);
});

Deno.test("a process shows its break, and what lies outside the heap", async () => {
  const outside = { at: START + 0x42008 };
  const below = { at: START - 0xff8 };
  const answers = [...ANSWERS, outside, below];
  const text = REQUESTS + "a 4 7\na 5 8\n";
  assertEquals(await lines(script(answers), text, QUIET, true), [
    "0 H 2a0 112",
    "b 21000",
    "1 M 2d0 200000",
    "2 0",
    "3 H 1010 304",
    "b 42000",
    "4 -",
    "5 -",
    "6 X 8 16",
    "7 X 8 16",
  ]);
});

Deno.test("figures come at the beginning, every so often, and at the end", async () => {
  const figures = "11 12 13 14 15 16 17 18 19";
  assertEquals(await lines(script(), REQUESTS, { every: 4, explain: false }), [
    `S 0 0 ${figures}`,
    "0 H 2a0 112",
    "1 M 2d0 200000",
    "2 0",
    "3 H 1010 304",
    `S 4 42000 ${figures}`,
    "4 -",
    "5 -",
    `S 6 42000 ${figures}`,
  ]);
  const resident = { every: 6, explain: false, resident: true };
  const last = (await lines(script(), REQUESTS, resident)).filter((line) =>
    line.startsWith("S")
  );
  assertEquals(last, [`S 0 0 ${figures} 5 7`, `S 6 42000 ${figures} 5 7`]);
  await assertRejects(
    () => lines(plain(ANSWERS), REQUESTS, { every: 1, explain: false }),
    RangeError,
    "The allocator has no mallinfo",
  );
});

Deno.test("answers can tell where the memory came from", async () => {
  const explain = { every: 0, explain: true };
  assertEquals(await lines(script(), REQUESTS, explain), [
    "0 H 2a0 112 by malloc",
    "1 M 2d0 200000 by calloc",
    "2 0 by memalign",
    "3 H 1010 304 by realloc",
    "4 - by free",
    "5 - by touch",
  ]);
  assertEquals(await lines(plain(ANSWERS), "a 1 100\n", explain), [
    "0 H 2a0 112",
  ]);
});

Deno.test("what was answered before an error is printed", async () => {
  const errors: unknown[] = [];
  const printed = await lines(
    plain([{ at: START }, { at: START + 0x20 }]),
    "a 1 10\nc 2 20\nt 0\na 3 30\n",
    QUIET,
    false,
    (error) => errors.push(error),
  );
  assertEquals(printed, ["0 H 0 16", "1 H 20 32"]);
  assertEquals(
    `${errors}`,
    "Unsuitable: t.rep:3: The allocator has no malloc_trim",
  );
});

Deno.test("long answers come in pieces", async () => {
  const answers = Array.from({ length: 9000 }, (_, i) => ({ at: START + i }));
  const text = answers.map((_, i) => `a ${i} 16\n`).join("");
  const made = new Script(answers, START);
  const subject = {
    heap: made,
    source: made.source,
    start: START,
    process: false,
  };
  const lengths: number[] = [];
  let all = "";
  const session = new Session(made, made.source);
  for await (const piece of addressLines(rep(text), session, subject, QUIET)) {
    lengths.push(piece.length);
    all += piece;
  }
  assertEquals(lengths.length, 2);
  assertEquals(Math.max(...lengths) < 2 ** 16 + 100, true);
  const expected = answers.map((_, i) => `${i} H ${i.toString(16)} 16\n`);
  assertEquals(all, expected.join(""));
});
