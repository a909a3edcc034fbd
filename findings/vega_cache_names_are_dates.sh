#!/usr/bin/env bash
# Vega's type inference reads names such as "kmalloc-96" as dates.
#
# Expected: a column of slab caches or of allocators ("buddy 2") is text; only
# dates written as dates are dates.
# Happens: with format.parse "auto" a column is a date as soon as V8's Date.parse
# accepts all its values, and that takes any word followed by a number: a month
# up to 12, a year from 32. The loader replaces the names by milliseconds since
# 1970. With one name like kmalloc-1k among them the column is text again.
# Matters: whether an axis shows names or a time line depends on the data.
# Version: vega-loader 5.1.3 (of vega 6.4.0); needs node and npm.
# Seen: kmalloc-8 -> 2001-08-01, kmalloc-32 -> 2032-01-01, kmalloc-96 -> 1996-01-01.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
npm install --silent --no-audit --no-fund --no-update-notifier --cache "$T/cache" --prefix "$T" vega-loader@5.1.3

cat >load.mjs <<'JS'
import { read } from "vega-loader";
const load = (names) => {
  const rows = read(`cache\n${names.join("\n")}\n`, { type: "csv", parse: "auto" });
  return rows.map(({ cache }) =>
    typeof cache === "string" ? cache : new Date(cache).toISOString().slice(0, 10)
  ).join(" ");
};
console.log(load(["kmalloc-8", "kmalloc-32", "kmalloc-96"]));
console.log(load(["buddy 2", "buddy 4"]));
console.log(load(["kmalloc-8", "kmalloc-1k"]));
JS
TZ=UTC node load.mjs | tee seen
[[ $(<seen) == "2001-08-01 2032-01-01 1996-01-01
2001-02-01 2001-04-01
kmalloc-8 kmalloc-1k" ]] || {
  echo "changed: names followed by a number are no longer inferred as dates"
  exit 1
}
