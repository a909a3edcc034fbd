#!/usr/bin/env bash
# Frictionless tableschema infers a column of block sizes as years.
#
# Expected: whole numbers are integer, a year needs a hint; 1 and 2.5 are number.
# Happens: numbers from 1000 to 2999 are guessed as years, and a column takes the
# type that three quarters of its sample agree on. Sizes 1024 and 2048 make a
# "year"; mixtures (64 and 1024, or 1 and 2.5) agree on nothing and become "any",
# which checks nothing. What the sample holds decides: one column, three types.
# Matters: a data package written for results of powers of two gets year fields.
# Version: tableschema 1.12.6 (npm); needs node and npm.
# Seen: 64 128: integer; 1024 2048: year; 64 1024: any; 1 2.5: any.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
npm install --silent --no-audit --no-fund --no-update-notifier --cache "$T/cache" --prefix "$T" tableschema@1.12.6

cat >infer.mjs <<'JS'
import tableschema from "tableschema";
for (const values of ["64 128", "1024 2048", "64 1024", "1 2.5"]) {
  const rows = values.split(" ").map((value) => [value]);
  const table = await tableschema.Table.load([["size"], ...rows]);
  await table.infer();
  console.log(`${values}: ${table.schema.descriptor.fields[0].type}`);
}
JS
node infer.mjs 2>/dev/null | tee seen
[[ $(<seen) == "64 128: integer
1024 2048: year
64 1024: any
1 2.5: any" ]] || {
  echo "changed: four-digit sizes are no longer years, or mixtures no longer any"
  exit 1
}
