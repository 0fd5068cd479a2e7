#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# later.t - the series as lkst-series alone carries it over to a later kernel, 2.6.11: it builds and boots, every event
# that has a hook there is counted with its arguments, and NMIs find all memory. Skipped where that tree is not.
#
# To see it red: move the line of a hook in the new series up by one, IPC_MSGSND before 'msg->m_ts = msgsz;' or
# SIGNAL_DELIVER before 'ka = ...;'.
version=2.6.11
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"
LKST_REQUIRE_TREES='' "$top/tests/legacy/need-tree" "$version" 2>/dev/null ||
	{ echo "1..0 # SKIP no tree of $version here"; exit 0; }
LKST_LIBEXEC=$b/x86_64
export LKST_LIBEXEC

_rc=0
"$top/patches/lkst-series" rebase --quiet "$version" "$tmp/series" >"$tmp/log" 2>&1 || _rc=$?
[ $_rc = 3 ]
ok $? "lkst-series rebase ends with 3: it left hooks out"

SERIES=$tmp/series/series "$top/tests/legacy/build" "$version" --smp >"$tmp/log" 2>&1
ok $? "the kernel, the module and the test modules build"

# guest SCRIPT OPTION...: its tests
guest() {
	_rc=0
	"$top/tests/legacy/run" "$version" "$@" --smp 2 --timeout 300 >"$tmp/guest" 2>&1 || _rc=$?
	tell_again "$tmp/guest"
	cp "$tmp/guest" "$tmp/log"
	ok $_rc "$1 ends with 0"
}

export OWN="$top/tests/legacy/later.list"
guest events.sh --disk 16
guest nmi.sh --nmi-every 5
done_testing
