#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# width.t - no line is wider than 120 columns, tabs counting to the next multiple of 8.
#
# Tables have one line an entry and are left out: events.def, the lists of the tests, rows of Markdown; so is what is
# generated or measured, and what is not ours to wrap: patches, kernel configurations. Files that had wider lines when
# this rule came stand in width.list with how many. None may get more; when one has fewer, its line there is to be
# made less.
#
# Usage: width.t [--list]
#   --list  print what width.list ought to be
cd "$(dirname "$0")/../.." || exit 1
list=tests/static/width.list
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

# "NUMBER FILE" for each file with wide lines; those lines themselves go to $T/lines.
count() {
	# shellcheck disable=SC2016
	git ls-files -co --exclude-standard | sort | while read -r f; do
		case $f in
		*.patch | patches/*/configs/* | patches/*/toolchain/* | include/lkst/events.def | doc/coverage.md) continue ;;
		doc/man/lkst-events.5 | doc/last-run | *events*.list | *.table | *.png | *.svg | *.orig) continue ;;
		esac
		[ ! -f "$f" ] || printf '%s\n' "$f"
	done | xargs awk '
		FILENAME ~ /\.md$/ && /^\|/ { next }
		FNR == 1 || /^<!-- end -->/ { skip = 0 }
		/^<!-- bench:/ { skip = 1 }
		skip { next }
		length($0) > 15 {
			n = split($0, part, "\t")
			width = 0
			for (i = 1; i <= n; i++) {
				width += length(part[i])
				if (i < n)
					width += 8 - width % 8
			}
			if (width > 120) {
				wide[FILENAME]++
				print FILENAME ":" FNR ": " width " columns" >lines
			}
		}
		END { for (f in wide) print wide[f], f }' lines="$T/lines" | sort -k 2
}

: >"$T/lines"
count >"$T/now"
if [ "${1:-}" = --list ]; then
	cat "$T/now"
	exit 0
fi
echo 1..1
awk 'FNR == NR { allowed[$2] = $1; next } $1 > allowed[$2] + 0 { print $2 }' "$list" "$T/now" >"$T/more"
awk 'FNR == NR { now[$2] = $1; next }
	$1 > now[$2] + 0 { print "# width.list may say less: " $2 " has " now[$2] + 0 " of " $1 }' "$T/now" "$list"
if [ -s "$T/more" ]; then
	echo "not ok 1 - lines have 120 columns at most"
	while read -r f; do
		echo "# $f: $(awk -v f="$f" '$2 == f { print $1 }' "$list" | grep . || echo 0) allowed"
		grep "^$f:" "$T/lines" | sed 's/^/#   /'
	done <"$T/more"
else
	echo "ok 1 - lines have 120 columns at most"
fi
