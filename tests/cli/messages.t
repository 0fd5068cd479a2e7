#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# messages.t - bad input to any command is answered by one line on standard error that says what to do, and by
# the exit status of the manual page; what cannot be written is no success. No module is needed.
cd "$(dirname "$0")/../.." || exit 1
PATH=$(cd "${B:-build}/x86_64" && pwd -P):$PATH
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
n=0

# says STATUS PATTERN COMMAND...: ends with STATUS and one line on standard error, which matches
says() {
	wanted=$1 pattern=$2
	shift 2
	n=$((n + 1))
	rc=0
	"$@" >"$T/out" 2>"$T/err" </dev/null || rc=$?
	if [ $rc = "$wanted" ] && [ "$(wc -l <"$T/err")" = 1 ] && grep -Eq -- "$pattern" "$T/err"; then
		echo "ok $n - $*: status $wanted, one line"
	else
		echo "not ok $n - $*: status $wanted, one line"
		echo "# status $rc, wanted /$pattern/ in"
		sed 's/^/# /' "$T/err"
	fi
}

# full COMMAND...: fails when its output cannot be written
full() {
	says 1 'writing standard output: ' sh -c '"$@" >/dev/full' sh "$@"
}

for c in lkst lkstm lkstbuf lksteh lkstlogd lkstla; do
	full $c --help
	full $c --version
done
full lkst events
full lkst events --json
full lkst events --sizes
full lkst events --source
full lkstla list
for c in record live snapshot recover start stop status events probe mark; do
	full lkst $c --help
done

# Words that are not there: the ones that are, or the nearest.
for c in lkst lkstm lkstbuf lksteh; do
	says 2 "$c: say what to do: [a-z]*, .*; try '$c --help'" $c
	says 2 "$c: unknown command 'nonsense' \(there are [a-z]*, .*\); try '$c --help'" $c nonsense
	says 2 "$c: unknown option '--nonsense' \(there are --help, --version\); try '$c --help'" $c --nonsense
done
says 2 "lkst events: unknown option '--jsno' \(did you mean --json\?\); try 'lkst events --help'" lkst events --jsno
says 2 "unknown option '-z' \(there are --sizes, --source, --json, --help, --version\)" lkst events -z
says 2 "unknown option '--maskst=x' \(did you mean --maskset\?\)" lkstm read --maskst=x
says 2 "lkstlogd: unknown option '--directroy' \(did you mean --directory\?\)" lkstlogd --directroy /
says 1 "lkstlogd: writing into '/dev/null': it is no directory \(-d names one, .*\)" lkstlogd -f -d /dev/null

# Events: near names; a usage error, as it is for 'lkst record -e'.
says 2 "'procss_fork' is neither an event nor a group \(did you mean PROCESS_FORK\?\)" lkst events procss_fork
says 2 "'SYSCAL' is neither an event nor a group \(did you mean SYSCALL, SYSCALL_ENTRY, .*\?\)" \
	lkst events SYSCALL SYSCAL
says 2 "'NOPE' is neither an event nor a group \('lkst events' shows them\)" lkst events NOPE
says 2 "there is no measure 'softirqtim' \(did you mean softirqtime, softirq\?\)" lkstla softirqtim
says 2 "give the measure first" lkstla -l syscall trace
says 2 "'P' is neither" lkst events P

says 2 "lksteh set: -h takes a handler here: .*; try 'lksteh set --help'" lksteh set -h
n=$((n + 1))
if lksteh list -h | grep -q '^Usage: lksteh list'; then
	echo "ok $n - lksteh list -h is help"
else
	echo "not ok $n - lksteh list -h is help"
fi
echo "1..$n"
