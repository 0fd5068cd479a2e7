#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# probe.sh - guest, 2.6.9: 'lkst probe add' at every byte of a few functions. Kprobes of 2.6.9 ask nothing: a breakpoint
# inside of an instruction would make another one of it, so the module has to know where each begins.
#
# /places has "FUNCTION OFFSET VERDICT" for each byte, by a disassembler: begins, inside, or back (a return, which
# cannot be stepped over); /reached has "FUNCTION LOAD CALLS OFFSET...": the places that each of the load's calls comes
# through.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
MOST=32		# probes at a time
insmod $LKST_KO breaker=0 || exit 1

# added PLACE VERDICT: an id in $T/said when an instruction begins there; refused for the right reason else
added() {
	_rc=0
	lkst probe add "$1" >$T/said 2>&1 || _rc=$?
	case $2:$_rc in
	begins:0) grep -Eqx '[0-9]+' $T/said ;;
	inside:1) grep -q 'no instruction begins there' $T/said ;;
	back:1) grep -q 'does not allow a probe there' $T/said ;;
	*) false ;;
	esac
}

# run_with_probes LOAD: with what was added, which is then removed: "ID RECORDS" of the load's own go to
# $T/records
run_with_probes() {
	lkst record -f -o $T/trace -e LKST_PROBE -- load "$1" >$T/values 2>$T/log ||
		echo "load $1: $(tail -n 3 $T/log)" >>$T/wrong
	lkstla print -p "$(sed -n 's/^pid=//p' $T/values)" $T/trace 2>>$T/log |
		sed -n 's/.* LKST_PROBE probe=\([0-9]*\) .*/\1/p' | sort -n | uniq -c |
		awk '{ print $2, $1 }' >>$T/records
	lkst probe list | awk 'NR > 1 && $3 != 0 { print "missed:", $0 }' >>$T/wrong
	cut -d' ' -f1 $T/probes | while read -r id; do
		lkst probe del "$id" 2>>$T/wrong
	done
	cat $T/probes >>$T/all
	: >$T/probes
}

while read -r function load calls reached; do
	for f in wrong records all probes; do
		: >$T/$f
	done
	grep "^$function " /places >$T/places
	while read -r _ offset verdict; do
		if ! added "$function+$offset" "$verdict"; then
			echo "$function+$offset, $verdict: $(cat $T/said)" >>$T/wrong
		elif [ "$verdict" = begins ]; then
			echo "$(cat $T/said) $offset" >>$T/probes
			[ "$(wc -l <$T/probes)" -lt $MOST ] || run_with_probes "$load"
		fi
	done <$T/places
	[ ! -s $T/probes ] || run_with_probes "$load"
	cp $T/wrong $T/log
	[ ! -s $T/wrong ]
	ok $? "$function: taken where an instruction begins, refused elsewhere, and it works meanwhile"
	is "$(wc -l <$T/all)" "$(grep -c ' begins$' $T/places)" \
		"$function: a probe at each of its $(wc -l <$T/all) instructions"
	at_least "$(grep -c ' inside$' $T/places)" 20 "$function: bytes inside of instructions"
	for offset in $reached; do
		awk -v offset="$offset" '
			FILENAME ~ /all$/ { if ($2 == offset) id = $1; next }
			$1 == id { print offset, $2 }' $T/all $T/records
	done | awk -v calls="$calls" '$2 == calls { n++ } { print } END { print n + 0 }' >$T/log
	# shellcheck disable=SC2086 # words are counted
	is "$(tail -n 1 $T/log)" "$(set -- $reached; echo $#)" \
		"$function: each call is recorded, once at each instruction that it comes through"
done </reached
# A probe that goes while the other CPU meets it: 2.6.9 alone would let that CPU go on inside of the instruction.
while :; do load getppid >/dev/null; done &
other=$!
round=0
while [ $round -lt 1000 ] && lkst probe add sys_getppid >$T/id && lkst probe del "$(cat $T/id)"; do
	round=$((round + 1))
	[ $((round % 100)) != 0 ] || echo "# $round rounds"	# silence is a hang
done
kill $other
is $round 1000 "probes come and go while another CPU meets them"
fails 1 "beyond the end" 'the function ends before' lkst probe add sys_getppid+0x10000
fails 1 "a function that is not there" 'no such function' lkst probe add no_such_function
fails 1 "a function on the way to the handler" 'does not allow a probe there' lkst probe add do_int3
is "$(lkst probe list | wc -l)" 1 "no probe is left"
rmmod lkst
ok $? "module removed"
done_testing
