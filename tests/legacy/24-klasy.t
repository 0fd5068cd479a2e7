#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-klasy.t - aspects and 2.4: the places are listed, and that nothing can be woven there is said in one line.
#
# To see it red: let is_24() in klasy/backend.c return false.
version=2.4.37.11
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"

built 24-smp
klasy=$b/host/klasy
export KLASY_CACHE="$tmp/cache"
aspect=$top/doc/examples/inode.aspect
"$klasy" match -q -j -o "$dir/build/vmlinux" "$aspect" >"$tmp/match" 2>"$tmp/log"
cat "$tmp/match" >>"$tmp/log"
n=$(jq -r 'select(.class == "EXACT" and .function == "inode_change_ok" and .member == "i_uid") | .pc' "$tmp/match" |
	wc -l)
[ "$n" -ge 2 ]
ok $? "match lists the places of the inode aspect"
_rc=0
"$klasy" build -q --object "$dir/build/vmlinux" --build "$dir" -o "$tmp/refused.ko" "$aspect" >"$tmp/log" 2>&1 || _rc=$?
[ $_rc = 4 ] && [ "$(wc -l <"$tmp/log")" = 1 ] && grep -q 'not for 2.4: it has no kprobes' "$tmp/log"
ok $? "nothing can be woven, which is said in one line"
echo "1..$tests"
