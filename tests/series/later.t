#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# later.t - lkst-series status on a real later kernel, 2.6.11: at least 80 % of the hooks have a place, and those that have
# none are the ones that doc/porting.md names. Skipped where that tree is not.
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
echo "1..$tests"
