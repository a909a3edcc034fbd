/**
 * What DuckDB finds in the Parquet file that the argument names: its columns and
 * rows as JSON. A program of its own, as DuckDB is native code and only this
 * needs that right.
 *
 * @module
 */
import { DuckDBInstance } from "@duckdb/node-api";

const [file] = Deno.args; // without one, only whether DuckDB is there counts
const database = await DuckDBInstance.create(":memory:");
const connection = await database.connect();

if (!file) Deno.exit(0);

/** Rows of the answer to `query`, the file standing for `$1`. */
async function answer(query: string): Promise<unknown[]> {
  const reader = await connection.runAndReadAll(query, [file!]);
  return reader.getRowObjectsJson();
}

console.log(JSON.stringify({
  columns: await answer(
    "SELECT column_name AS name, column_type AS type " +
      "FROM (DESCRIBE SELECT * FROM read_parquet($1))",
  ),
  rows: await answer("SELECT * FROM read_parquet($1)"),
}));
