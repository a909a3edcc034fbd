/**
 * Pins what this project relies on of `@std`, whichever is loaded: the genuine
 * packages or the stand-ins in offline/.
 *
 * @module
 */
import * as assert from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import { parse, stringify } from "@std/csv";
import { parse as parseAlone } from "@std/csv/parse";
import { stringify as stringifyAlone } from "@std/csv/stringify";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { assertSpyCalls, spy, stub } from "@std/testing/mock";

const { assertEquals, assertThrows } = assert;

/** Pairs that are equal in depth, and pairs that are not. */
const EQUAL: [unknown, unknown][] = [
  [1, 1],
  [NaN, NaN],
  ["a\nb", "a\nb"],
  [[1, [2, { b: 3 }]], [1, [2, { b: 3 }]]],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }],
  [new Map([["a", [1]]]), new Map([["a", [1]]])],
  [new Set([1, 2]), new Set([2, 1])],
  [new Int32Array([1, -1]), new Int32Array([1, -1])],
];
const DIFFERENT: [unknown, unknown][] = [
  [1, 2],
  [1, "1"],
  [null, undefined],
  [[1, 2], [2, 1]],
  [{ a: undefined }, {}],
  [{ a: [1] }, { a: [2] }],
  [new Map([["a", 1]]), new Map([["a", 2]])],
  [new Set([1]), new Set([1, 2])],
  [new Int32Array([1]), new Int32Array([2])],
  [new Int32Array([1]), new Uint32Array([1])],
  [new Uint8Array(2), new Uint8Array(3)],
];

/** Throws unless `fn` fails as an assertion. */
function assertFails(fn: () => unknown): void {
  let error: unknown;
  try {
    fn();
  } catch (thrown) {
    error = thrown;
  }
  if (error instanceof assert.AssertionError) return;
  throw new Error(`Expected an AssertionError, not ${error}: ${fn}`);
}

Deno.test("assertEquals compares in depth", () => {
  for (const [a, b] of EQUAL) {
    assertEquals(a, b);
    assertFails(() => assert.assertNotEquals(a, b));
  }
  for (const [a, b] of DIFFERENT) {
    assert.assertNotEquals(a, b);
    assertFails(() => assertEquals(a, b));
  }
});

Deno.test("assertEquals shows both values and the caller's words", () => {
  const { message } = assertThrows(
    () => assertEquals({ bytes: 4096 }, { bytes: 8192 }, "footprint"),
    assert.AssertionError,
    "footprint",
  );
  assert.assertStringIncludes(message, "4096");
  assert.assertStringIncludes(message, "8192");
});

Deno.test("the other assertions hold and fail as their names say", () => {
  assert.assert("x");
  assert.assertStrictEquals(-0, -0);
  assert.assertExists(0);
  assert.assertInstanceOf(new RangeError(), Error);
  assert.assertAlmostEquals(1, 1 + 1e-9);
  assert.assertAlmostEquals(1, 1.1, 0.2);
  assert.assertGreater(2, 1);
  assert.assertGreaterOrEqual(1, 1);
  assert.assertLess(1, 2);
  assert.assertLessOrEqual(1, 1);
  assert.assertStringIncludes("abc", "bc");
  assert.assertMatch("abc", /^a/);

  assertFails(() => assert.assert(""));
  assertFails(() => assert.fail());
  assertFails(() => assert.assertStrictEquals<unknown>([], []));
  assertFails(() => assert.assertExists(null));
  assertFails(() => assert.assertExists(undefined));
  assertFails(() => assert.assertInstanceOf(new Error(), RangeError));
  assertFails(() => assert.assertAlmostEquals(1, 1.001));
  assertFails(() => assert.assertAlmostEquals(1, 1.1, 0.05));
  assertFails(() => assert.assertAlmostEquals(1, NaN, 9));
  assertFails(() => assert.assertGreater(1, 1));
  assertFails(() => assert.assertGreaterOrEqual(1, 2));
  assertFails(() => assert.assertLess(1, 1));
  assertFails(() => assert.assertLessOrEqual(2, 1));
  assertFails(() => assert.assertLessOrEqual(NaN, 1));
  assertFails(() => assert.assertStringIncludes("abc", "ac"));
  assertFails(() => assert.assertMatch("abc", /^b/));
});

Deno.test("assertThrows checks class and message and returns the error", () => {
  const range = new RangeError("size 0 is too small");
  const raise = () => {
    throw range;
  };
  assert.assertStrictEquals(assertThrows(raise), range);
  assert.assertStrictEquals(assertThrows(raise, RangeError, "size 0"), range);
  assertFails(() => assertThrows(() => 1));
  assertFails(() => assertThrows(raise, SyntaxError));
  assertFails(() => assertThrows(raise, RangeError, "size 1"));
});

Deno.test("assertRejects checks class and message and returns the error", async () => {
  const range = new RangeError("size 0 is too small");
  const reject = () => Promise.reject(range);
  const { assertRejects, AssertionError } = assert;
  assert.assertStrictEquals(await assertRejects(reject), range);
  assert.assertStrictEquals(
    await assertRejects(reject, RangeError, "size 0"),
    range,
  );
  await assertRejects(
    () => assertRejects(() => Promise.resolve()),
    AssertionError,
  );
  await assertRejects(
    () => assertRejects(reject, RangeError, "size 1"),
    AssertionError,
  );
});

Deno.test("parseArgs takes flags apart as their declarations say", () => {
  const heard: (string | undefined)[][] = [];
  const args = parseArgs(
    "run 7 -h --out a --out=b --set x=1 --set y=2 --no-color --what -- --z"
      .split(" "),
    {
      boolean: ["help", "json", "color", "resume"],
      string: ["out", "set", "seed", "scale", "tag"],
      collect: ["set", "tag"],
      negatable: ["color"],
      alias: { help: "h" },
      default: { color: true, resume: true, seed: "1" },
      "--": true,
      unknown: (arg, key) => {
        heard.push([arg, key]);
        return key === undefined;
      },
    },
  );
  const types: {
    help: boolean;
    out: string | undefined;
    seed: string;
    set: string[];
    "--": string[];
  } = args; // and they have these types
  assertEquals(types.out, "b");
  assertEquals(types.set, ["x=1", "y=2"]);
  assertEquals(types["--"], ["--z"]);
  assertEquals(args.tag, []);
  assertEquals(args.scale, undefined);
  assertEquals(args.seed, "1");
  assertEquals(args.help, true);
  assertEquals(args.json, false);
  assertEquals(args.color, false);
  assertEquals(args.resume, true);
  assertEquals(args._, ["run", 7]);
  assertEquals(heard, [
    ["run", undefined],
    ["7", undefined],
    ["--what", "what"],
  ]);
});

Deno.test("parseArgs keeps values of string flags as they are", () => {
  const args = parseArgs(["--seed", "007", "--out", "--set=a=b=c", "-"], {
    string: ["seed", "out", "set"],
  });
  assertEquals(args.seed, "007");
  assertEquals(args.out, "");
  assertEquals(args.set, "a=b=c");
  assertEquals(args._, ["-"]);
});

Deno.test("parseArgs tells of --no-<flag> where that is not declared", () => {
  const heard: unknown[] = [];
  const args = parseArgs(["--no-out"], {
    string: ["out"],
    unknown: (arg, key) => {
      heard.push([arg, key]);
      return false;
    },
  });
  assertEquals(args.out, undefined);
  assertEquals(heard, [["--no-out", "no-out"]]);
});

Deno.test("parseArgs stops at the first argument that is no flag", () => {
  const args = parseArgs(["--json", "replay", "--no-x", "-y"], {
    boolean: ["json"],
    stopEarly: true,
  });
  assertEquals(args.json, true);
  assertEquals(args._, ["replay", "--no-x", "-y"]);
});

Deno.test("stringify quotes what it must and ends lines with CRLF", () => {
  const row = [0, -1.5, true, "", null, undefined, "a,b", 'say "x"', "a\nb"];
  assertEquals(
    stringify([row], { headers: false }),
    '0,-1.5,true,,,,"a,b","say ""x""","a\nb"\r\n',
  );
  assertEquals(
    stringify([["a,b", "a\tb"]], { headers: false, separator: "\t" }),
    'a,b\t"a\tb"\r\n',
  );
  assertEquals(stringifyAlone([[1]], { headers: false }), "1\r\n");
});

Deno.test("stringify picks columns, names them and can do without names", () => {
  const data = [{ op: 1, seed: 7 }, { op: 2, extra: "no" }];
  const columns = ["seed", { prop: "op", header: "operation" }];
  assertEquals(stringify(data, { columns }), "seed,operation\r\n7,1\r\n,2\r\n");
  assertEquals(stringify([], { columns }), "seed,operation\r\n");
  assertEquals(
    stringify(data, { columns, headers: false }),
    "7,1\r\n,2\r\n",
  );
  assertEquals(
    stringify([[1, 2]], { columns: [{ prop: 1, header: "b" }] }),
    "b\r\n2\r\n",
  );
  assertThrows(() => stringify(data, { headers: false }));
});

Deno.test("parse reads rows, or objects where columns have names", () => {
  const text = 'a,b\r\n1,"x, ""y"""\n\n,"two\nlines"\n';
  const rows: string[][] = parse(text);
  assertEquals(rows, [["a", "b"], ["1", 'x, "y"'], ["", "two\nlines"]]);
  assertEquals(parseAlone("\ufeffa\tb", { separator: "\t" }), [["a", "b"]]);
  assertEquals(parse("# note\n1,#\n", { comment: "#" }), [["1", "#"]]);
  assertEquals(parse("1\n1,2\n"), [["1"], ["1", "2"]]);
  assertEquals(parse(""), []);

  const named = parse("a,b\n1,2\n", { skipFirstRow: true });
  const first: string | undefined = named[0]?.b;
  assertEquals(first, "2");
  const renamed = parse("a,b\n1,2\n", {
    skipFirstRow: true,
    columns: ["x", "y"],
  });
  assertEquals(renamed, [{ x: "1", y: "2" }]);
});

Deno.test("parse refuses stray quotes and rows of another length", () => {
  assertThrows(() => parse('a,"b\n'), SyntaxError);
  assertThrows(() => parse('a"b,c\n'), SyntaxError);
  assertThrows(() => parse('"a"b,c\n'), SyntaxError);
  assertThrows(() => parse("a,b\n1\n", { skipFirstRow: true }), Error);
});

Deno.test("stringify and parse are inverse", () => {
  const rows = [["a", "1e-7"], ["", " x "], ['"', ","], ["é\n", "#"]];
  assertEquals(parse(stringify(rows, { headers: false })), rows);
});

Deno.test("spy remembers calls, what they return and throw", () => {
  const half = spy((n: number) => {
    if (n % 2 === 0) return n / 2;
    throw new RangeError(`${n} is odd`);
  });
  assertEquals(half(4), 2);
  assertThrows(() => half(3), RangeError);
  assertSpyCalls(half, 2);
  assertEquals(half.calls[0]?.args, [4]);
  assertEquals(half.calls[0]?.returned, 2);
  assert.assertInstanceOf(half.calls[1]?.error, RangeError);
  assertThrows(() => assertSpyCalls(half, 1));
});

Deno.test("stub replaces a method until it is restored", () => {
  const clock = { now: () => 1 };
  {
    using now = stub(clock, "now", () => 2);
    assertEquals(clock.now(), 2);
    assertSpyCalls(now, 1);
  }
  assertEquals(clock.now(), 1);
  const now = stub(clock, "now");
  assertEquals(clock.now(), undefined as unknown as number);
  now.restore();
  assertEquals(clock.now(), 1);
});

const order: string[] = [];
describe("bdd", () => {
  beforeEach(() => void order.push("before"));
  describe("inside", () => {
    beforeEach(() => void order.push("before inside"));
    afterEach(() => void order.push("after inside"));
    it("runs hooks from the outside in", () => void order.push("first"));
  });
  afterEach(() => void order.push("after"));
  it("runs tests in order", () => {
    assertEquals(order, [
      "before",
      "before inside",
      "first",
      "after inside",
      "after",
      "before",
    ]);
  });
});
