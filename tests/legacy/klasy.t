#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# klasy.t - aspects on 2.6.9: what klasy finds in code of its compiler against what is known by construction, modules
# built with that compiler and woven in the guest, and what is not possible there, said in one line. (24-klasy.t: 2.4)
#
# Usage: klasy.t [NAME]
#   NAME  as tests/legacy/build had it (smp)
#
# To see it red: let klasy_convention() in klasy/convention.c always say KLASY_BY_STACK, begins_there() in
# klasy/module/v26/runtime.c return true at once, or unplace() there not call lkst_hold_others().
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"

name=${1:-smp}
built "$name"
klasy=$b/host/klasy
export KLASY_CACHE="$tmp/cache"
# shellcheck source=tests/klasy/truths.sh
. "$top/tests/klasy/truths.sh"
gcc=$(sed -n "s/.*CROSS_COMPILE='\([^']*\)'.*/\1gcc/p" "$dir/make")

# ---- by construction ----

# tests/klasy/truth.c has "truth: FUNCTION STRUCT.MEMBER MODE N" of each access. Of this compiler no variable's place is
# believed, so some are not found: the index may know fewer, but nothing else.
truth_aspects "$tmp"
cat >"$tmp/missed" <<EOF
cast outer.number
from_member outer.first
from_member outer.in
letter outer.name
two_ways decoy.number
two_ways outer.number
EOF
for way in -O1 -O2 -Os "-O2 -mregparm=3"; do
	level=${way%% *}
	# shellcheck disable=SC2086
	"$gcc" $way -g -w -std=gnu99 -fomit-frame-pointer -fno-unit-at-a-time -nostdlib -static -Wl,--build-id \
		'-D__builtin_offsetof(t, m)=((unsigned long)&((t *)0)->m)' -o "$tmp/truth" "$top/tests/klasy/truth.c" \
		2>"$tmp/log"
	truths "$level" "$tmp/truth" "$tmp" "$top/tests/klasy/truth.c" 2>>"$tmp/log"
	awk 'NR == FNR { found[$1, $2, $3] = $4; next } found[$1, $2, $3] != $4 { print $1, $2 }' \
		"$tmp/found" "$tmp/truths" | sort >"$tmp/differ"
	all=$(wc -l <"$tmp/truths")
	cp "$tmp/differ" "$tmp/log"
	[ -s "$tmp/truths" ] && cmp -s "$tmp/differ" "$tmp/missed"
	ok $? "$way: of $all accesses known by construction all but 6 are found, each in its number"
	awk 'NR == FNR { want[$1, $2, $3] = $4; named[$1, $2] = 1; next }
		named[$1, $2] && $4 > want[$1, $2, $3] { print "too much:", $0 }' "$tmp/truths" "$tmp/found" >"$tmp/log"
	[ ! -s "$tmp/log" ]
	ok $? "$way: nothing is found that is not there"
done

# ---- what is not possible: one line, and why ----

# refused NAME STATUS PATTERN ASPECT OPTION...: klasy build of the aspect's text
refused() {
	_name=$1 _status=$2 _pattern=$3
	echo "$4" >"$tmp/refused.aspect"
	shift 4
	_rc=0
	"$klasy" build -q --object "$dir/build/vmlinux" --build "$dir" "$@" -o "$tmp/refused.ko" "$tmp/refused.aspect" \
		>"$tmp/said" 2>&1 || _rc=$?
	{ echo "exit $_rc:"; cat "$tmp/said"; } >"$tmp/log"
	[ $_rc = "$_status" ] && [ "$(wc -l <"$tmp/said")" = 1 ] && grep -q "$_pattern" "$tmp/said"
	ok $? "$_name"
}
advice='<aspect><advice><pointcut>'
refused "no <after>" 1 'refused.aspect:1:[0-9]*: <after>: not for 2.6.9: ' \
	"$advice access(inode.i_uid)</pointcut><after>print(1);</after></advice></aspect>"
refused "no local_var" 1 'refused.aspect:1:[0-9]*: local_var: not for 2.6.9: ' \
	"$advice access(inode.i_uid) AND local_var(inode, i)</pointcut><before>print(i);</before></advice></aspect>"
refused "no event" 1 'refused.aspect:1:[0-9]*: event: not for 2.6.9: ' \
	"$advice event(PROCESS_EXIT)</pointcut><before>print(1);</before></advice></aspect>"
refused "no argument inside of a function" 1 'only arguments are known, where a function is entered' \
	"$advice access(inode.i_uid) AND argument(0, i)</pointcut><before>print(i);</before></advice></aspect>"
refused "no --line" 4 'reading the source: not for 2.6.9: ' \
	"$advice access(inode.i_uid)</pointcut><before>print(1);</before></advice></aspect>" --line
refused "no name that is not there" 1 "has no function 'no_such_function'" \
	"$advice execution(no_such_function)</pointcut><before>print(1);</before></advice></aspect>"
echo "$advice execution(sys_kill)</pointcut><before>no_such_thing;</before></advice></aspect>" >"$tmp/refused.aspect"
"$klasy" build -q --object "$dir/build/vmlinux" --build "$dir" -o "$tmp/refused.ko" "$tmp/refused.aspect" \
	>"$tmp/log" 2>&1
[ $? = 1 ] && grep -q "^$tmp/refused.aspect:1: error: .no_such_thing. undeclared" "$tmp/log"
ok $? "errors of its compiler at the aspect's own lines"
_rc=0
"$klasy" index -q --source "$dir/build" --build "$dir/build" -o "$dir/build/vmlinux" fs/attr.c >"$tmp/log" 2>&1 ||
	_rc=$?
[ $_rc = 4 ] && grep -q 'reading the source: not for 2.6.9: ' "$tmp/log"
ok $? "no index --source"

# ---- modules ----

# module NAME: of $tmp/NAME.aspect
module() {
	"$klasy" build -q --object "$dir/build/vmlinux" --build "$dir" -n "$1" -o "$tmp/klasy_$1.ko" "$tmp/$1.aspect" \
		>"$tmp/log" 2>&1 && [ ! -s "$tmp/log" ]
	ok $? "the aspect $1 is built with the kernel's own compiler, without a word"
}
cp "$top/doc/examples/inode.aspect" "$tmp/"
cat >"$tmp/calls.aspect" <<'EOF'
<aspect>
  <advice><pointcut> execution(sys_getppid) </pointcut><before> STORE_DATA(current->tgid); </before></advice>
  <advice><pointcut> execution(sys_kill) AND argument(0, pid) AND argument(1, sig) </pointcut>
    <before> unsigned long t; DO_RDTSC(t); print(pid, sig, $pc$, t); </before></advice>
</aspect>
EOF
cat >"$tmp/packets.aspect" <<'EOF'
<aspect><advice><pointcut> access(sk_buff.%) AND (within_function(ip_rcv) OR within_function(icmp_rcv) OR
    within_function(netif_receive_skb) OR within_function(__kfree_skb)) AND target(skb) </pointcut>
  <before> STORE_DATA(skb); STORE_DATA(skb->len); STORE_DATA(skb->protocol); STORE_DATA(skb->dev); </before>
</advice></aspect>
EOF
cat >"$tmp/long.aspect" <<'EOF'
<aspect><advice><pointcut> execution(sys_getppid) </pointcut>
  <before> volatile int i; for (i = 0; i < 1000000; i++) ; </before></advice></aspect>
EOF
shift $#
for m in inode calls packets long; do
	module $m
	set -- "$@" --add "$tmp/klasy_$m.ko:/t/"
done
# The same with a place one byte further, and the bytes that are there: only the walk in the module can tell.
mkdir "$tmp/kept"
echo "$advice execution(sys_kill)</pointcut><before>print(1);</before></advice></aspect>" >"$tmp/inside.aspect"
KLASY_KEEP=1 TMPDIR=$tmp/kept "$klasy" build -q --object "$dir/build/vmlinux" --build "$dir" -n inside \
	-o "$tmp/klasy_inside.ko" "$tmp/inside.aspect" >"$tmp/log" 2>&1
kept=$(echo "$tmp"/kept/*)
pc=$(sed -n 's/.*\.pc = 0x\([0-9a-f]*\),.*/\1/p' "$kept/sites.c")
n=$(sed -n 's/.*\.length = \([0-9]*\),.*/\1/p' "$kept/sites.c")
sed -i -e "s/\.pc = 0x$pc/.pc = 0x$(printf %x $((0x$pc + 1)))/" -e "s/\.length = $n/.length = $((n - 1))/" \
	-e 's/\.code = { 0x..,/.code = {/' "$kept/sites.c"
[ "$n" -gt 1 ] && MAKEFLAGS='' "$dir/make" -s M="$kept" modules >"$tmp/log" 2>&1
ok $? "the same for a byte inside of an instruction of $n bytes"
set -- "$@" --add "$kept/klasy_inside.ko:/t/"
"$top/tests/legacy/run" "$name" klasy.sh --smp 2 --timeout 300 --out "$tmp/out" "$@" >"$tmp/guest" 2>&1
_rc=$?
tell_again "$tmp/guest" "in the guest: "
cp "$tmp/guest" "$tmp/log"
ok $_rc "the guest ends with 0"
echo "1..$tests"
