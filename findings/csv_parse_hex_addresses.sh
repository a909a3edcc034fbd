#!/usr/bin/env bash
# csv-parse with cast: true turns every hexadecimal address into 0.
#
# Expected: "0x7f3a10" stays text, as no CSV number looks like that, or becomes
# 8337936, as Number() and DuckDB have it.
# Happens: whether a field is a number is tested with JavaScript's coercion,
# which knows 0x, 0o and 0b; its value is then taken with parseFloat, which
# stops at the x. All addresses, flags and masks come out as the number 0.
# Matters: logs of valgrind, mtrace and ltrace turned into CSV are full of such
# fields, and a column of zeros joins without an error.
# Version: csv-parse 7.0.3; needs node and npm.
# Seen: 0x7f3a10 -> 0, 0xffff888000001000 -> 0, 0b11 -> 0, 12:30 -> "12:30".
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
npm install --silent --no-audit --no-fund --no-update-notifier --cache "$T/cache" --prefix "$T" csv-parse@7.0.3

cat >read.mjs <<'JS'
import { parse } from "csv-parse/sync";
const text = "0x7f3a10,0xffff888000001000,0b11,12:30,4096\n";
console.log(JSON.stringify(parse(text, { cast: true })[0]));
JS
seen=$(node read.mjs)
echo "0x7f3a10,0xffff888000001000,0b11,12:30,4096 -> $seen"
[[ $seen == '[0,0,0,"12:30",4096]' ]] || {
  echo "changed: hexadecimal fields are no longer cast to 0"
  exit 1
}
