/**
 * Tables of text as Parquet files, with the types that their columns declare.
 *
 * @module
 */
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import type { Column } from "./columns.ts";

/** How a type is stored: its name in Parquet, and a value of it. */
const STORED: Record<
  Column["type"],
  { type: "STRING" | "INT64" | "DOUBLE"; value(text: string): unknown }
> = {
  string: { type: "STRING", value: (text) => text },
  integer: { type: "INT64", value: (text) => BigInt(text) },
  number: { type: "DOUBLE", value: Number },
};

/**
 * The file whose columns are `columns`: name and type, in the order of the
 * fields of `rows`. An empty field is null.
 */
export function parquet(
  columns: readonly Pick<Column, "name" | "type">[],
  rows: readonly (readonly string[])[],
): Uint8Array {
  const columnData = columns.map(({ name, type }, i): ColumnSource => {
    const stored = STORED[type];
    const data = rows.map((row) =>
      row[i] === "" || row[i] === undefined ? null : stored.value(row[i])
    );
    return { name, data, type: stored.type, nullable: true };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
