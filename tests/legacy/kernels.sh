# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
# kernels.sh - which kernel a name of this folder means. Sourced by who has set $top, the root of the tree.

# base_of FAMILY: the version that its series is for
base_of() {
	sed -n 's/^# base //p' "$top/patches/$1/series"
}

# kernel_of NAME: 24-...: the base of the 2.4 series; a version: that one; else the base of the 2.6 series. Sets what
# is_version() does.
kernel_of() {
	case $1 in
	24-*) is_version "$(base_of 2.4)" ;;
	*.*.*) is_version "$1" ;;
	*) is_version "$(base_of 2.6)" ;;
	esac
}

# is_version VERSION: sets $version, $family, $ext (of its modules) and $debug, options of ci/legacy-kernel: debug
# information is for abi.t and changes no instruction; 2.4 has no option for it, and modules go without.
is_version() {
	version=$1
	case $version in
	2.4.*) family=2.4 ext=o debug='--make CFLAGS_KERNEL=-g' ;;
	*) family=2.6 ext=ko debug='--set CONFIG_DEBUG_INFO=y' ;;
	esac
}
