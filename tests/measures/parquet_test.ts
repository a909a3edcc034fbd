/**
 * Tables as Parquet, read back by another library.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parquet } from "../../experiments/measures/parquet.ts";

Deno.test("a Parquet file has the values and types of its columns", async () => {
  const columns = [
    { name: "name", type: "string" as const },
    { name: "bytes", type: "integer" as const },
    { name: "ratio", type: "number" as const },
  ];
  const rows = [
    ["first_fit", "9007199254740993", "0.25"],
    ["", "", ""],
    ["glibc:version=2.41", "-3", "1"],
  ];
  const file = Uint8Array.from(parquet(columns, rows)).buffer;
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
  const file = Uint8Array.from(parquet([{ name: "a", type: "number" }], []));
  assertEquals(await parquetReadObjects({ file: file.buffer }), []);
});
