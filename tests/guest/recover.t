#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# recover.t - after a panic 'lkst recover' has from the guest's memory what the flight recorder held.
tests=0
lkst=${B:-build}/x86_64/lkst la=${B:-build}/x86_64/lkstla
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

ok() {
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		tail -n 20 "$dir/log" | sed 's/^/# /'
	fi
}
# fails NAME PATTERN ARGUMENT...: lkst recover ends with 1 and says why
fails() {
	_name=$1 _pattern=$2 _rc=0
	shift 2
	"$lkst" recover -q "$@" -o "$dir/none" >"$dir/log" 2>&1 || _rc=$?
	[ $_rc = 1 ] && grep -q "$_pattern" "$dir/log" && [ ! -e "$dir/none" ]
	ok $? "$_name"
}

tests/guest/run recover.sh --smp 2 --mem 256 --allow-oops --timeout 300 --console "$dir/console" --memory "$dir/image" >"$dir/said" 2>&1
rc=$?
tail -n 30 "$dir/said" "$dir/console" >"$dir/log"
[ $rc = 0 ] && grep -q 'sysrq triggered crash' "$dir/console"
ok $? "it panicked"

rc=0
"$lkst" recover -o "$dir/t" "$dir/image" >"$dir/log" 2>&1 || rc=$?
[ $rc = 0 ]
ok $? "its memory has a trace"
other=$(sed -n 's/.*buffer \([0-9]*\) has records too.*/\1/p' "$dir/log")
[ "$(echo "$other" | wc -w)" = 1 ]
ok $? "and says that there is another buffer, not counting the one that was deleted"
rc=0
"$la" print "$dir/t" >"$dir/text" 2>"$dir/log" || rc=$?
grep -v '^#' "$dir/text" >"$dir/records"
[ $rc = 0 ]
ok $? "lkstla finds no fault"
tail -n 20 "$dir/records" >"$dir/log"
tail -n 1 "$dir/records" | grep -q ' PANIC '
ok $? "the last record is the panic"
tail -n 3000 "$dir/records" | grep -q ' LKST_MARK .*the last words'
ok $? "with the last words before it"
! grep -q 'not these' "$dir/records"
ok $? "and not those of the other buffer"
awk '$1 < last { bad = 1 } { last = $1 } END { exit bad || NR < 2000 }' "$dir/records"
ok $? "thousands of records, in order ($(wc -l <"$dir/records"))"
# What the guest last counted as not read is there: a sub-buffer at most was overwritten on each CPU after that.
unread=$(sed -n 's/.*"name":"flight"[^}]*"unread":\([0-9]*\).*/\1/p' "$dir/said")
have=$(wc -l <"$dir/records")
echo "unread: $unread, recovered: $have" >"$dir/log"
[ "${unread:-0}" -gt 0 ] && [ "$have" -ge $((unread * 8 / 10)) ]
ok $? "as many as there were unread ($unread, recovered $have)"
# The clock: the guest's last message and the panic are of the same moment.
panic=$(sed -n 's/^\[ *\([0-9]*\)\.[0-9]*\] Kernel panic.*/\1/p' "$dir/console" | head -n 1)
at=$(tail -n 1 "$dir/records" | sed 's/^ *\([0-9]*\).*/\1/')
echo "panic at $panic, recovered: $at" >"$dir/log"
[ -n "$panic" ] && [ $((at - panic)) -le 1 ] && [ $((at - panic)) -ge -1 ]
ok $? "and the time of the panic is that of the console ($panic s)"

# Nobody told the module of the end: the newest sub-buffers are open. What is in them is found all the same, and nothing that
# stood there before.
tests/guest/run recover.sh --smp 2 --mem 256 --timeout 300 --memory "$dir/alive" -- alive >"$dir/said" 2>&1
rc=0
"$lkst" recover -q -o "$dir/t4" "$dir/alive" >"$dir/log" 2>&1 || rc=$?
[ $rc = 3 ] && grep -q 'of [12] sub-buffers the end' "$dir/log"
ok $? "without a panic: exit 3, and why"
"$la" print "$dir/t4" 2>"$dir/log" | grep -v '^#' >"$dir/records4"
grep -q 'the last words' "$dir/records4"
ok $? "the newest records are there"
awk '$1 < last { bad = 1 } { last = $1 } END { exit bad || NR < 2000 }' "$dir/records4"
ok $? "and all in order"

# The same as an ELF core whose memory begins in the midst of a page of the file, as QEMU and kdump write it.
size=$(wc -c <"$dir/image")
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
	cat "$dir/image"
} >"$dir/core"
"$lkst" recover -q -o "$dir/t2" "$dir/core" 2>"$dir/log"
"$la" print "$dir/t2" 2>"$dir/log" | grep -v '^#' | cmp - "$dir/records"
ok $? "an ELF core gives the same"
"$lkst" recover -q -b "$other" -o "$dir/t3" "$dir/image" 2>"$dir/log"
"$la" print "$dir/t3" 2>"$dir/log" | grep -q 'not these'
ok $? "-b gives the other buffer"


: >"$dir/empty"
fails "an empty file" "not an image" "$dir/empty"
head -c 65536 "$dir/image" >"$dir/part"
fails "a part of the memory" 'module is not in it' "$dir/part"
fails "a buffer that is not there" 'buffer 60 holds nothing' -b 60 "$dir/image"
printf 'KDUMP   ' | cat - "$dir/part" >"$dir/packed"
fails "a packed dump" 'makedumpfile' "$dir/packed"
echo "1..$tests"
