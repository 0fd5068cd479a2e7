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

# apt_repositories TYPE [SUITE]: the lines of a sources.list. Debian's of the host as TYPE (deb, deb-src); with SUITE,
# that suite of the same archive, and the one it is backported to.
apt_repositories() {
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u |
		if [ $# = 1 ]; then
			sed -n "\\,^[^ ]*/debian,s/^/$1 /p"
		else
			_key=/usr/share/keyrings/debian-archive-keyring.gpg
			_uri=$(sed -n 's,^\([^ ]*/debian/*\) [^ ]* main$,\1,p' | head -n 1)
			for _s in "$2" ${2%-backports}; do
				[ -z "$_uri" ] || echo "$1 [signed-by=$_key] $_uri $_s main"
			done | sort -u
		fi
}

# private_apt DIR [SETTING...]: from now on apt works with lists, cache and settings in DIR, and its sources are those
# that standard input names. The host's apt is left as it is.
private_apt() {
	_a=$1
	shift
	rm -rf "$_a"
	mkdir -p "$_a/state/lists/partial" "$_a/cache/archives/partial" "$_a/parts"
	: >"$_a/status"
	cat >"$_a/sources.list"
	cat >"$_a/apt.conf" <<-END
		Dir::State "$_a/state";
		Dir::State::status "$_a/status";
		Dir::Cache "$_a/cache";
		Dir::Etc::sourcelist "$_a/sources.list";
		Dir::Etc::sourceparts "$_a/parts";
		Acquire::Languages "none";
		APT::Sandbox::User "root";
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
	END
	for _s; do echo "$_s;"; done >>"$_a/apt.conf"
	APT_CONFIG=$_a/apt.conf
	export APT_CONFIG
	[ -s "$_a/sources.list" ] || return 1
	apt-get -q update >"$_a/log" 2>&1 || say "apt-get update: $(grep '^E:' "$_a/log" | head -n 1) (going on)"
}
