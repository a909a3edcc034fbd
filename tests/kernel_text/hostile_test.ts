/**
 * Texts made to harm: every reader is linear and bounded, and what it refuses
 * gets one line.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { explainText } from "../../experiments/kernel_text/explain.ts";
import { KINDS } from "../../experiments/kernel_text/kinds.ts";
import { prng } from "../../experiments/laws/prng.ts";
import { TEXTS } from "./fixtures.ts";

const HEAD = "slabinfo - version: 2.1\n";
const ROW = ": tunables 0 0 0 : slabdata 20 20 0\n";

/** Fails unless `text` is refused with one line that matches. */
function refused(text: string, says: RegExp): void {
  const error = assertThrows(() => explainText("f", text), SyntaxError);
  assertMatch(error.message, says);
  assertSound(error.message);
}

/** Fails if a line cannot be true, or cannot be shown. */
function assertSound(lines: string): void {
  assert(!/NaN|Infinity|undefined/.test(lines), lines);
  assert(!/[^\n\P{C}]/u.test(lines), JSON.stringify(lines));
  assert(!/(?<!\()-\d+\.\d %/.test(lines), `a negative share\n${lines}`);
  for (const [, share] of lines.matchAll(/(?<!_AS.*)(\d+\.\d) %/g)) {
    assert(Number(share) <= 100 || lines.includes("at first"), lines);
  }
}

Deno.test("numbers that nothing counts are refused", () => {
  refused(`Node 0, zone X ${"9".repeat(400)} 1\n`, /^f:1: Expected a number/);
  refused(
    `Node 0, zone X ${"9007199254740991 ".repeat(60)}\n`,
    /^f:1: Expected fewer pages than an address space/,
  );
  refused("Node 0, zone X 1 -2 3\n", /^f:1: Expected a number of free blocks/);
  refused("Node 0, zone X 1 2 ...\n", /^f:1: Expected a number of free blocks/);
  refused(
    "Node 0, zone X 1 2 3\nNode 0, zone Y 1 2\n",
    /^f:2: Expected 3 numbers, as many as in other rows, got/,
  );
  refused(HEAD + `a 1 2 3 4 x ${ROW}`, /^f:2: Expected a cache: its name/);
  refused(HEAD + "a 1 2 3 4 5 : tunables 0 0\n", /^f:2: Expected a cache/);
  refused("slabinfo - version: 1.1\n", /^f:1: Expected version 2 of slabinfo/);
  refused("Node 0, zone X 1.000 2.500\n", /^f:1: Expected an index/);
  refused('<malloc version="1">\n', /^f:1: Expected a text that ends/);
  refused('<malloc version="1">\n<heap nr="x">\n', /^f:2: Expected a number/);
});

Deno.test("caps: one line each", () => {
  refused(
    `Node 0, zone X${" 1".repeat(10_000)}\n`,
    /^f:1: Expected at most 64/,
  );
  refused(
    HEAD + `a${" ".repeat(100_000)}1\n`,
    /^f:2: Expected a line of at most/,
  );
  refused(`${"\0".repeat(70_000)}`, /^f:1: Expected a line of at most/);
  const caches = Array.from(
    { length: 150_000 },
    (_, i) => `c${i} 1 2 8 512 1 ${ROW}`,
  );
  refused(HEAD + caches.join(""), /^f:65538: Expected at most 65536 caches/);
  refused(
    "\n".repeat(2 ** 21 + 1),
    /^f:2097153: Expected at most 2097152 lines/,
  );
});

Deno.test("long lines and many caches are read, and cost little", () => {
  const long = HEAD + `a${" ".repeat(60_000)}1 2 8 512 1 ${ROW}`;
  assert(explainText("f", long).includes("1 of 1 cache is"));
  const rows = Array.from({ length: 60_000 }, (_, i) => {
    const size = 8 + i;
    const fit = Math.floor(4096 / size);
    return `c${i} 10 20 ${size} ${fit} 1 ${ROW}`;
  });
  const lines = explainText("f", HEAD + rows.join(""));
  assertEquals(lines.split("\n").length, 60_000 + 7);
  assertSound(lines);
});

Deno.test("figures that contradict each other are marked, not added up", () => {
  const most = "9007199254740991";
  const lines = explainText(
    "f",
    HEAD + `a ${most} 1 ${most} 1 1 ${ROW}` + `b 1 1 0 0 0 ${ROW}` +
      `c 5 4 100 40 1 ${ROW}` + `d 1 900 100 40 1 ${ROW}` +
      `e 1 800 100 40 1 ${ROW}`,
  );
  assertMatch(lines, /^c .* more in use than there are$/m);
  assertMatch(lines, /^d .* more objects than slabs hold$/m);
  assert(lines.includes("4 caches are marked"), lines);
  assert(lines.includes("1 of 1 cache is"), lines);
  assertSound(lines);
  const none = explainText("f", HEAD + `a 1 0 8 100 3 ${ROW}`);
  assert(none.includes("No cache is laid out as SLUB would"), none);
  assertSound(none);
});

Deno.test("names cannot steer a terminal", () => {
  const name = "D\x1b]0;x\x07M\u0085\u009b31mA\u202e";
  for (
    const text of [
      `Node 0, zone ${name} 1 2 3\n${name} junk\nNode 0, zone ${name} 3 2 1\n`,
      HEAD + `${name} 1 2 8 512 1 ${ROW}`,
      `Node 0, zone ${name}, type ${name} 1 2 3\n`,
      `${name}: page allocation failure: order:1, mode:0x20\n` +
      TEXTS.dmesgOrder3,
    ]
  ) assertSound(explainText("f", text));
  refused(
    `${name}\n`,
    /^f:1: Expected the text of buddyinfo, /,
  );
});

Deno.test("a file that holds nothing known: one line that lists what is", () => {
  for (const text of ["", "\n\n"]) {
    refused(text, /^There is no text in f: expected buddyinfo, /);
  }
  for (const text of ["free -m\n", "1,2,3\n"]) {
    refused(
      text,
      /^f:\d+: Expected the text of [^"]+, got/,
    );
  }
  const { message } = assertThrows(() => explainText("f", "x"), SyntaxError);
  for (const { name } of KINDS) assert(message.includes(name), name);
});

Deno.test("10,000 damaged texts: explained soundly, or refused in one line", () => {
  const random = prng(20260101);
  const pick = <T>(list: readonly T[]) => list[random.below(list.length)]!;
  const texts = Object.values(TEXTS);
  const scraps = [
    ...["\n", " ", "0", "9", "-1", ">", ":", "\u0085", "\x1b[1m", "x", "\0"],
    ...["99999999999999999999", "9007199254740991", "Node 0, zone", "type"],
    ...[": tunables", "free:", "order:-1,", "order:99,", "mode:0x", "= 0kB"],
    ...["</malloc>", 'count="', "kB", "1*4kB", "MemTotal: 0 kB\n", "%", ".5"],
  ];
  let [good, slowest] = [0, 0];
  for (let i = 0; i < 10_000; i++) {
    let text = pick(texts);
    for (let changes = 1 + random.below(4); changes > 0; changes--) {
      const from = random.below(text.length + 1);
      const to = from + random.below(random.below(4) > 0 ? 8 : 200);
      const cut = text.slice(from, to);
      const put = [pick(scraps), "", cut + cut, pick(texts).slice(0, 300)];
      text = text.slice(0, from) + pick(put) + text.slice(to);
    }
    const start = performance.now();
    try {
      assertSound(explainText("f", text));
      good++;
    } catch (error) {
      if (!(error instanceof SyntaxError)) console.log(JSON.stringify(text));
      assert(error instanceof SyntaxError, `${error}`);
      assertMatch(error.message, /^f:\d+: Expected [^\n]+, got "[^\n]*"$/);
    }
    slowest = Math.max(slowest, performance.now() - start);
  }
  assert(slowest < 2000, `${slowest} ms`);
  assert(good > 5000 && good < 10_000, `${good} are good`);
});

Deno.test("a text cut in the middle of a node is no row of the node before", () => {
  const row = (node: number, counts: string) =>
    `Node ${node}, zone Normal, type Movable ${counts}\n`;
  const text = "Page block order: 9\n" + row(0, "1 1 1 1") +
    "Page block order: 9\n" + row(1, "10");
  assertSound(explainText("f", text));
});
