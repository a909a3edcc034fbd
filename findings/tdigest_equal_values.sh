#!/usr/bin/env bash
# tdigest: the median of sizes of which nine in ten are 64 is 467.
#
# Expected: 64. A t-digest is coarsest in the middle, but there a hundredth of
# the values at most shares a centroid; the 64s make many, and only a quantile
# close to 0.9 can fall between 64 and 4096.
# Happens: equal values go into one centroid without limit. Its whole weight then
# lies at its mean rank, 0.45, that of the 4096s at 0.95, and all in between is
# interpolated. The rank of 64 is given as half of what it is. Once the sizes
# differ by up to a hundredth of a byte, all is right. prom-client makes the
# quantiles of a Summary with this package.
# Matters: block sizes and size classes are few values that occur often; a median
# appears that no request ever had.
# Version: tdigest 0.1.3, prom-client 15.1.3; needs node and npm.
# Seen: 900 times 64 and 100 times 4096: quantiles 0.5 and 0.85 are 467.2 and
# 3289.6 with both packages, the rank of 64 is 0.45; spread: 64.0, 64.0 and 0.90.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
npm install --silent --no-audit --no-fund --no-update-notifier --cache "$T/cache" --prefix "$T" tdigest@0.1.3 prom-client@15.1.3

cat >median.mjs <<'JS'
import { Summary } from "prom-client";
import { TDigest } from "tdigest";
const equal = Array.from({ length: 1000 }, (_, i) => i % 10 ? 64 : 4096);
const spread = equal.map((size, i) => size + (i * 7919 % 1000) / 1e5);
for (const [name, sizes] of Object.entries({ equal, spread })) {
  const digest = new TDigest();
  const summary = new Summary({ name, help: name, percentiles: [0.5, 0.85] });
  for (const size of sizes) {
    digest.push(size);
    summary.observe(size);
  }
  const { values } = await summary.get();
  const quantiles = [...digest.percentile([0.5, 0.85]), values[0].value, values[1].value];
  console.log(name, ...quantiles.map((q) => q.toFixed(1)), digest.p_rank(64.01).toFixed(2));
}
JS
echo "quantiles 0.5 and 0.85 by tdigest and by prom-client, rank of 64.01:"
node median.mjs | tee seen
[[ $(<seen) == "equal 467.2 3289.6 467.2 3289.6 0.45
spread 64.0 64.0 64.0 64.0 0.90" ]] || {
  echo "changed: the median of equal sizes is no longer 467.2, or that of unequal ones not 64"
  exit 1
}
