# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# host.sh - what the tests that run on the host share: a folder of their own, $T, and TAP. Sourced from the top of the
# tree, or by who has set $top; the lib.sh of a folder does it for its tests. Guests have tests/guest/lib.sh.

T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
log=$T/log
# shellcheck source=tests/tap.sh
. "${top:-.}/tests/tap.sh"

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
