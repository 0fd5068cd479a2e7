#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shell.t - every shell script of the tree is clean under shellcheck.
cd "$(dirname "$0")/../.." || exit 1
n=0
for f in $(git ls-files -co --exclude-standard | sort); do
	[ -f "$f" ] || continue
	case $f in
	*.sh | *.t) ;;
	*) head -n 1 "$f" 2>/dev/null | tr -d '\000' | grep -Eq '^#! ?/bin/(ba)?sh' || continue ;;
	esac
	n=$((n + 1))
	if said=$(shellcheck -x -P "SCRIPTDIR:." "$f" 2>&1); then
		echo "ok $n - $f"
	else
		echo "not ok $n - $f"
		echo "$said" | sed 's/^/# /'
	fi
done
echo "1..$n"
