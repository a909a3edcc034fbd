#!/usr/bin/env bash
# vmstat -m: the column "Pages" does not hold pages.
#
# Expected: pages; vmstat(8) says those of the cache that hold an active object.
# Happens: it is the number of objects per slab. A cache without any slab has
# "14 pages"; TCP, with slabs of 8 pages, shows 14 as well.
# Matters: caches ranked by Pages x 4 KiB are ranked by how small their objects
# are.
# Version: procps and libproc2-0 2:4.0.2-3; the caches are those of Linux 6.1 as a
# user-mode kernel (user-mode-linux 6.1um4+b13).
# Seen: vmstat TCP ... 2240 14; slabinfo TCP: 14 objects and 8 pages per slab, 0 slabs.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download \
  user-mode-linux=6.1um4+b13 procps=2:4.0.2-3 libproc2-0=2:4.0.2-3
for f in *.deb; do dpkg -x "$f" .; done

# The first process of the user-mode kernel; its root is this machine's, read-only.
cat >init <<SH
#!/bin/sh
mount -t proc proc /proc
echo
grep '^TCP ' /proc/slabinfo | sed 's/^/slabinfo /'
LD_LIBRARY_PATH=$T/usr/lib/x86_64-linux-gnu $T/usr/bin/vmstat -m | grep '^TCP ' | sed 's/^/vmstat /'
echo o >/proc/sysrq-trigger
sleep 9
SH
chmod +x init
HOME=$T TMPDIR=$T timeout 50 usr/bin/linux.uml mem=128M root=/dev/root rootfstype=hostfs rootflags=/ ro \
  init="$T/init" con=null con0=null,fd:1 quiet >console 2>&1 </dev/null || true
tr -d '\r' <console | grep -E '^(slabinfo|vmstat) ' | tee lines
read -r objects pages slabs <<<"$(awk '$1 == "slabinfo" { print $6, $7, $16 }' lines)"
column=$(awk '$1 == "vmstat" { print $6 }' lines)
manual=$(zcat usr/share/man/man8/vmstat.8.gz | grep -Ec 'pages with .* active' || true)
echo "slabinfo: $objects objects and $pages pages per slab, $slabs slabs; vmstat's Pages: $column"
((column == objects && column != pages && slabs == 0 && manual == 1)) || {
  echo "changed: Pages is no longer the number of objects per slab, or the manual was corrected"
  exit 1
}
