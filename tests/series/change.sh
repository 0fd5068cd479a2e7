# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# change.sh - sourced by the scripts that make a vendor's tree.

# change FILE SED-SCRIPT: it must make a difference
change() {
	cp "$1" "$1.before"
	sed -i "$2" "$1"
	! cmp -s "$1" "$1.before" || { echo "${0##*/}: '$2' changes nothing in $1" >&2; exit 1; }
	rm "$1.before"
}
