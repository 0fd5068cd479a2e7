# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# ci/lib.sh - what the scripts of ci/ share: messages, help, the cache, apt's downloads.
# It is sourced, not run, and knows nothing of kernels, QEMU or the tests.

# The exit statuses of the whole project.
# shellcheck disable=SC2034
EX_FAIL=1 EX_USAGE=2 EX_LOSS=3 EX_SKIP=4

PROG=ci/${0##*/}
LKST_CACHE=${LKST_CACHE:-${HOME:-/root}/.cache/lkst}

# die STATUS "what was being done: what is wrong (and what to do)"
die() {
	_st=$1
	shift
	printf '%s: %s\n' "$PROG" "$*" >&2
	exit "$_st"
}

say() {
	printf '%s: %s\n' "$PROG" "$*" >&2
}

# The usage text is the script's own header: from the line "# Usage:" to the end of that comment.
show_help() {
	sed -n '/^# Usage:/,/^[^#]/{/^[^#]/q;/^$/q;s/^# \{0,1\}//;p;}' "$0"
}

need_cache() {
	mkdir -p "$LKST_CACHE" || die "$EX_FAIL" "making the cache: cannot create $LKST_CACHE (set LKST_CACHE)"
}

# need_tools GROUP TOOL... : exit 4 naming the group of ci/deps that brings what is missing.
need_tools() {
	_group=$1
	shift
	for _t; do
		command -v "$_t" >/dev/null 2>&1 ||
			die "$EX_SKIP" "looking for $_t: not installed (run ci/deps $_group)"
	done
}

_apt_get_debs() {
	(cd "$_dir" && apt-get -q -o APT::Sandbox::User=root download "$@") >"$_dir/apt.log" 2>&1
}

# apt_fetch DIR PACKAGE[=VERSION]...: download .debs into DIR; apt's words are left in DIR/apt.log.
# Lists that are behind the archive, or not there, are brought up to date once when we may.
apt_fetch() {
	_dir=$1
	shift
	_apt_get_debs "$@" && return 0
	if [ "$(id -u)" != 0 ] || [ -n "${APT_CONFIG:-}${_apt_updated:-}" ]; then return 1; fi
	_apt_updated=yes
	apt-get -q -o DPkg::Lock::Timeout=600 update >/dev/null 2>&1 || true
	_apt_get_debs "$@"
}
