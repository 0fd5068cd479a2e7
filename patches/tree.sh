# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# patches/tree.sh - find the kernel tree that a user named: a directory, a tarball or a version. Sourced by lkst-series and
# by ci/legacy-tree.sh, which bring die(), say(), EX_FAIL, EX_USAGE, EX_SKIP and LKST_CACHE. It changes nothing but the
# cache, where tarballs are unpacked.

# find_tree WHAT [HOW]: set $tree (a directory), $version and $family from what the user named. A VERSION is looked up
# as linux-VERSION in $LKST_TREES (the cache's trees); HOW: what else to do when it is not there.
find_tree() {
	tree=$1
	if [ -f "$tree" ]; then
		_sum=$(sha256sum <"$tree" | cut -c1-16)
		tree=$LKST_CACHE/legacy/trees/$_sum
		if [ ! -d "$tree" ]; then
			say "unpacking $1"
			mkdir -p "$tree.new.$$"
			tar -xf "$1" -C "$tree.new.$$" --strip-components=1 ||
				die "$EX_FAIL" "unpacking $1: tar failed"
			mv "$tree.new.$$" "$tree"
		fi
	elif [ ! -d "$tree" ]; then
		case $1 in
		*/* | *.tar.* | *.tgz | [!0-9]*)
			die "$EX_SKIP" "looking for a kernel tree: there is neither a directory nor a tarball $1" ;;
		esac
		tree=${LKST_TREES:-$LKST_CACHE/trees}/linux-$1
		[ -d "$tree" ] || die "$EX_SKIP" "looking for a kernel tree: there is no $tree (unpack linux-$1" \
			"there, or ${2:-name its directory or tarball})"
	fi
	tree=$(cd "$tree" && pwd -P)
	[ -f "$tree/Makefile" ] || die "$EX_FAIL" "looking at $tree: this is no kernel tree"
	version=$(awk '/^(VERSION|PATCHLEVEL|SUBLEVEL) *=/ { v = v s $3; s = "." } /^EXTRAVERSION *=/ { print v $3; exit }' \
		"$tree/Makefile")
	family=$(echo "$version" | cut -d. -f1,2)
	case $family in
	2.4 | 2.6) ;;
	*) die "$EX_USAGE" "looking at $tree: $version is of no family that has a series (2.4, 2.6)" ;;
	esac
}

# split_version VERSION: set $number (x.y.z) and $extra, a package's release: what a tree's name has behind that
# (20.19AX of 2.4.20-20.19AX), or 1
split_version() {
	number=$(printf '%s' "$1" | sed 's/^\([0-9]*\.[0-9]*\.[0-9]*\).*/\1/')
	extra=$(printf '%s' "${1#"$number"}" | sed 's/^[-.]*//; s/-/_/g')
	extra=${extra:-1}
}
