#!/usr/bin/env bash
# simple-statistics: the normal distribution function is a printed table.
#
# Expected: cumulativeStdNormalProbability(z) is good to about 1e-7, smooth, and
# goes to 1.
# Happens: z is rounded to two decimals and looked up in four-digit values that
# end at 3.09. All z above have 0.999, so no tail is ever smaller than 0.001.
# The package's own errorFunction has six correct digits.
# Matters: p-values made from it have steps, and a correction for many
# comparisons can never reach its limit: 0.001 x 60 comparisons > 0.05.
# Version: simple-statistics 7.12.1; needs node and npm.
# Seen: P(1.234) 0.8907 (0.8914 is right), P(5) 0.999 (1 - 2.9e-7 is right).
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
npm install --silent --no-audit --no-fund --no-update-notifier --cache "$T/cache" --prefix "$T" simple-statistics@7.12.1

cat >normal.mjs <<'JS'
import { cumulativeStdNormalProbability as p, errorFunction } from "simple-statistics";
for (const z of [1.225, 1.234, 1.235, 3.09, 5]) {
  console.log(z, p(z), ((1 + errorFunction(z / Math.SQRT2)) / 2).toFixed(5));
}
JS
echo "z, cumulativeStdNormalProbability, the same by errorFunction:"
node normal.mjs | tee seen
[[ $(<seen) == "1.225 0.8907 0.88971
1.234 0.8907 0.89140
1.235 0.8925 0.89158
3.09 0.999 0.99900
5 0.999 1.00000" ]] || {
  echo "changed: the function is no longer a table that ends at 0.999"
  exit 1
}
