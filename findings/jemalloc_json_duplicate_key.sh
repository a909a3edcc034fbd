#!/usr/bin/env bash
# jemalloc's JSON statistics leave out the dirty huge pages and hold another
# key twice instead.
#
# Expected: the JSON of malloc_stats_print ("J") holds what the text form
# shows. For the page allocator's empty slabs that is npageslabs, nactive and
# ndirty, each for huge and other pages; so it is in nonfull_slabs.
# Happens: in full_slabs and empty_slabs the member nactive_huge comes twice,
# both times with the active pages, and ndirty_huge is missing. The JSON stays
# valid, so parsers keep one of the two and say nothing.
# Matters: memory that the text form calls dirty is nowhere in the JSON.
# Version: jemalloc 5.3.0 (libjemalloc2 5.3.0-1); needs gcc.
# Seen: text "ndirty: 19456 huge" (76 MiB); JSON nactive_huge 0, nactive_huge 0.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download libjemalloc2=5.3.0-1
dpkg -x libjemalloc2_*.deb .

cat >freed.c <<'C'
#include <stdlib.h>
static void *page[20000];
int main(void) {
  for (int i = 0; i < 20000; i++)
    if (!(page[i] = malloc(4096))) return 1;
  for (int i = 0; i < 20000; i++) free(page[i]);
}
C
gcc -O0 -fno-builtin freed.c -o freed

export LD_PRELOAD=$T/usr/lib/x86_64-linux-gnu/libjemalloc.so.2
huge=tcache:false,hpa:true,hpa_hugify_delay_ms:0,hpa_dirty_mult:-1,stats_print:true
MALLOC_CONF=$huge ./freed 2>text
MALLOC_CONF=$huge,stats_print_opts:J ./freed 2>json
unset LD_PRELOAD

dirty=$(awk '/In empty slabs/ { found = 1 } found && /ndirty/ { print $2; exit }' text)
empty=$(grep -o -m1 '"empty_slabs":{[^}]*}' json | head -1)
echo "text: ndirty of empty slabs: $dirty huge"
echo "JSON: $empty"
twice=$(grep -o '"nactive_huge":0' <<<"$empty" | wc -l)
missing=$([[ $empty == *ndirty_huge* ]] || echo yes)
[[ $dirty -gt 10000 && "$twice $missing" == "2 yes" ]] || {
  echo "changed: nactive_huge is no longer there twice, or ndirty_huge is"
  exit 1
}
