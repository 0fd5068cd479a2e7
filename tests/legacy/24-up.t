#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-up.t - the whole series on 2.4.37.11, UP: built, booted, recorded, unloaded under load, and read on the host: each
# event that this kernel has a hook for is there. How often and with what is for 24-events.t, on SMP; oops and panic are
# for 24-oops.t and 24-panic.t.
version=2.4.37.11
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"

built 24-up
boot up record.sh
boot up-loads loads24.sh --disk 16
jq -r 'select((.source // "") | startswith("hook ")) | .name' "$tmp/up/events" |
	grep -vxE 'OOPS|PANIC' | sort >"$tmp/hooked"
for trace in "$tmp/up/trace" "$tmp/up-loads"/*; do
	"$b/x86_64/lkstla" count "$trace" 2>>"$tmp/log" | awk '$1 ~ /^0x/ && $3 > 0 { print $2 }'
done | sort -u >"$tmp/seen"
wanted=$(wc -l <"$tmp/hooked")
comm -23 "$tmp/hooked" "$tmp/seen" >>"$tmp/log"
[ "$wanted" -gt 70 ] && [ -z "$(comm -23 "$tmp/hooked" "$tmp/seen")" ]
ok $? "up: all of $wanted events with a hook here are seen on the host"
echo "1..$tests"
