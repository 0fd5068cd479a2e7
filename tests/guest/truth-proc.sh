#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# truth-proc.sh [smp] - guest: what measures beyond the 18 find, beside what is known without the tracer: what the
# kernel itself counts in /proc, and what a load (tests/guest/load/truth.c) knows of its own. One CPU, counted
# instructions; with 'smp' two CPUs, and only the last one.
# 2.6.9 and 2.4.37.11 count no soft interrupts (of softirq and softirqtime truth.sh knows something there), have no high
# resolution timers, and no schedstat; their clocks are as truth.sh says.
#
#  softirqtime, softirq, irq   a load reads /proc/softirqs and /proc/interrupts, does things, and reads them again. Of
#                  each soft interrupt and each interrupt there must be as many samples as were counted: not fewer than
#                  lie between the two readings, not more than those and the ones during a reading. 2.6.9 and 2.4
#                  count what comes while its handler runs and run it once for all of those: of the serial line's
#                  interrupts there, one a round (23) must be there at least. Nothing else is allowed
#  timerlate       a process sleeps until moments it chooses. A timer must be found that was due then: the time of
#                  the sample less its value, within 10 us (the clock's rate); and it was not later than the process
#                  found itself to be when it ran again. And the test module's timer is due while interrupts are
#                  held off: as late at the least as they are allowed again, at the most as its function runs
#  wakeup          a process is kept from the CPU by its parent, from when that sees it awake in /proc/PID/stat: not
#                  less than that, not more than from when the parent last saw it asleep to when it reads the clock
#  budget          the same process: what it ran and what it could have run by its own and its parent's clock, and as
#                  /proc/PID/schedstat counts; within 0.3 ms for its way from its last look to its end, and 5 us a round
#                  (23) for each clock read in the midst of a switch
#  chain           a process waits in recv() for another one, for 1 to 23 ms: the slowest waited for that one, and was
#                  woken by it; the sleep is as long as the load's own bounds say, less 50 us for the way into sleeping.
#                  smp: the other one is on another CPU; each wait was ended by it, and no CPU that was idle ended one.
#                  On a busy host not every call waits: 12 of 23 must

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 && insmod $TEST_KO || exit 1
never_throttle

CALLS=SYSCALL_ENTRY,SYSCALL_EXIT RECV=recvfrom MERGED='' CLOCK=''
case $FAMILY in
2.6) CALLS=$CALLS,SYSCALL_SYSENTER,SYSCALL_SYSEXIT ;;
esac
[ $FAMILY = stock ] || RECV=socketcall MERGED=23 CLOCK='-v grain=5000 -v rate=0.001'

observe() {
	lkst record -q -f -e "$2" -o $T/trace -- load "$1" >$T/values 2>$T/log || ok 1 "load $1"
	pid=$(value pid)
}

value() {
	sed -n "s/^$1=//p" $T/values
}

# When the load read what the kernel counts, by its calls of getppid() before and behind.
edges() {
	lkstla syscall -l -k getppid -p "$pid" $T/trace | awk '
	BEGIN { split("first_before,first_behind,last_before,last_behind", name, ",") }
	!/^#/ { printf "-v %s=%s ", name[++n], $3 }
	END { exit n != 4 }'
}

# counted MEASURE FILE COLUMN: COLUMN of a list's line has the name that FILE counts under
counted() {
	lkstla "$1" -l $T/trace >$T/list 2>$T/log || ok 1 "lkstla $1"
	_rc=0
	# shellcheck disable=SC2046
	awk -v file="$2" -v column="$3" -v rounds="$MERGED" $(edges) '
	FNR == NR && $2 == file && $3 ~ /:$/ && $4 ~ /^[0-9]+$/ {
		name = substr($3, 1, length($3) - 1)
		count[name] += $1 == "last" ? $4 : -$4
	}
	FNR == NR || /^#/ { next }
	{ name = $column }
	$3 > first_behind && $3 < last_before { least[name]++ }
	$3 > first_before && $3 < last_behind { most[name]++ }
	END {
		for (name in count) {
			# Interrupts without a number are no devices.
			if (file ~ /interrupts/ && name !~ /^[0-9]+$/)
				continue
			wanted = rounds && name > 0 && count[name] > rounds ? rounds : count[name]
			if (count[name] < least[name] || wanted > most[name]) {
				print name ": counted " count[name] ", found " least[name] + 0 " to " most[name] + 0
				bad = 1
			}
			kinds += least[name] >= 20
		}
		for (name in most)
			if (!(name in count)) {
				print name ": found " most[name] ", and the kernel has no such count"
				bad = 1
			}
		print kinds + 0 " kinds with 20 or more"
		exit bad || !kinds
	}' $T/values $T/list >$T/found || _rc=$?
	cat $T/found >>$T/log
	ok $_rc "$1: as many as $2 counts, $(tail -n 1 $T/found)"
}

end() {
	rmmod lkst_test && rmmod lkst
	ok $? "modules removed"
	done_testing
	exit
}

if [ "${1:-}" = smp ]; then
	observe receives_from_afar $CALLS,PROCESS_FORK,PROCESS_EXIT,PROCESS_CONTEXTSWITCH,PROCESS_WAKEUP,\
PROCESS_WAKEUP_NEW,PROCESS_WAKING,INTERRUPT_IPI_ENTRY,INTERRUPT_IPI_EXIT
	lkstla chain -k $RECV -p "$pid" --top=23 --json $T/trace >$T/list 2>$T/log
	awk -v pid="$pid" -v other="$(value other)" '
	/"depth":2,.*"what":"woken"/ && $0 ~ "\"pid\":" pid "," {
		n++
		named += $0 ~ "\"by_pid\":" other "[,}]"
	}
	END {
		print n + 0 " waits, " named + 0 " ended by the other process"
		exit n < 12 || named != n
	}' $T/list >$T/found
	_rc=$?
	cat $T/list >>$T/log
	ok $_rc "chain: from another CPU: $(cat $T/found)"
	# What the tracer says of each, and what the measure makes of it; the first may have begun before.
	lkstla print -k PROCESS_WAKING,PROCESS_WAKEUP $T/trace >$T/events
	lkstla wakeup -l -p "$pid" $T/trace >$T/list
	awk -v pid="$pid" '
	/^#/ { next }
	FNR == NR {
		if ($0 !~ "target_pid=" pid "[^0-9]")
			next
		if (/PROCESS_WAKING/)
			asked[at = $1] = 1
		else if (at)
			later[at] = $1 > at
		next
	}
	{ n++; begun += $3 in asked; afar += later[$3] }
	END {
		print n + 0 " wake-ups, " begun + 0 " begin where they were asked for, of " afar + 0 " that was before"
		exit n < 23 || begun < n || afar < 12
	}' $T/events $T/list >$T/found
	_rc=$?
	cat $T/list >>$T/log
	ok $_rc "wakeup: $(cat $T/found)"
	end
fi

observe counted $CALLS,SOFTIRQ_RAISE,SOFTIRQ_ENTRY,SOFTIRQ_EXIT,INTERRUPT_ENTRY,INTERRUPT_EXIT
counted irq /proc/interrupts 1
if [ $FAMILY = stock ]; then
	counted softirqtime /proc/softirqs 6
	counted softirq /proc/softirqs 6

	observe due HRTIMER_ENTRY
	lkstla timerlate -l $T/trace >$T/list
	awk '
	FNR == NR && /^(due|most)=/ {
		split($0, part, "=")
		n = split(part[2], number, ",")
		for (i = 1; i <= n; i++)
			v[part[1], i] = number[i]
		next
	}
	FNR == NR || /^#/ { next }
	{ due = $3 * 1e9 - $4 * 1e9
	  for (i = 1; i <= n; i++)
		if (due > v["due", i] - 10000 && due < v["due", i] + 10000 && $4 * 1e9 <= v["most", i] + 10000)
			found[i] = 1 }
	END { for (i = 1; i <= n; i++) all += found[i]; print all + 0; exit all != 23 }' $T/values $T/list >$T/found
	ok $? "timerlate: $(cat $T/found) timers of 23 were due when the process said, and no later than it found"

	observe lates HRTIMER_ENTRY
	lkstla timerlate -l -p "$pid" $T/trace >$T/list
	awk '!/^#/ && /late_ran/ { print $4 }' $T/list >$T/samples
	awk -v list=late_ -f /t/bounds.awk $T/values $T/samples >$T/found
	_rc=$?
	cat $T/list >>$T/log
	ok $_rc "timerlate: interrupts are held off: $(cat $T/found)"
fi

observe kept_waiting PROCESS_FORK,PROCESS_EXIT,PROCESS_CONTEXTSWITCH,PROCESS_WAKEUP,PROCESS_WAKEUP_NEW
kid=$(value kid)
# Its first wake-up is its birth; one that finds the CPU free has not been kept.
lkstla wakeup -l -p "$kid" $T/trace >$T/list
awk '!/^#/ && $4 > 0.0001 { print $4 }' $T/list | tail -n 23 >$T/samples
# shellcheck disable=SC2086
awk $CLOCK -f /t/bounds.awk $T/values $T/samples >$T/found
ok $? "wakeup: kept from the CPU: $(cat $T/found)"

# about STATE WHO LEAST MOST: the process's time in a state, by budget; within 0.415 ms
about() {
	got=$(lkstla budget --by=pid,key -p "$kid" $T/trace 2>/dev/null |
		awk -v state="$1" '!/^#/ && $4 == state { print int($6 * 1e9) }')
	[ -n "$got" ] && awk -v got="$got" -v least="$3" -v most="$4" 'BEGIN {
		exit !(got > least - 415000 && got < most + 415000)
	}'
	ok $? "budget: $1: ${got:-none} ns, $2 $3 to $4"
}
# sum NAME: of a list
sum() {
	value "$1" | awk -F, '{ for (i = 1; i <= NF; i++) sum += $i } END { printf "%.0f\n", sum }'
}
about running "by its own clock" $(($(value ran_rounds) - $(value away))) "$(value ran_rounds)"
about runnable "by both clocks" "$(sum least)" $(($(sum most) + $(value birth) + $(value away)))
if [ $FAMILY = stock ]; then
	about running "the kernel counted" "$(value ran)" "$(value ran)"
	about runnable "the kernel counted" "$(value waited)" "$(value waited)"
fi

observe receives $CALLS,PROCESS_FORK,PROCESS_EXIT,PROCESS_CONTEXTSWITCH,PROCESS_WAKEUP,\
PROCESS_WAKEUP_NEW
lkstla chain -k $RECV -p "$pid" --top=1 --json $T/trace >$T/list 2>$T/log
# shellcheck disable=SC2086
awk -v pid="$pid" -v other="$(value other)" $CLOCK -v least="$(value least)" -v most="$(value most)" '
/"what":"sleeping"/ && $0 ~ "\"pid\":" pid "," { sub(/.*"duration":/, ""); slept = $0 + 0 }
/"what":"woken"/ && $0 ~ "\"pid\":" pid "," && !by { sub(/.*"by_pid":/, ""); by = $0 + 0 }
END {
	n = split(least, l, ","); split(most, m, ",")
	print by + 0, "after", slept + 0, "ns; wanted", other, "after", l[n], "to", m[n]
	allowed = grain + rate * slept
	exit by != other || slept < l[n] - 50000 - allowed || slept > m[n] + allowed
}' $T/list >$T/found
_rc=$?
cat $T/list >>$T/log
ok $_rc "chain: the slowest recv() was ended by $(cat $T/found)"
end
