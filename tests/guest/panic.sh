#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# panic.sh - guest: a panic is an event (PANIC), and freezes the buffers. The guest ends with it: the test module, which brings
# the handler, says on the console what it saw, and panic.t reads that.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 && insmod $TEST_KO || exit 1
echo "handler on" >/proc/lkst_test
lkstm new -n PANIC -e PANIC,LKST_TEST -H 0x10
lkst start -m PANIC || exit 1
if [ $FAMILY = stock ]; then
	echo c >/proc/sysrq-trigger
else
	echo panic >/proc/lkst_test
fi
