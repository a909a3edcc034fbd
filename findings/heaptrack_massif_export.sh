#!/usr/bin/env bash
# heaptrack_print --print-massif writes a file that ms_print refuses.
#
# Expected: a "massif compatible data file", as its help says, opens in
# Massif's own viewer.
# Happens: the three lines that every massif.out begins with (desc, cmd,
# time_unit) are written last, after the snapshots, and ms_print stops at line
# 2. Moved to the top it refuses the unit, "s" (it knows i, ms and B); with
# that mended as well it prints the graph.
# Matters: the export is the only way from heaptrack into Massif tools.
# Version: heaptrack 1.4.0-2, ms_print of valgrind 1:3.19.0-1; needs gcc.
# Seen: "Line 2: missing 'cmd' line"; the file ends with desc, cmd, time_unit.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
boost=1.74.0+ds1-21
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download \
  heaptrack=1.4.0-2 libheaptrack=1.4.0-2 libunwind8=1.6.2-3 valgrind=1:3.19.0-1 \
  libboost-filesystem1.74.0=$boost libboost-iostreams1.74.0=$boost libboost-program-options1.74.0=$boost
for f in *.deb; do dpkg -x "$f" .; done

cat >blocks.c <<'C'
#include <stdlib.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < 200; i++) {
    void *p = malloc(1000 * i);
    if (i % 2) free(p);
    usleep(1000);
  }
}
C
gcc -O0 -fno-builtin blocks.c -o blocks

export LD_LIBRARY_PATH=$T/usr/lib/x86_64-linux-gnu
LD_PRELOAD=$T/usr/lib/heaptrack/libheaptrack_preload.so DUMP_HEAPTRACK_OUTPUT=$T/raw ./blocks
usr/lib/heaptrack/libexec/heaptrack_interpret <raw 2>/dev/null >interpreted
usr/bin/heaptrack_print interpreted --print-massif massif.out >/dev/null
head -2 massif.out
echo ...
tail -3 massif.out
refusal=$(perl usr/bin/ms_print massif.out 2>&1 || true)
echo "ms_print: $refusal"
{ tail -3 massif.out | sed "s/time_unit: s/time_unit: ms/" && head -n -3 massif.out; } >repaired.out
repaired=$(perl usr/bin/ms_print repaired.out | grep -c 'Number of snapshots' || true)
echo "with the last three lines first and the unit ms, graphs printed: $repaired"
[[ "$refusal $repaired" == "Line 2: missing 'cmd' line 1" ]] || {
  echo "changed: ms_print no longer refuses the file, or mending it by hand no longer helps"
  exit 1
}
