# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# truths.sh - truth.c's own words beside what klasy finds in it, whatever compiler made it. Sourced, with $klasy set.

TRUTH_STRUCTS='inner outer decoy named'

# truth_aspects DIR: STRUCT.aspect for each of them
truth_aspects() {
	for _s in $TRUTH_STRUCTS; do
		echo "<aspect><advice><pointcut>access($_s.%)</pointcut><before> </before></advice></aspect>" \
			>"$1/$_s.aspect"
	done
}

# truths LEVEL OBJECT DIR TRUTH.C: "FUNCTION STRUCT.MEMBER MODE N", what is found in DIR/found, what is so in DIR/truths
truths() {
	for _s in $TRUTH_STRUCTS; do
		"$klasy" match -q -j -o "$2" "$3/$_s.aspect"
	done | jq -r '.struct as $s | (.member | split("|"))[] as $m | [.function, $s + "." + $m, .mode] | @tsv' |
		sort | uniq -c | awk '{ print $2, $3, $4, $1 }' >"$3/found"
	sed -n "s,^/\\* truth\\( $1\\)\\{0\\,1\\}: \\(.*\\) \\*/\$,\\2,p" "$4" >"$3/truths"
}
