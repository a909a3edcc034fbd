/**
 * Tables as Parquet, read back by other readers.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parquet } from "../../experiments/measures/parquet.ts";
import { withFolder } from "../runner/lab.ts";
import { mayNotRun, type Missing, testWith } from "../skipped.ts";

const COLUMNS = [
  { name: "name", type: "string" as const },
  { name: "bytes", type: "integer" as const },
  { name: "ratio", type: "number" as const },
];
const ROWS = [
  ["first_fit", "9007199254740993", "0.25"],
  ["", "", ""],
  ["glibc:version=2.41", "-3", "1"],
];

const joined = (pieces: Iterable<Uint8Array>): Promise<ArrayBuffer> =>
  new Blob([...pieces] as Uint8Array<ArrayBuffer>[]).arrayBuffer();

Deno.test("a Parquet file has the values and types of its columns", async () => {
  const file = await joined(parquet(COLUMNS, ROWS));
  assertEquals(await parquetReadObjects({ file }), [
    { name: "first_fit", bytes: 9007199254740993n, ratio: 0.25 },
    { name: null, bytes: null, ratio: null },
    { name: "glibc:version=2.41", bytes: -3n, ratio: 1 },
  ]);
  const [, ...schema] = parquetMetadata(file).schema;
  assertEquals(
    schema.map(({ name, type }) => `${name} ${type}`),
    ["name BYTE_ARRAY", "bytes INT64", "ratio DOUBLE"],
  );
});

Deno.test("a table may have no rows", async () => {
  const file = await joined(parquet([{ name: "a", type: "number" }], []));
  assertEquals(await parquetReadObjects({ file }), []);
});

Deno.test("rows beyond a group follow in the same file", async () => {
  const rows = Array.from({ length: 100_003 }, (_, i) => [`${i}`]);
  const column = { name: "i", type: "integer" as const };
  const pieces = [...parquet([column], rows)];
  assertEquals(pieces.length, 2);
  const read = await parquetReadObjects({ file: await joined(pieces) });
  assertEquals(read.map(({ i }) => `${i}`), rows.flat());
});

/** DuckDB, if its native code is to be had here. */
async function duckdb(): Promise<
  Missing | { read(path: string): Promise<unknown> }
> {
  const denied = mayNotRun("deno");
  if (denied) return denied;
  const program = new URL("duckdb.ts", import.meta.url).pathname;
  const run = async (...words: string[]) => {
    const { success, stdout, stderr } = await new Deno.Command("deno", {
      args: ["run", "-q", "--no-prompt", "--allow-ffi", program, ...words],
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder();
    return { success, out: text.decode(stdout), err: text.decode(stderr) };
  };
  const { success, err } = await run();
  if (!success) return { why: `no DuckDB: ${err.trim().split("\n")[0]}` };
  return {
    async read(path) {
      const { success, out, err } = await run(path);
      assertEquals([success, err], [true, ""]);
      return JSON.parse(out);
    },
  };
}

testWith(
  await duckdb(),
  "DuckDB reads what was written",
  ({ read }) =>
    withFolder(async (folder) => {
      const path = `${folder}/table.parquet`;
      Deno.writeFileSync(
        path,
        new Uint8Array(await joined(parquet(COLUMNS, ROWS))),
      );
      assertEquals(await read(path), {
        columns: [
          { name: "name", type: "VARCHAR" },
          { name: "bytes", type: "BIGINT" },
          { name: "ratio", type: "DOUBLE" },
        ],
        rows: [ // 64-bit integers as text
          { name: "first_fit", bytes: "9007199254740993", ratio: 0.25 },
          { name: null, bytes: null, ratio: null },
          { name: "glibc:version=2.41", bytes: "-3", ratio: 1 },
        ],
      });
      const many = Array.from(
        { length: 20_000 },
        (_, i) => [`row ${i % 7}`, `${2 * i}`, `${i / 8}`],
      );
      Deno.writeFileSync(
        path,
        new Uint8Array(await joined(parquet(COLUMNS, many))),
      );
      const { rows } = await read(path) as { rows: Record<string, unknown>[] };
      assertEquals(
        rows.map(({ name, bytes, ratio }) => [name, bytes, `${ratio}`]),
        many,
      );
    }),
);
