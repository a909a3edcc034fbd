import { assertEquals, assertThrows } from "@std/assert";
import { stringify } from "@std/csv/stringify";
import type { Column } from "../../experiments/measures/columns.ts";
import {
  batches,
  columnsOf,
  csv,
  header,
  lines,
  read,
} from "../../experiments/measures/csv.ts";

function column(name: string, type: Column["type"]): Column {
  return { name, type, unit: "", description: name };
}

const COLUMNS = [
  column("text", "string"),
  column("n", "integer"),
  column("x_ratio", "number"),
];

Deno.test("rows become lines with fixed digits, quotes and LF", () => {
  const rows = [
    { text: 'a "b", c', n: 2 ** 53, x_ratio: 1 / 3 },
    { text: "-", n: -0, x_ratio: -1e-9 },
    { n: undefined, x_ratio: 1 },
    { text: "x", x_ratio: Infinity },
    { text: "x", x_ratio: NaN },
  ];
  const expected = 'text,n,x_ratio\n"a ""b"", c",9007199254740992,0.333333\n' +
    "-,0,0.000000\n,,1.000000\nx,,INF\nx,,NaN\n";
  assertEquals(header(COLUMNS) + lines(COLUMNS, rows), expected);
  assertEquals(lines(COLUMNS, []), "");
});

Deno.test("values that all lines share come first", () => {
  const common = { text: "a,b" };
  const rows = [{ n: 1, x_ratio: 0.5 }, { n: 2 }];
  const whole = rows.map((row) => ({ ...common, ...row }));
  assertEquals(lines(COLUMNS, rows, common), lines(COLUMNS, whole));
  assertThrows(() => lines(COLUMNS, whole, common), TypeError, '"text"');
});

Deno.test("what a column forbids is a defect", () => {
  assertThrows(() => lines(COLUMNS, [{ n: 0.5 }]), TypeError, "n");
  assertThrows(() => lines(COLUMNS, [{ m: 1 }]), TypeError, '"m"');
});

Deno.test("what is written can be read", () => {
  const rows = [["a", "b c"], ['"', "x,y"], ["", "two\nlines"]];
  assertEquals(read(csv(rows)), { names: rows[0]!, rows: rows.slice(1) });
  const standard = stringify(rows, { headers: false });
  assertEquals(csv(rows), standard.replaceAll("\r\n", "\n"));
});

Deno.test("columns are found with the type that all values need", () => {
  const rows = [{ n: 1, a_ratio: 1, m: 1 }, { t: "x", n: 2, m: 0.5 }];
  const known = [column("n", "number")];
  assertEquals(
    columnsOf(rows, known).map(({ name, type }) => `${name} ${type}`),
    ["n number", "a_ratio number", "m number", "t string"],
  );
});

Deno.test("records in batches are those of the whole text", () => {
  const rows = Array.from(
    { length: 9_000 },
    (_, i) => [`${i}`, i % 5 ? "plain" : `two\nlines, "quoted" ${i}`],
  );
  const found = [...batches(csv(rows).trimEnd().split("\n"))];
  assertEquals(found.length, 3);
  assertEquals(found.flat(), rows);
});
