#!/usr/bin/env bash
# GNU parallel: a job killed by a signal has Exitval 0 in the job log.
#
# Expected: a job that the kernel killed for memory shows 137 (128 + 9), as in
# every shell; at least not the value of success.
# Happens: Exitval is the exit code alone, 0, and the signal has a column of its
# own. Which of the two forms appears depends on the job's text: with a command
# after the killed one the shell survives and reports 137 and no signal. Of two
# runs killed alike one looks successful.
# Matters: "Exitval = 0" keeps the runs that ran out of memory, the very ones an
# allocator benchmark must not count.
# Version: GNU parallel 20221122+ds-2; needs perl.
# Seen: prog -> Exitval 0, Signal 9; prog; exit $? -> Exitval 137, Signal 0.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download parallel=20221122+ds-2
dpkg -x parallel_*.deb .

printf '#!/bin/sh\nkill -9 $$\n' >prog
chmod +x prog
HOME=$T SHELL=/bin/bash perl usr/bin/parallel --joblog log ::: ./prog './prog; exit $?' >/dev/null 2>&1 || true
cut -f7- log
seen=$(awk -F'\t' 'NR > 1 { print $9 ":", $7, $8 }' log | LC_ALL=C sort | paste -sd'|')
[[ $seen == './prog: 0 9|./prog; exit $?: 137 0' ]] || {
  echo "changed: $seen"
  exit 1
}
