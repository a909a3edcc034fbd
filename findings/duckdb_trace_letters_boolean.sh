#!/usr/bin/env bash
# DuckDB reads a trace's operation letters as BOOLEAN while they are f and t.
#
# Expected: a column of letters is VARCHAR; only true and false (and perhaps 0
# and 1) make a boolean.
# Happens: the sniffer takes f and t for false and true. A part of a trace that
# only frees, or frees and trims, has an operation column of booleans; with one
# "a" for malloc it is text. Parts of one trace differ in type, and the letters
# are gone when it is exported.
# Matters: the standard letters of trace files (.rep: a, f, r) hit it by chance.
# Version: @duckdb/node-api 1.5.6-r.1; needs node and npm.
# Seen: f, f -> BOOLEAN false, false; f, t -> false, true; a, f -> VARCHAR.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
npm install --silent --no-audit --no-fund --no-update-notifier --cache "$T/cache" --prefix "$T" @duckdb/node-api@1.5.6-r.1

cat >sniff.mjs <<'JS'
import { DuckDBInstance } from "@duckdb/node-api";
import { writeFileSync } from "node:fs";
const database = await (await DuckDBInstance.create(":memory:")).connect();
for (const letters of ["ff", "ft", "af"]) {
  writeFileSync("part.csv", "op,id\n" + [...letters].map((op, id) => `${op},${id}\n`).join(""));
  const reader = await database.runAndReadAll("select typeof(op), op from 'part.csv' order by id");
  const rows = reader.getRows();
  console.log(letters, rows[0][0], ...rows.map((row) => row[1]));
}
JS
node sniff.mjs | tee seen
[[ $(<seen) == "ff BOOLEAN false false
ft BOOLEAN false true
af VARCHAR a f" ]] || {
  echo "changed: f and t alone are no longer read as booleans"
  exit 1
}
