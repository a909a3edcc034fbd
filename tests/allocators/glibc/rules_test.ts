/**
 * The rules of glibc's malloc stand where README.md says, and each is bent by
 * the table of mutations.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import readme from "../../../allocators/glibc/README.md" with { type: "text" };
import { GLIBC } from "../../mutations/glibc.ts";
import { symbolsOf } from "../../mutations/symbols.ts";

const FOLDER = new URL("../../../allocators/glibc/", import.meta.url);
const granted =
  Deno.permissions.querySync({ name: "read", path: FOLDER }).state ===
    "granted";

/** Rules that follow from others, or have no effect on addresses. */
const UNBENT = [29, 35];

/** The rows of the table: number and places. */
const rules = [...readme.matchAll(/^\| (\d+) +\|.*?\|(.*)\|$/gm)].map((
  [, number, where],
) => ({
  number: Number(number),
  places: [...where!.matchAll(/`(\S+) (\S+)`/g)].map(([, file, symbol]) => ({
    file: file!,
    symbol: symbol!,
  })),
}));

Deno.test("rules of 2.36 are numbered through, and bent", () => {
  assert(rules.length > 30);
  assertEquals(rules.map(({ number }) => number), rules.map((_, i) => i + 1));
  const bent = new Set(GLIBC.mutations.map(({ fault }) => parseInt(fault)));
  const unbent = rules.map(({ number }) => number).filter((n) => !bent.has(n));
  assertEquals(unbent, UNBENT);
});

Deno.test({
  name: "every rule is where the table says",
  ignore: !granted,
  fn() {
    for (const { number, places } of rules) {
      assert(places.length > 0, `rule ${number} has no place`);
      for (const { file, symbol } of places) {
        const text = Deno.readTextFileSync(new URL(file, FOLDER));
        const known = symbolsOf(text).map((s) => s.symbol);
        assert(
          known.includes(symbol),
          `rule ${number}: no ${symbol} in ${file}`,
        );
      }
    }
  },
});

if (!granted) console.log("rules_test: skipped in part, needs --allow-read");
