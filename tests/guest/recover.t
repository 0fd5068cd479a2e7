#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# recover.t - after a panic 'lkst recover' has from the guest's memory what the flight recorder held.
. tests/host.sh
lkst=${B:-build}/x86_64/lkst la=${B:-build}/x86_64/lkstla

# fails NAME PATTERN ARGUMENT...: lkst recover ends with 1 and says why
fails() {
	_name=$1 _pattern=$2 _rc=0
	shift 2
	"$lkst" recover -q "$@" -o "$T/none" >"$T/log" 2>&1 || _rc=$?
	[ $_rc = 1 ] && grep -q "$_pattern" "$T/log" && [ ! -e "$T/none" ]
	ok $? "$_name"
}

tests/guest/run recover.sh --smp 2 --mem 256 --allow-oops --timeout 300 --console "$T/console" --memory "$T/image" >"$T/said" 2>&1
rc=$?
tail -n 30 "$T/said" "$T/console" >"$T/log"
[ $rc = 0 ] && grep -q 'sysrq triggered crash' "$T/console"
ok $? "it panicked"

rc=0
"$lkst" recover -o "$T/t" "$T/image" >"$T/log" 2>&1 || rc=$?
other=$(sed -n 's/.*buffer \([0-9]*\) has records too.*/\1/p' "$T/log")
[ $rc = 0 ]
ok $? "its memory has a trace"
[ "$(echo "$other" | wc -w)" = 1 ]
ok $? "and says that there is another buffer, not counting the one that was deleted"
rc=0
"$la" print "$T/t" >"$T/text" 2>"$T/log" || rc=$?
grep -v '^#' "$T/text" >"$T/records"
[ $rc = 0 ]
ok $? "lkstla finds no fault"
tail -n 20 "$T/records" >"$T/log"
tail -n 1 "$T/records" | grep -q ' PANIC '
ok $? "the last record is the panic"
tail -n 3000 "$T/records" | grep -q ' LKST_MARK .*the last words'
ok $? "with the last words before it"
! grep -q 'not these' "$T/records"
ok $? "and not those of the other buffer"
awk '$1 < last { bad = 1 } { last = $1 } END { exit bad || NR < 2000 }' "$T/records"
ok $? "thousands of records, in order ($(wc -l <"$T/records"))"
# What the guest last counted as not read is there: a sub-buffer at most was overwritten on each CPU after that.
unread=$(sed -n 's/.*"name":"flight"[^}]*"unread":\([0-9]*\).*/\1/p' "$T/said")
have=$(wc -l <"$T/records")
echo "unread: $unread, recovered: $have" >"$T/log"
[ "${unread:-0}" -gt 0 ] && [ "$have" -ge $((unread * 8 / 10)) ]
ok $? "as many as there were unread ($unread, recovered $have)"
# The clock: the guest's last message and the panic are of the same moment.
panic=$(sed -n 's/^\[ *\([0-9]*\)\.[0-9]*\] Kernel panic.*/\1/p' "$T/console" | head -n 1)
at=$(tail -n 1 "$T/records" | sed 's/^ *\([0-9]*\).*/\1/')
echo "panic at $panic, recovered: $at" >"$T/log"
[ -n "$panic" ] && [ $((at - panic)) -le 1 ] && [ $((at - panic)) -ge -1 ]
ok $? "and the time of the panic is that of the console ($panic s)"

# Nobody told the module of the end: the newest sub-buffers are open. What is in them is found all the same, and nothing that
# stood there before.
tests/guest/run recover.sh --smp 2 --mem 256 --timeout 300 --memory "$T/alive" -- alive >"$T/said" 2>&1
rc=0
"$lkst" recover -q -o "$T/t4" "$T/alive" >"$T/log" 2>&1 || rc=$?
[ $rc = 3 ] && grep -q 'of [12] sub-buffers the end' "$T/log"
ok $? "without a panic: exit 3, and why"
"$la" print "$T/t4" 2>"$T/log" | grep -v '^#' >"$T/records4"
grep -q 'the last words' "$T/records4"
ok $? "the newest records are there"
awk '$1 < last { bad = 1 } { last = $1 } END { exit bad || NR < 2000 }' "$T/records4"
ok $? "and all in order"

# The same as an ELF core whose memory begins in the midst of a page of the file, as QEMU and kdump write it.
size=$(wc -c <"$T/image")
byte() {
	# shellcheck disable=SC2059
	printf "\\$(printf '%03o' "$1")"
}
number() {
	_n=$1 _i=0
	while [ $_i -lt 8 ]; do
		byte $((_n & 255))
		_n=$((_n >> 8)) _i=$((_i + 1))
	done
}
{
	printf '\177ELF\002\001\001\000\000\000\000\000\000\000\000\000\004\000\076\000\001\000\000\000'
	number 0
	number 64
	number 0
	printf '\000\000\000\000\100\000\070\000\001\000\000\000\000\000\000\000'
	printf '\001\000\000\000\006\000\000\000'
	number 120
	number 0
	number 0
	number "$size"
	number "$size"
	number 0
	cat "$T/image"
} >"$T/core"
"$lkst" recover -q -o "$T/t2" "$T/core" 2>"$T/log"
"$la" print "$T/t2" 2>"$T/log" | grep -v '^#' | cmp - "$T/records"
ok $? "an ELF core gives the same"
"$lkst" recover -q -b "$other" -o "$T/t3" "$T/image" 2>"$T/log"
"$la" print "$T/t3" 2>"$T/log" | grep -q 'not these'
ok $? "-b gives the other buffer"


: >"$T/empty"
fails "an empty file" "not an image" "$T/empty"
head -c 65536 "$T/image" >"$T/part"
fails "a part of the memory" 'module is not in it' "$T/part"
fails "a buffer that is not there" 'buffer 60 holds nothing' -b 60 "$T/image"
printf 'KDUMP   ' | cat - "$T/part" >"$T/packed"
fails "a packed dump" 'makedumpfile' "$T/packed"
echo "1..$tests"
