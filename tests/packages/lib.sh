# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
# lib.sh - what the tests of packages share: where things are, TAP, and a guest that rpm installs into.

top=$(cd "$(dirname "$0")/../.." && pwd -P)
b=${B:-build}
case $b in
/*) ;;
*) b=$top/$b ;;
esac
pkg=${PACKAGES_DIR:-$b/packages}
kernel=${KERNEL:-6.1}
lkst_version=$(sed -n 's/^VERSION	*:= //p' "$top/Makefile")
. "$top/tests/host.sh"
tmp=$T

# guest OPTION... -- SCRIPT: in a guest with rpm and the packages that stand for the distribution; its TAP is ours
guest() {
	for _p in "$pkg"/root/*.rpm; do
		set -- --add "$_p:/dist/" "$@"
	done
	"$top/ci/boot" "$kernel" --mem 768 --timeout 900 --root "$pkg/root/root" --add "$top/tests/guest/lib.sh:/t/" \
		--add "$top/tests/tap.sh:/t/" \
		--add "$top/tests/packages/guest.sh:/t/" "$@"
}

# both_releases OPTION... -- SCRIPT: in a guest that has our packages of release 1 in /rpms, those of 2 in /rpms2
both_releases() {
	for _r in 1 2; do
		_to=/rpms/
		[ $_r = 1 ] || _to=/rpms2/
		for _p in "$pkg/$_r"/lkstutils-[0-9]*.x86_64.rpm "$pkg/$_r"/kmod-lkst-*.x86_64.rpm; do
			set -- --add "$_p:$_to" "$@"
		done
	done
	guest "$@"
}

# whole_logs N DIR: in DIR are N logs of the daemon, whole and with records
whole_logs() {
	_n=0
	for _f in "$2"/lkstlogdata-*; do
		_n=$((_n + 1))
		"$b/x86_64/lkstla" print "$_f" >"$tmp/printed" 2>"$tmp/log"
		ok $? "log $_n is whole"
		[ "$(grep -vc '^#' "$tmp/printed")" -ge 200 ]
		ok $? "... with records ($(wc -l <"$tmp/printed") lines)"
	done
	[ $_n = "$1" ]
	ok $? "one log of each daemon that ran: $_n of $1"
}

# install_here ROOT RPM...: into a root on this machine; rpm wants to be root there
install_here() {
	_root=$1
	shift
	if [ "$(id -u)" = 0 ]; then
		rpm --root "$_root" --dbpath /var/lib/rpm -i "$@"
	else
		unshare --user --map-root-user -- rpm --root "$_root" --dbpath /var/lib/rpm -i "$@"
	fi
}
