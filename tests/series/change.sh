# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# change.sh - sourced by the scripts that make a vendor's tree, and by the test that looks at it.

# take FAMILY TREE OUT: a copy of the parts of a tree that hooks are in
take() {
	_parts="Makefile arch/i386 drivers/block fs include ipc kernel lib mm net"
	[ "$1" != 2.4 ] || _parts="$_parts Documentation/Configure.help drivers/ide drivers/scsi"
	mkdir -p "$3"
	# shellcheck disable=SC2086
	(cd "$2" && tar -cf - $_parts) | tar -xf - -C "$3"
	chmod -R u+w "$3"
}

# change FILE SED-SCRIPT: it must make a difference
change() {
	cp "$1" "$1.before"
	sed -i "$2" "$1"
	! cmp -s "$1" "$1.before" || { echo "${0##*/}: '$2' changes nothing in $1" >&2; exit 1; }
	rm "$1.before"
}

# move FILE BEGIN TO HEADER...: the function whose first line begins so, into a file of its own
move() {
	_file=$1 _begin=$2 _to=$3
	shift 3
	{
		printf '#include <%s>\n' "$@"
		echo
		sed -n "/^$_begin/,/^}/p" "$_file"
	} >"$_to"
	change "$_file" "/^$_begin/,/^}/d"
}
