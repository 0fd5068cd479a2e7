# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# ci/legacy-tree.sh - a patched copy of a kernel tree, brought up to date file by file: what did not change keeps
# its time stamp, so that make compiles only what did. Sourced by ci/legacy-kernel, which sets $tree, $series,
# $bare, $exact, $out, $tmp. It knows nothing of configurations and compilers.

# The tree that the user named, and the sum of what is in it: sets $tree, $version, $family, $tree_sum. All of it is
# read once, and not again as long as its files keep their times of change, which nobody can set.
find_tree_and_sum() {
	find_tree "$tree"
	_sums=$LKST_CACHE/legacy/sums
	_state=$({
		echo "$tree"
		cd "$tree" && find . -type f -printf '%p %s %i %T@ %C@\n' | LC_ALL=C sort
	} | sha256sum)
	_state=$_sums/${_state%% *}
	if [ ! -s "$_state" ]; then
		mkdir -p "$_sums"
		(cd "$tree" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum) >"$_state.$$"
		mv "$_state.$$" "$_state"
	fi
	tree_sum=$(cat "$_state")
}

# One line a patch, in order, in $tmp/patches: KIND FILE. KIND is toolchain for what may be there already. Of
# series.toolchain.later what does not fit this tree is no part of it: what is built of a base keeps its name.
list_patches() {
	: >"$tmp/patches"
	_own=$(dirname "$CI")/patches/$family/series.toolchain
	if [ "$bare" = no ] && [ -f "$_own" ]; then
		list_series toolchain "$_own"
	fi
	if [ "$bare" = no ] && [ -f "$_own.later" ]; then
		sed '/^#/d' "$_own.later" | while read -r _p; do
			! try_patch "$tree" "${_own%/*}/$_p" || echo "toolchain ${_own%/*}/$_p" >>"$tmp/patches"
		done
	fi
	printf '%s' "$series" | while IFS= read -r _s; do
		list_series series "$_s"
	done || exit $?
}

# list_series KIND FILE[:N]
list_series() {
	_file=$2 _first=
	case $2 in
	*:*[!0-9]*) ;;
	*:*) _file=${2%:*} _first=${2##*:} ;;
	esac
	[ -f "$_file" ] || die "$EX_USAGE" "reading the series: there is no $_file"
	_dir=$(cd "$(dirname "$_file")" && pwd -P)
	awk -v k="$1" -v d="$_dir" -v n="${_first:--1}" '/^[^#[:space:]]/ { if (n >= 0 && c >= n) exit; c++; print k, d "/" $1 }' \
		"$_file" >>"$tmp/patches"
	while read -r _k _p; do
		[ -f "$_p" ] || die "$EX_FAIL" "reading $_file: there is no patch $_p"
	done <"$tmp/patches"
}

cat_patches() {
	while read -r _k _p; do
		echo "$_k"
		cat "$_p"
	done <"$tmp/patches"
}

# The files that patches touch, without a/ and b/.
touched_files() {
	cat_patches | sed -n 's/^\(---\|+++\) [^/[:space:]]*\/\([^[:space:]]*\).*/\2/p' | grep -v '^dev/null$' | sort -u || true
}

# try_patch DIR FILE [OPTION...]: without a change; 0 it would apply at once.
try_patch() {
	_in=$1 _f=$2
	shift 2
	LC_ALL=C patch -p1 -F0 -f -s -d "$_in" --dry-run "$@" <"$_f" >/dev/null 2>&1
}

apply_patch() {
	if [ "$1" = toolchain ] && ! try_patch "$tmp/stage" "$2" && try_patch "$tmp/stage" "$2" -R; then
		say "$version: ${2##*/}: is there already"
		return
	fi
	LC_ALL=C patch -p1 -F0 -f -E --no-backup-if-mismatch -d "$tmp/stage" <"$2" >"$tmp/patch.log" 2>&1 || {
		cat "$tmp/patch.log" >&2
		die "$EX_FAIL" "applying ${2##*/} to $version: it does not apply without fuzz (patch's words are above)"
	}
	_off=$(grep -E 'offset -?[0-9]+ line|with fuzz' "$tmp/patch.log") || return 0
	printf '%s\n' "$_off" >&2
	[ "$exact" = no ] || die "$EX_FAIL" "applying ${2##*/} to $version: a hunk is off its line (above; --exact was asked for)"
	say "$version: ${2##*/}: some lines off (above)"
}

# Give $out/build the contents of file $1 of directory $2, or take it away.
bring_file() {
	if [ -f "$2/$1" ]; then
		cmp -s "$2/$1" "$out/build/$1" && return
		mkdir -p "$out/build/$(dirname "$1")"
		rm -f "$out/build/$1"
		cp "$2/$1" "$out/build/$1"
		chmod u+w "$out/build/$1"
		touch "$out/build/$1"
	else
		rm -f "$out/build/$1"
	fi
}

# Make or update $out/build: the tree with the patches. Interrupted, the next run sets it right.
bring_tree() {
	touched_files >"$tmp/touched"
	mkdir "$tmp/stage"
	while read -r _f; do
		[ -f "$tree/$_f" ] || continue
		mkdir -p "$tmp/stage/$(dirname "$_f")"
		cp "$tree/$_f" "$tmp/stage/$_f"
		chmod u+w "$tmp/stage/$_f"
	done <"$tmp/touched"
	while read -r _k _p; do
		apply_patch "$_k" "$_p"
	done <"$tmp/patches"
	if [ "$(cat "$out/tree" 2>/dev/null)" != "$tree_sum" ]; then
		say "$version: copying the tree"
		rm -rf "$out/build" "$out/build.new" "$out/tree" "$out/touched"
		cp -R --preserve=timestamps,mode "$tree" "$out/build.new"
		chmod -R u+w "$out/build.new"
		mv "$out/build.new" "$out/build"
		echo "$tree_sum" >"$out/tree"
	fi
	touch "$out/touched"
	sort -u "$tmp/touched" "$out/touched" >"$out/touched.new"
	mv "$out/touched.new" "$out/touched"
	while read -r _f; do
		if grep -qxF "$_f" "$tmp/touched"; then bring_file "$_f" "$tmp/stage"; else bring_file "$_f" "$tree"; fi
	done <"$out/touched"
	mv "$tmp/touched" "$out/touched"
}
