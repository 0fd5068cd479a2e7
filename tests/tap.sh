# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# tap.sh - single tests as TAP, on the host and in guests: who sources it has set $log, what goes wrong is looked for
# there. tests/host.sh does so for the host, tests/guest/lib.sh, as /t/tap.sh, for guests.

tests=0

# ok STATUS NAME [DETAIL]: one test; a failed one shows DETAIL, or the end of $log, which is empty after each
ok() {
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		{
			[ -z "${3:-}" ] || echo "$3"
			[ ! -s "$log" ] || tail -n 40 "$log"
		} | sed 's/^/# /'
	fi
	: >"$log"
}

done_testing() {
	echo "1..$tests"
}
