#!/usr/bin/env bash
# jemalloc's heap dump: the total line is less than the stacks below it.
#
# Expected: "t*: objects: bytes" in the head is the sum of the stacks' lines.
# Happens: with prof_unbias (new in 5.3, on by default) every line is bent by
# itself so that jeprof's later scaling of it gives an unbiased figure. Bytes
# in the file are neither sampled nor estimated bytes, and the head, where
# block sizes mix, falls far below the sum of the stacks.
# Matters: other readers add up the raw lines, or use the head to check that a
# dump is whole.
# Version: jemalloc 5.3.0 (libjemalloc2 5.3.0-1); needs gcc.
# Seen: head 20,293,378 bytes, stacks 84,052,753 bytes; with
# prof_unbias:false both 84,059,136.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download libjemalloc2=5.3.0-1
dpkg -x libjemalloc2_*.deb .

cat >mixed.c <<'C'
#include <stdlib.h>
static void *small[5000], *large[10];
int main(void) {
  for (int i = 0; i < 5000; i++)
    if (!(small[i] = malloc(1000))) return 1;
  for (int i = 0; i < 10; i++)
    if (!(large[i] = malloc(8 << 20))) return 1;
}
C
gcc -O0 -fno-builtin mixed.c -o mixed

seen=""
for unbias in true false; do
  LD_PRELOAD=$T/usr/lib/x86_64-linux-gnu/libjemalloc.so.2 \
    MALLOC_CONF=prof:true,prof_final:true,lg_prof_sample:16,prof_unbias:$unbias,prof_prefix:$unbias ./mixed
  # Before the first "@" the head, after it a line "t*:" for each stack.
  read -r head sum <<<"$(awk '/^@/ { stacks = 1 } /t\*:/ { if (stacks) sum += $3; else head = $3 }
    END { printf "%d %d\n", head, sum }' $unbias.*.heap)"
  echo "prof_unbias:$unbias: head $head bytes, stacks $sum bytes"
  seen+="$((100 * head / sum)) "
done
read -r bent straight <<<"$seen"
((bent < 60 && straight == 100)) || {
  echo "changed: the head is $bent % of the stacks (below 60 before), without prof_unbias $straight %"
  exit 1
}
