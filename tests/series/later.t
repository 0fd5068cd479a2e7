#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# later.t - lkst-series status on a real later kernel, 2.6.11: at least 80 % of the hooks have a place, and those that
# have none are the ones that doc/porting.md names; ci/matrix takes what rebase writes, and a series of the user's before
# that. Skipped where that tree is not.
#
# To see it red: let deactivate_task() pass p in patches/2.6/hook-the-scheduler.patch: 107 hooks have a place then.

# shellcheck source=tests/series/lib.sh
. "${0%/*}/lib.sh"
LKST_REQUIRE_TREES='' tests/legacy/need-tree 2.6.11 2>/dev/null || { echo "1..0 # SKIP no tree of 2.6.11 here"; exit 0; }
LKST_LIBEXEC=$(cd "${B:-build}" && pwd -P)/x86_64
export LKST_LIBEXEC LC_ALL=C

patches/lkst-series status --json 2.6.11 >"$T/status" 2>"$T/out"
[ $? = 3 ]
result $? "status ends with 3: some hooks have no place"
jq -r '[.hooks, .conflict, 100 * (.hooks - .conflict) / .hooks | floor] | @tsv' "$T/status" >"$T/out"
read -r hooks conflict share <"$T/out"
[ "$share" -ge 80 ]
result $? "at least 80 % of the hooks have a place: $((hooks - conflict)) of $hooks"
# "N EVENT FILE FUNCTION" of each row of its table.
awk -F ' *[|] *' '
	$2 ~ /^`/ && $3 ~ /^[0-9]+$/ {
		gsub(/`/, "")
		n = split($2, event, ", ")
		for (i = 1; i <= n; i++) print $3, event[i], $4
	}' doc/porting.md | sort >"$T/wanted"
jq -r '.patches[].hooks[] | select(.is_event and .verdict == "conflict") | .hook + " " + .file + " " + .function' \
	"$T/status" | sort | uniq -c | sed 's/^ *//; s/ $//' | sort >"$T/left"
diff "$T/wanted" "$T/left" >"$T/out"
result $? "those that have none are the ones that doc/porting.md names"

# row STATUS PATTERN NAME OPTION...: ci/matrix, the series only, ends with STATUS and has a row like that
row() {
	_want=$1 _like=$2 _name=$3 _rc=0
	shift 3
	ci/matrix --out "$T/matrix" --steps applied "$@" 2.6.11 >"$T/out" 2>&1 || _rc=$?
	[ $_rc = "$_want" ] && grep -qE "$_like" "$T/out"
	result $? "$_name"
}
row 0 "^2\\.6\\.11 +$((hooks - conflict)) of $hooks hooks$" "ci/matrix: a row for the tree, with what rebase wrote"
cp -R "$T/matrix/2.6.11/series" "$T/own"
sed -i '$d' "$T/own/series"
left=$(grep -c '^[^#]' "$T/own/series")
row 0 "^2\\.6\\.11 +$left patches$" "... with a series of the user's for it" --series "$T/own"
sed -i 's/^ }$/ }}/' "$T/own/hook-timers.patch"
row 1 '^2\.6\.11: applied: the series in .*/own does not apply \(lkst-series rebase' \
	"... and what to do when that does not go on" --series "$T/own"
echo "1..$tests"
