/**
 * Tables of text as Parquet files, with the types that their columns declare.
 *
 * @module
 */
import {
  ByteWriter,
  type ColumnSource,
  ParquetWriter,
  schemaFromColumnData,
} from "hyparquet-writer";
import type { Column } from "./columns.ts";

/** Rows that are written at a time, a row group each. */
const GROUP = 100_000;

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
 * fields of `rows`. An empty field is null. It comes in pieces, one for each
 * 100,000 rows; no more of it is held.
 */
export function* parquet(
  columns: readonly Pick<Column, "name" | "type">[],
  rows: Iterable<readonly string[]>,
): Generator<Uint8Array> {
  const bytes = new ByteWriter();
  const file = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: sources(columns, []) }),
  });
  const written = () => {
    const piece = bytes.getBytes().slice();
    bytes.index = 0;
    return piece;
  };
  let group: (readonly string[])[] = [];
  for (const row of rows) {
    if (group.push(row) < GROUP) continue;
    file.write({ columnData: sources(columns, group), rowGroupSize: GROUP });
    yield written();
    group = [];
  }
  if (group.length > 0) {
    file.write({ columnData: sources(columns, group), rowGroupSize: GROUP });
  }
  file.finish();
  yield written();
}

function sources(
  columns: readonly Pick<Column, "name" | "type">[],
  rows: readonly (readonly string[])[],
): ColumnSource[] {
  return columns.map(({ name, type }, i) => {
    const stored = STORED[type];
    const data = rows.map((row) =>
      row[i] === "" || row[i] === undefined ? null : stored.value(row[i])
    );
    return { name, data, type: stored.type, nullable: true };
  });
}
