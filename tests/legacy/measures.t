#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# measures.t - each of the 18 measures has its events on an old kernel: a trace recorded there is measured here.
#
# Usage: measures.t [NAME [EVENT]]
#   NAME   as tests/legacy/build had it (smp)
#   EVENT  of a system call by the C library (SYSCALL_SYSENTER)
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"

tests/legacy/run "${1:-smp}" measures.sh --smp 2 --disk 16 --out "$tmp/out" --timeout 300 >"$tmp/log" 2>&1
ok $? "everything is recorded over a load of every kind"
la=$b/x86_64/lkstla
trace=$tmp/out/trace.lkst
"$la" list | awk '$2 ~ /^[0-9]+$/ { print $1 }' >"$tmp/measures"
[ "$(wc -l <"$tmp/measures")" -eq 18 ]
ok $? "18 measures"
while read -r m; do
	"$la" "$m" "$trace" >"$tmp/table" 2>"$tmp/log"
	rc=$?
	n=$(grep -vc '^#' "$tmp/table")
	echo "exit $rc, $n rows" >>"$tmp/log"
	[ $rc = 0 ] && [ "$n" -ge 1 ]
	ok $? "$m: a table with rows ($n)"
done <"$tmp/measures"

# What the loads say of themselves is in the trace, exactly.
pid_of() {
	sed -n 's/^pid=//p' "$tmp/out/$1"
}
"$la" print "$trace" >"$tmp/print" 2>"$tmp/log"
n=$(awk -v p="$(pid_of getppid)" '$3 == p' "$tmp/print" | grep -c "${2:-SYSCALL_SYSENTER} nr=64")
[ "$n" = 23 ]
ok $? "23 calls of getppid by its load ($n)"
n=$("$la" lifetime -l "$trace" 2>/dev/null | awk -v k=",$(sed -n 's/^kids=//p' "$tmp/out/fork")," '!/^#/ && index(k, "," $2 ",") { n++ } END { print n + 0 }')
[ "$n" = 23 ]
ok $? "23 lives of its children ($n)"
echo "1..$tests"
