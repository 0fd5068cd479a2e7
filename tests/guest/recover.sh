#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# recover.sh - guest: a flight recorder runs, some things happen, the kernel panics. recover.t looks at the memory it leaves.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 || exit 1
# One that is deleted, one that is not selected: neither is to be taken for the flight recorder.
# The first is large enough that the flight recorder does not get all of its memory.
lkstbuf create -n gone -s 1M
lkst start -m RALL -b gone && load pingpong >/dev/null && lkst stop
lkstbuf create -n other -s 64K
lkst start -m RALL -b other && lkst mark "not these" && lkst stop
lkstbuf delete -b gone
lkstbuf create -n flight -s 128K
lkstm new -n CALLS -e SYSCALL,PANIC,LKST_MARK
lkst start -m CALLS -b flight || exit 1
i=0
while [ $i -lt 16 ]; do
	load pingpong
	i=$((i + 1))
done >/dev/null
lkst mark "the last words"
lkst status --json
[ "${1:-panic}" = panic ] || exit 0
echo c >/proc/sysrq-trigger
