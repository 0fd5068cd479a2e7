#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# quilt.t - lkst-series puts a series on and takes it off, and 'check' goes red for what it is there for: a copy of the
# series is changed in one place, and the words that name it must come. Wants the tree of 2.6.9.
#
# Usage: quilt.t [2.4]
#   2.4  that series stands on its base, which it wants; no more
#
# To see one by hand: change a context line of a copy of patches/2.6/hook-signals.patch and run 'lkst-series check -s COPY'.

# shellcheck source=tests/series/lib.sh
. "${0%/*}/lib.sh"
family=${1:-2.6}
tree=$(tree "$(sed -n 's/^# base //p' "patches/$family/series")") || exit $?
S=$T/2.6

fresh() {
	rm -rf "$S"
	cp -r patches/2.6 "$S"
}

lkst_series() {
	patches/lkst-series "$@" >"$T/out" 2>&1
}

# red NAME WORDS FILE SED-SCRIPT: after that change, which must be one, check fails and says so. The first patches
# suffice: that others are missing is said too.
red() {
	fresh
	sed -i '/^hook-signals/q' "$S/series"
	cp "$S/$3" "$T/before"
	sed -i "$4" "$S/$3"
	if cmp -s "$S/$3" "$T/before"; then
		echo "'$4' changes nothing" >"$T/out"
		result 1 "$1"
	elif lkst_series check --quiet --series "$S"; then
		echo "it was not refused" >>"$T/out"
		result 1 "$1"
	else
		grep -q -- "$2" "$T/out"
		result $? "$1"
	fi
}

lkst_series check --quiet --series "$family"
result $? "the series for $family stands on its base, with and without the toolchain's"
[ "$family" = 2.6 ] || { echo "1..$tests"; exit 0; }
red "a context line differs" "does not apply without fuzz" hook-signals.patch '/^ 		ka = /s/ka/kb/'
red "a hunk is off its line" "hook-signals.patch: some lines off" hook-signals.patch 's/^@@ -1881,6 +1886,7 @@/@@ -1880,6 +1885,7 @@/'
red "a patch that quilt would write otherwise" "hook-signals.patch: 'quilt refresh' writes it otherwise" \
	hook-signals.patch 's/^\(@@ -1881,6 +1886,7 @@\).*/\1/'
red "a patch of the toolchain's that quilt would write otherwise" "after series.toolchain writes it otherwise" \
	do-not-count-force-as-newer.patch 's/^\(@@ -[0-9,]* +[0-9,]* @@\).*/\1/'
red "a base that is not there" "there is no .*linux-2.6.9999 (unpack .* with --base)$" series \
	's/^# base .*/# base 2.6.9999/'
red "a base that was taken by its version, and may be another one" "by its line '# base': .* with --base$" \
	hook-signals.patch '/^ 		ka = /s/ka/kb/'

# A tree of a few files, which quilt takes for a whole one.
lkst_series apply --dry-run --count 2 2.6.9
grep -qx 'would apply hook-the-scheduler.patch' "$T/out" && [ "$(grep -c '^would apply' "$T/out")" = 2 ]
result $? "apply --dry-run says what it would do"
mkdir -p "$T/tree/kernel" "$T/tree/arch/i386/kernel" "$T/tree/include/asm-i386" "$T/tree/include/linux"
cp "$tree/Makefile" "$T/tree"
sed -n "s,^--- a/,,p" patches/2.6/add-lkst-hook-points.patch patches/2.6/hook-the-scheduler.patch | while read -r f; do
	mkdir -p "$T/tree/$(dirname "$f")"
	cp "$tree/$f" "$T/tree/$f"
done
cp -r "$T/tree" "$T/as-it-was"
cp -r "$T/tree" "$T/locked"
chmod -R a-w "$T/locked"
tests/packages/ordinary patches/lkst-series apply --count 1 "$T/locked" >"$T/out" 2>&1
[ $? = 1 ] && [ "$(wc -l <"$T/out")" = 1 ] &&
	grep -q "^lkst-series: writing into $T/locked: no permission for \. (" "$T/out"
result $? "apply to a tree of another's: one line says so, and none that patches do not apply"
chmod u+w "$T/locked"
[ ! -e "$T/locked/.pc" ] && tests/packages/ordinary patches/lkst-series apply --count 1 "$T/locked" >"$T/out" 2>&1
[ $? = 1 ] && grep -q 'no permission for arch/i386 ' "$T/out" && [ ! -e "$T/locked/.pc" ]
result $? "... or to one with a folder of another's, which is named"
chmod -R u+w "$T/locked"

# Where packages put the series only root may write.
cp -r patches/2.6 "$T/locked/2.6"
chmod a-w "$T/locked"
tests/packages/ordinary patches/lkst-series rebase --series "$T/locked/2.6" "$tree" >"$T/out" 2>&1
[ $? = 1 ] && [ "$(cat "$T/out")" = "lkst-series: writing $T/locked/2.6.9: no permission for $T/locked (name another \
place: lkst-series rebase TREE OUT)" ]
result $? "rebase says before its work that it may not write beside the old series"
tests/packages/ordinary patches/lkst-series rebase --series "$T/locked/2.6" "$tree" "$T/locked/a/b" >"$T/out" 2>&1
[ $? = 1 ] && grep -q "no permission for $T/locked (" "$T/out"
result $? "... nor where it would have to make folders"
chmod u+w "$T/locked"

# full KIB ARGUMENT...: lkst-series, where $T/full is a disk of that size; then what is left on it
full() {
	mkdir -p "$T/full"
	# shellcheck disable=SC2016
	unshare --user --map-root-user --mount sh -c 'full=$1 size=$2
		shift 2
		mount -t tmpfs -o size="${size}k" none "$full" || exit 9
		rc=0
		patches/lkst-series "$@" || rc=$?
		ls -A "$full"
		exit $rc' - "$T/full" "$@" >"$T/out" 2>&1
}
full 64 rebase --quiet 2.6.9 "$T/full/new"
[ $? = 1 ] && grep -v '^135 hooks' "$T/out" >"$T/said"
[ "$(cat "$T/said")" = "lkst-series: writing $T/full/new: No space left on device" ]
result $? "rebase to a disk that is full: one line, nothing is left"
full 64 apply "$T/as-it-was" "$T/full/new"
[ $? = 1 ] && [ "$(tail -n +2 "$T/out")" = "lkst-series: writing $T/full/new: No space left on device" ]
result $? "and so does apply"
fresh
lkst_series apply --series "$S" --count 2 --exact "$T/tree" && grep -q 'PROCESS_WAKEUP' "$T/tree/kernel/sched.c"
result $? "apply puts the first patches on"
printf '/* a word more */\n' >>"$T/tree/kernel/sched.c"
lkst_series refresh --dry-run "$T/tree" && grep -q '^+/\* a word more' "$T/out" && ! grep -q 'a word more' "$S"/*.patch
result $? "refresh --dry-run shows what it would write"
lkst_series refresh "$T/tree" && grep -q '^+/\* a word more' "$S/hook-the-scheduler.patch"
result $? "refresh writes it"
lkst_series pop --dry-run "$T/tree" && [ "$(grep -c '^would take off' "$T/out")" = 2 ]
result $? "pop --dry-run says what it would do"
lkst_series pop "$T/tree"
result $? "pop takes them off"
for command in pop refresh 'pop --dry-run' 'refresh --dry-run'; do
	# shellcheck disable=SC2086
	lkst_series $command "$T/tree"
	[ $? = 1 ] && [ "$(cat "$T/out")" = \
		"lkst-series: looking at $T/tree: no patch is on it ('lkst-series apply $T/tree' pushes them)" ]
	result $? "then there is nothing for $command"
done
rm -rf "$T/tree/.pc" && diff -r "$T/as-it-was" "$T/tree" >"$T/out"
result $? "pop leaves the tree as it was"

# A hook that is placed by hand in a patch of the middle.
lkst_series apply --series "$S" --count 1 "$T/tree" && sed -i '1s,^,/* mine */\n,' "$T/tree/arch/i386/kernel/lkst.c" &&
	lkst_series refresh "$T/tree" && lkst_series apply --series "$S" --count 1 "$T/tree" &&
	grep -q 'hook-the-scheduler' "$T/tree/.pc/applied-patches" &&
	grep -q '^+/. mine' "$S/add-lkst-hook-points.patch"
result $? "apply goes on behind the patch that was refreshed"
lkst_series pop "$T/tree"
rm -rf "$T/tree/.pc"
cp -r "$T/as-it-was" "$T/other"
sed -i '/rq->nr_running--;/s/--/ -= 1/' "$T/other/kernel/sched.c"
! lkst_series apply --series "$S" "$T/other" && grep -q 'hook-the-scheduler.patch: it does not apply without fuzz' "$T/out"
result $? "a patch that needs fuzz is refused"

lkst_series spec --first 500 && grep -qx 'Patch501: add-lkst-hook-points.patch' "$T/out" &&
	grep -qx '%patch501 -p1 -F0' "$T/out" && [ "$(grep -c '^Patch' "$T/out")" = "$(grep -vc '^#' patches/2.6/series)" ]
result $? "spec prints a line for every patch"

# Each command tells about itself, and what it would do; nothing is changed by that.
fresh
find "$S" "$T/as-it-was" -type f -exec sha256sum {} + | sort >"$T/sums"
for command in apply pop refresh check abi-check off-path status rebase spec; do
	lkst_series $command --help && grep -q -- '-n, --dry-run ' "$T/out" && grep -qx 'EXIT STATUS' "$T/out"
	result $? "$command --help"
done
while IFS='|' read -r command words; do
	# shellcheck disable=SC2086
	lkst_series $command && grep -Eq -- "$words" "$T/out"
	result $? "${command%% --series*}"
done <<END
check --dry-run --series $S|check-hooks $S; then push, refresh and pop on the base
abi-check --dry-run /old /new|/lkst-abi-check /old /new
off-path --dry-run --worst 3 /old /new|/check-off-path --worst 3 /old /new
status --dry-run --series $S 2.6.9|/lkst-reanchor --base .*/linux-2.6.9 --tree .*/linux-2.6.9 --series $S
rebase --dry-run --series $S 2.6.9 $T/new|would write $T/new
spec --dry-run --series $S|^Patch9001: add-lkst-hook-points.patch
apply --dry-run --series $S $T/as-it-was --count 2|^would apply hook-the-scheduler.patch
END
find "$S" "$T/as-it-was" -type f -exec sha256sum {} + | sort >"$T/out"
[ ! -e "$T/new" ] && cmp -s "$T/sums" "$T/out"
result $? "series and tree are what they were, and nothing new is there"
for bad in frobnicate 'apply --no-such-thing 2.6.9' 'check --count x' 'spec --first x' apply; do
	# shellcheck disable=SC2086
	lkst_series $bad
	[ $? = 2 ]
	result $? "'lkst-series $bad' is refused as usage"
done
for none in 'apply 2.6.9999' 'status 2.6.9999' "apply $T/none $T/new" "pop $T/none" \
	"refresh $T/none" "status $T/none" "status $T/none.tar.gz" "rebase $T/none $T/new" "status none"; do
	# shellcheck disable=SC2086
	lkst_series $none --dry-run
	[ $? = 4 ]
	result $? "a tree that is not there is exit status 4: $(echo "$none" | sed "s,$T,,g")"
done
echo "1..$tests"
