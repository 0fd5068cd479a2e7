#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# recover.sh - guest: a flight recorder runs, some things happen, the kernel panics. recover.t looks at the memory it leaves.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 || exit 1
# One that is deleted, one that is not selected: neither is to be taken for the flight recorder.
lkstbuf create -n gone -s 64K
lkst start -m RALL -b gone && load getppid >/dev/null && lkst stop
lkstbuf create -n other -s 64K
lkst start -m RALL -b other && lkst mark "not these" && lkst stop
lkstbuf delete -b gone
lkstbuf create -n flight -s 256K
lkst start -m RALL -b flight || exit 1
i=0
while [ $i -lt 8 ]; do
	load pingpong
	i=$((i + 1))
done >/dev/null
lkst mark "the last words"
lkst status --json
[ "${1:-panic}" = panic ] || exit 0
echo c >/proc/sysrq-trigger
