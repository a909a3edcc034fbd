#!/usr/bin/env bash
# fflate: gunzipSync cuts a file of two gzip members to the length of the last.
#
# Expected: all members one after another (the format's rule; gzip, Node and pako
# do it), or the first one alone, or an error.
# Happens: the output gets the length in the last four bytes of the file, which
# is that of the last member, and is filled from the first. A log of 4,000,000
# bytes with a member of 2 bytes appended comes back as its own first 2 bytes;
# an empty member, as bgzip writes at the end, leaves nothing. No error.
# fflate's streaming Gunzip returns everything.
# Matters: traces are appended to, split and compressed in parallel.
# Version: fflate 0.8.3; needs node and npm.
# Seen: of 4,000,002 bytes 2; with an empty member 0; streaming 4,000,002.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
npm install --silent --no-audit --no-fund --no-update-notifier --cache "$T/cache" --prefix "$T" fflate@0.8.3

cat >members.mjs <<'JS'
import { Gunzip, gunzipSync } from "fflate";
import { gzipSync } from "node:zlib";
const log = gzipSync(Buffer.from("a 1 128\n".repeat(500_000)));
const file = Buffer.concat([log, gzipSync("x\n")]);
const ended = Buffer.concat([log, gzipSync("")]);
let streamed = 0;
const stream = new Gunzip((chunk) => streamed += chunk.length);
for (let i = 0; i < file.length; i += 4096) {
  stream.push(file.subarray(i, i + 4096), i + 4096 >= file.length);
}
console.log(gunzipSync(file).length, gunzipSync(ended).length, streamed);
JS
seen=$(node members.mjs)
echo "bytes from a 2-byte second member, from an empty one, and streamed: $seen"
[[ $seen == "2 0 4000002" ]] || {
  echo "changed: no longer 2, 0 and 4000002 bytes"
  exit 1
}
