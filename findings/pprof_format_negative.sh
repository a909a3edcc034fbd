#!/usr/bin/env bash
# pprof-format decodes negative sample values as numbers near 2^64.
#
# Expected: value is an int64 in profile.proto; differences of heap profiles
# (pprof -diff_base, delta profiles) hold negative ones, and -5 comes back as -5.
# Happens: the encoder writes the two's complement rightly, the decoder reads it
# as unsigned: what it wrote itself does not survive a round trip.
# Matters: memory freed between two heap profiles turns into 18 exabytes.
# Version: pprof-format 2.3.2; needs node and npm.
# Seen: [5, -5] -> [5, 18446744073709551611n]
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
npm install --silent --no-audit --no-fund --no-update-notifier --cache "$T/cache" --prefix "$T" pprof-format@2.3.2

cat >round_trip.mjs <<'JS'
import { Profile, Sample, StringTable, ValueType } from "pprof-format";
const stringTable = new StringTable();
const type = stringTable.dedup("inuse_space"), unit = stringTable.dedup("bytes");
const sampleType = [new ValueType({ type, unit }), new ValueType({ type, unit })];
const written = new Profile({ sampleType, sample: [new Sample({ value: [5, -5] })], stringTable });
const read = Profile.decode(written.encode());
console.log(...read.sample[0].value.map(String), BigInt.asIntN(64, BigInt(read.sample[0].value[1])).toString());
JS
seen=$(node round_trip.mjs)
echo "5 and -5 come back as, and the second taken as signed: $seen"
[[ $seen == "5 18446744073709551611 -5" ]] || {
  echo "changed: -5 no longer comes back as 18446744073709551611"
  exit 1
}
