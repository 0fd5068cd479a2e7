#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# truth.t - klasy finds the accesses that truth.c names, each in its number, whatever the optimisation.
#
# Each 'truth:' line of truth.c is one test, for each level of optimisation. Of a member that a function's lines name no
# access of another mode may be found. What is found of other members, as those that share a union's bytes, is not
# looked at.

set -u
# shellcheck source=tests/klasy/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/klasy/truths.sh
. tests/klasy/truths.sh

truth_aspects "$T"
for level in -O1 -O2 -Os; do
	gcc $level -g -fno-pie -fcf-protection=none -no-pie -nostdlib -static -Wl,--build-id -o "$T/truth" \
		tests/klasy/truth.c || exit 1
	truths $level "$T/truth" "$T" tests/klasy/truth.c
	while read -r function member mode n; do
		found=$(awk -v f="$function" -v m="$member" -v w="$mode" '$1 == f && $2 == m && $3 == w { n = $4 } END { print n + 0 }' "$T/found")
		[ "$found" = "$n" ]
		ok $? "$level $function: $n times $mode of $member" "found $found; of this function: $(grep "^$function " "$T/found")"
	done <"$T/truths"
	# Of the members that a function's lines name, no access of another mode.
	awk 'NR == FNR { want[$1, $2, $3] = 1; named[$1, $2] = 1; next } named[$1, $2] && !want[$1, $2, $3]' \
		"$T/truths" "$T/found" >"$T/more"
	[ ! -s "$T/more" ]
	ok $? "$level: no access of another mode" "$(cat "$T/more")"
done
done_testing
