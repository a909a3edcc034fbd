#!/usr/bin/env bash
# pure-rand: the first draw of xoroshiro128plus and xorshift128plus is the seed.
#
# Expected: streams of neighbouring seeds are unrelated from the first draw on,
# as they are with the package's mersenne.
# Happens: the seed goes into the state unmixed and the first output is its
# complement. uniformFloat64 starts at 0.9998 or above for each of the seeds
# 0 .. 9,999; uniformInt counts down as the seed counts up.
# Matters: "ten seeds" with few draws each are one sample; a workload whose first
# draw is a size always starts with the largest.
# Version: pure-rand 8.4.2; needs node and npm.
# Seen: mean of 10,000 first draws 0.99993; uniformInt(0, 999) for seeds 0, 1, 2:
# 647, 646, 645 with both generators.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
npm install --silent --no-audit --no-fund --no-update-notifier --cache "$T/cache" --prefix "$T" pure-rand@8.4.2

cat >first.mjs <<'JS'
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { mersenne } from "pure-rand/generator/mersenne";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { xorshift128plus } from "pure-rand/generator/xorshift128plus";
for (const [name, generator] of Object.entries({ mersenne, xoroshiro128plus, xorshift128plus })) {
  let sum = 0;
  for (let seed = 0; seed < 10_000; seed++) sum += uniformFloat64(generator(seed));
  const draws = [0, 1, 2, 3, 4].map((seed) => uniformInt(generator(seed), 0, 999));
  console.log(name, (sum / 10_000).toFixed(5), ...draws);
}
JS
node first.mjs | tee seen
[[ $(<seen) == "mersenne 0.49741 396 493 496 338 882
xoroshiro128plus 0.99993 647 646 645 644 643
xorshift128plus 0.99993 647 646 645 644 643" ]] || {
  echo "changed: first draws of neighbouring seeds are no longer the ones above"
  exit 1
}
