/**
 * Every fault of the mutation tables can be planted: its symbol is there, what
 * it replaces occurs there once, and the tests that should notice it exist.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { faulty, symbolsOf } from "./symbols.ts";
import { TABLES } from "./tables.ts";

const ROOT = new URL("../../", import.meta.url);
const granted =
  Deno.permissions.querySync({ name: "read", path: ROOT }).state === "granted";

for (const { name, judge, tests = [], mutations } of TABLES) {
  Deno.test({
    name: `faults of ${name} can be planted`,
    ignore: !granted,
    fn() {
      const faults = mutations.map(({ fault }) => fault);
      assertEquals(faults.length, new Set(faults).size, "two of one name");
      for (const mutation of mutations) {
        const sound = Deno.readTextFileSync(new URL(mutation.file, ROOT));
        assert(faulty(sound, mutation) !== sound, mutation.fault);
        const noticed = judge ? [judge] : mutation.tests ?? tests;
        assert(noticed.length > 0, `nobody looks for: ${mutation.fault}`);
        for (const path of noticed) {
          if (!path.startsWith("--")) Deno.statSync(new URL(path, ROOT));
        }
      }
    },
  });
}

const SOURCE = `const LIMIT = 3;
/** A list. */
export class List {
  private length = 1;
  declare private readonly source: string;

  /** Adds. */
  add(
    item: number,
  ): void {
    this.length++;
  }

  get size(): number {
    return this.length;
  }
}
export function add(a: number) {
  return a + LIMIT;
}
`;

Deno.test("symbols are found by name, members in their class", () => {
  assertEquals(
    symbolsOf(SOURCE).map(({ symbol, start }) => [
      symbol,
      SOURCE.slice(start).split("\n")[0],
    ]),
    [
      ["LIMIT", "const LIMIT = 3;"],
      ["List", "export class List {"],
      ["List.length", "  private length = 1;"],
      ["List.source", "  declare private readonly source: string;"],
      ["List.add", "  add("],
      ["List.size", "  get size(): number {"],
      ["add", "export function add(a: number) {"],
    ],
  );
});

Deno.test("a fault whose place is gone or not the only one is refused", () => {
  const fault = { fault: "", file: "list.ts", replace: "X" };
  const plant = (symbol: string, find: string) =>
    faulty(SOURCE, { ...fault, symbol, find });
  assertEquals(plant("LIMIT", "3"), SOURCE.replace("LIMIT = 3", "LIMIT = X"));
  assertEquals(
    plant("List.size", "this.length"),
    SOURCE.replace("return this.length", "return X"),
  );
  assertThrows(() => plant("List.remove", "1"), Error, "No List.remove");
  assertThrows(() => plant("List.length", "2"), Error, "0 times, not once");
  assertThrows(() => plant("add", "this.length"), Error, "0 times, not once");
  assertThrows(() => plant("List", "this.length"), Error, "2 times, not once");
});

if (!granted) console.log("tables_test: skipped in part, needs --allow-read");
