# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# host.sh - what the tests that run on the host share: a folder of their own, $T, and TAP. Sourced from the top of the
# tree, or by a path; the lib.sh of a folder does it for its tests. Guests have tests/guest/lib.sh.

T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
tests=0
log=$T/log

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

# tell_again FILE [PREFIX]: the tests of a guest, counted on
tell_again() {
	while IFS= read -r _l; do
		case $_l in
		'ok '*) tests=$((tests + 1)); echo "ok $tests - ${2:-}${_l#* - }" ;;
		'not ok '*) tests=$((tests + 1)); echo "not ok $tests - ${2:-}${_l#* - }" ;;
		1..*) ;;
		*) echo "$_l" ;;
		esac
	done <"$1"
}

done_testing() {
	echo "1..$tests"
}
