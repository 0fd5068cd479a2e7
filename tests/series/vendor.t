#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# vendor.t - lkst-series status and rebase on a vendor's tree: the base with the changes of vendor-FAMILY.sh. The verdict
# on every hook is that of vendor-FAMILY.table, and in the tree with the new series every hook stands between the lines
# the table says. Wants the tree of that base.
#
# Usage: vendor.t [2.6|2.4]
#
# To see it red: take 'check_arguments(trees, p, e)' out of patches/reanchor/place.c, or write another verdict into the table.

# shellcheck source=tests/series/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/series/change.sh
. tests/series/change.sh
family=${1:-2.6}
version=$(sed -n 's/^# base //p' "patches/$family/series")
tree=$(tree "$version") || exit $?
table=tests/series/vendor-$family.table
# A conflict's function, a left out hook's letter, as they must be shown.
case $family in
2.6) shown='activate_task(p, rq' letter='TIMER_DEL (kernel/timer.c, del_timer)' in='hook-timers.patch' ;;
2.4)
	shown='vendor_lock_queue_of(p)' letter='PROCESS_FREE (kernel/exit.c, release_task)'
	in='hook-the-life-of-processes.patch' ;;
esac
export LC_ALL=C
LKST_LIBEXEC=$(cd "${B:-build}" && pwd -P)/x86_64
export LKST_LIBEXEC

# json_verdicts: hook|file|verdict|file there, one a line, sorted
json_verdicts() {
	jq -r '.patches[].hooks[] | select(.hook != "-") | [.hook, .file, .verdict, (if .verdict == "conflict" then "" else .to end)] | join("|")' "$1" | sort
}

# hooks_of DIR: each hook with the lines around it: "FILE|line before|hook|line behind"; blank lines and comments are none
hooks_of() {
	(cd "$1" && grep -rlE '(LKST|lkst)_[A-Za-z0-9_]*\(' --include='*.[chS]' . | sed 's,^\./,,' | grep -v '/lkst\.[ch]$' | sort) |
		while read -r f; do
			sed 's,/\*.*\*/,,; s/|/!/g; s/[[:space:]]\{1,\}/ /g; s/^ //; s/ $//' "$1/$f" | grep -v '^$' | awk -v f="$f" '
				hook != "" { print f "|" before "|" hook "|" $0; hook = "" }
				/(LKST_[A-Z0-9_]*|lkst_runqueue)\(/ && !/^#/ { before = last; hook = $0 }
				{ last = $0 }'
		done
}

# apply SERIES DIR: all its patches, without fuzz
apply() {
	grep -v '^#' "$1/series" | while read -r p; do
		patch -s -p1 -F0 -d "$2" <"$1/$p"
	done
}

sh "tests/series/vendor-$family.sh" "$tree" "$T/vendor" >"$T/out" 2>&1
result $? "a vendor's tree is made"
find "$T/vendor" -type f -exec sha256sum {} + | sort >"$T/sums"
cp -r "patches/$family" "$T/series"

patches/lkst-series status --series "$T/series" --json "$T/vendor" >"$T/status" 2>"$T/out"
[ $? = 3 ]
result $? "status ends with 3: some hooks have no place"
json_verdicts "$T/status" >"$T/got"
grep -v '^#' "$table" | cut -d'|' -f1-4 | sort >"$T/wanted"
grep -vE '\|(clean|offset)\|' "$T/got" >"$T/got.changed"
grep -vE '\|(clean|offset)\|' "$T/wanted" | diff - "$T/got.changed" >"$T/out"
result $? "every hook has the verdict of the table"
grep -E '\|(clean|offset)\|' "$T/wanted" | while read -r l; do
	grep -qxF "$l" "$T/got" || echo "not so: $l"
done >"$T/out"
[ ! -s "$T/out" ]
result $? "and those that the table has as clean or offset are"
[ "$(jq .hooks "$T/status")" = "$(patches/check-hooks --count "$family")" ]
result $? "none is forgotten: as many verdicts as check-hooks counts hooks"
placed=$(grep -vc '|conflict|' "$T/got")
[ $((placed * 100)) -ge $(($(wc -l <"$T/got") * 80)) ]
result $? "$placed of $(wc -l <"$T/got") have a place, 80 per cent at least"
patches/lkst-series status --series "$T/series" "$T/vendor" >"$T/text" 2>"$T/out"
grep -q "^        | .*$shown" "$T/text"
result $? "for a conflict the text shows the function as it stands there"
jq -c '[.patches[].hooks[] | select(.is_event | not).verdict] | group_by(.) | map({(.[0]): length}) | add' \
	"$T/status" >"$T/wanted.others"
jq -c '.others | with_entries(select(.value > 0)) | to_entries | sort_by(.key) | from_entries' "$T/status" |
	diff "$T/wanted.others" - >"$T/out" &&
	tail -n 2 "$T/text" | head -n 1 | grep -Ex "$(jq '[.[]] | add' "$T/wanted.others") other changes:.*" >>"$T/out"
result $? "what is no hook is counted, too: $(cat "$T/wanted.others")"
line=$(grep -n '^static int try_to_wake_up(' "$T/vendor/kernel/sched.c" | cut -d: -f1)
grep -q "^  conflict  PROCESS_WAKEUP  .* kernel/sched.c:${line:-none} (try_to_wake_up): " "$T/text"
result $? "and the line where it begins"

patches/lkst-series rebase --dry-run --series "$T/series" "$T/vendor" "$T/new" >"$T/said" 2>"$T/out"
[ $? = 3 ] && [ ! -e "$T/new" ]
result $? "rebase --dry-run writes nothing"
patches/lkst-series rebase --series "$T/series" "$T/vendor" "$T/new" >"$T/said" 2>"$T/out"
[ $? = 3 ]
result $? "rebase ends with 3"
diff -r "patches/$family" "$T/series" >"$T/out" && find "$T/vendor" -type f -exec sha256sum {} + | sort | diff "$T/sums" - >"$T/out"
result $? "neither the old series nor the tree was changed"
patches/lkst-series check --quiet --series "$T/new" --base "$T/vendor" >"$T/out" 2>&1
result $? "the new series applies without fuzz and offset, and check-hooks knows what was left out"
grep -q "^  $letter: [a-z]" "$T/new/$in"
result $? "the letter of a patch says what was left out, and what for"
if [ "$family" = 2.6 ]; then
	! [ -e "$T/new/hook-the-page-allocator.patch" ] &&
		grep -q '^# left out: hook-the-page-allocator.patch' "$T/new/series"
	result $? "a patch that is there already is not in the new series"
else
	! [ -e "$T/new/hook-the-scheduler.patch" ] && grep -q '^# left out: hook-the-scheduler.patch' "$T/new/series"
	result $? "nor one of which no hook has a place"
fi

# Where do the hooks stand?
take "$family" "$tree" "$T/base"
cp -r "$T/vendor" "$T/patched"
{ apply "patches/$family" "$T/base"; apply "$T/new" "$T/patched"; } >"$T/out" 2>&1
[ ! -s "$T/out" ]
result $? "old and new series are applied"
hooks_of "$T/base" | sort >"$T/hooks.base"
hooks_of "$T/patched" | sort >"$T/hooks.vendor"
# Each hook there: between the lines it has in the base, or beside the one that the table has for it.
comm -13 "$T/hooks.base" "$T/hooks.vendor" | while IFS='|' read -r file before hook behind; do
	found=no
	while IFS='|' read -r name from verdict to neighbour; do
		case $hook in *"$name"*) ;; *) continue ;; esac
		[ "${to:-$from}" = "$file" ] || continue
		case $neighbour in
		'< '*) case $before in "${neighbour#< }"*) found=yes ;; esac ;;
		'> '*) case $behind in "${neighbour#> }"*) found=yes ;; esac ;;
		'') [ "$verdict" != already ] || found=yes ;;
		esac
	done <"$table"
	[ $found = yes ] || echo "$file: '$before' '$hook' '$behind'"
done >"$T/out"
[ ! -s "$T/out" ]
result $? "every hook stands where it stands in the base, or where the table says"
# And each one of the table is there.
grep -v '^#' "$table" | while IFS='|' read -r name from _ to neighbour; do
	[ -n "$neighbour" ] || continue
	grep "^${to:-$from}|" "$T/hooks.vendor" | grep -F "$name" | grep -qF "${neighbour#? }" || echo "$name is not in $to beside '$neighbour'"
done >"$T/out"
[ ! -s "$T/out" ]
result $? "every hook that the table gives a place is there"

# A tree that is the base itself: all is clean, and the new series is the old one.
cp -r "patches/$family" "$T/of-base"
patches/lkst-series rebase --series "$T/of-base" "$version" "$T/same" >"$T/out" 2>&1 && ! grep -q '^ *conflict' "$T/out"
result $? "onto its own base, $version, everything is carried over"
for p in "patches/$family"/*.patch; do
	grep -q "^${p##*/}" "patches/$family/series" || continue
	sed -n '/^--- /,$p' "$p" >"$T/a"
	sed -n '/^--- /,$p' "$T/same/${p##*/}" | diff "$T/a" -
done >"$T/out" 2>&1
[ ! -s "$T/out" ]
result $? "and byte by byte the same"

# 2.4 has lists of the files that export something, which its patches make longer. A vendor's: longer than the base's;
# there twice; with the word already.
[ "$family" = 2.4 ] || { echo "1..$tests"; exit 0; }
take 2.4 "$tree" "$T/lists"
sed -i 's/^export-objs *=.*/& vendor.o	# of the vendor/' "$T/lists/kernel/Makefile"
sed -i 's/^export-objs *:=.*/&\n&/' "$T/lists/arch/i386/kernel/Makefile"
patches/lkst-series rebase --series "$T/of-base" "$T/lists" "$T/lists-new" >"$T/said" 2>"$T/out"
[ $? = 3 ] && grep -q '^+export-objs = .* vendor.o lkst.o	# of the vendor' "$T/lists-new/add-lkst-hook-points.patch"
result $? "a word goes to the end of a list that the vendor made longer"
grep -q 'conflict .*arch/i386/kernel/Makefile: there is not just one list' "$T/said"
result $? "and nowhere when the list is there twice"
cp "$tree/arch/i386/kernel/Makefile" "$T/lists/arch/i386/kernel/"
sed -i '/^export-objs/s/ vendor.o/& lkst.o/' "$T/lists/kernel/Makefile"
patches/lkst-series status --series "$T/of-base" "$T/lists" >"$T/said" 2>"$T/out"
grep -q '^  already .* kernel/Makefile:' "$T/said"
result $? "and is known when it is there"
echo "1..$tests"
