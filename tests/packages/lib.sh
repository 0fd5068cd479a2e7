# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
# lib.sh - what the tests of packages share: where things are, TAP, and a guest that rpm installs into.

top=$(cd "$(dirname "$0")/../.." && pwd -P)
b=${B:-build}
case $b in
/*) ;;
*) b=$top/$b ;;
esac
pkg=$b/packages
kernel=${KERNEL:-6.1}
lkst_version=$(sed -n 's/^VERSION	*:= //p' "$top/Makefile")
. "$top/tests/host.sh"
tmp=$T

# guest OPTION... -- SCRIPT: in a guest with rpm and the packages that stand for the distribution; its TAP is ours
guest() {
	_dist=
	for _p in "$pkg"/root/*.rpm; do
		set -- --add "$_p:/dist/" "$@"
	done
	"$top/ci/boot" "$kernel" --mem 768 --timeout 900 --root "$pkg/root/root" --add "$top/tests/guest/lib.sh:/t/" "$@"
}

# tell_again FILE: the tests of a guest, counted on
tell_again() {
	while IFS= read -r _l; do
		case $_l in
		'ok '*) tests=$((tests + 1)); echo "ok $tests - ${_l#* - }" ;;
		'not ok '*) tests=$((tests + 1)); echo "not ok $tests - ${_l#* - }" ;;
		1..*) ;;
		*) echo "$_l" ;;
		esac
	done <"$1"
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
