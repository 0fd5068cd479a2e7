#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# truth-proc.sh - guest: what measures beyond the 18 find, beside what is known without the tracer: what the kernel
# itself counts in /proc, and what a load (tests/guest/load/truth.c) knows of its own. One CPU, counted instructions.
#
#  softirqtime, softirq, irq   a load reads /proc/softirqs and /proc/interrupts, does things, and reads them again. Of
#                  each soft interrupt and each interrupt there must be as many samples as were counted: not fewer than
#                  lie between the two readings, not more than those and the ones during a reading. Nothing else is
#                  allowed, but 10 us at each edge: the tracer's clock has a rate of its own
#  timerlate       a process sleeps until moments it chooses. A timer must be found that was due then: the time of
#                  the sample less its value, within 10 us (the clock's rate); and it was not later than the process
#                  found itself to be when it ran again
#  wakeup          a process is kept from the CPU for a known time after it is due: not less than that, less 20 us for
#                  the way from being due to being awake; not more than the process reads itself when it runs
#  budget          the same process: what it ran and what it could have run, as its /proc/PID/schedstat counts, within
#                  0.3 ms for its way from reading that to its end, and 5 us a round (23) for each clock read in the
#                  midst of a switch
#  chain           a process waits in recv() for another one, for 1 to 23 ms: the slowest waited for that one, and was
#                  woken by it; the sleep is as long as the load's own bounds say, less 50 us for the way into sleeping

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 || exit 1

observe() {
	lkst record -q -f -e "$2" -o $T/trace -- load "$1" >$T/values 2>$T/log || ok 1 "load $1"
}

value() {
	sed -n "s/^$1=//p" $T/values
}

# counted MEASURE FILE COLUMN: COLUMN of a list's line has the name that FILE counts under
counted() {
	lkstla "$1" -l $T/trace >$T/list 2>$T/log || ok 1 "lkstla $1"
	_rc=0
	awk -v file="$2" -v column="$3" '
	FNR == NR && /^(first|last)_(before|behind)=/ { split($0, part, "="); at[part[1]] = part[2] / 1e9 }
	FNR == NR && $2 == file && $3 ~ /:$/ && $4 ~ /^[0-9]+$/ {
		name = substr($3, 1, length($3) - 1)
		count[name] += $1 == "last" ? $4 : -$4
	}
	FNR == NR || /^#/ { next }
	{ name = $column }
	$3 > at["first_behind"] + 0.00001 && $3 < at["last_before"] - 0.00001 { least[name]++ }
	$3 > at["first_before"] - 0.00001 && $3 < at["last_behind"] + 0.00001 { most[name]++ }
	END {
		for (name in count) {
			# Interrupts without a number are no devices.
			if (file ~ /interrupts/ && name !~ /^[0-9]+$/)
				continue
			if (count[name] < least[name] || count[name] > most[name]) {
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

observe counted SOFTIRQ_RAISE,SOFTIRQ_ENTRY,SOFTIRQ_EXIT,INTERRUPT_ENTRY,INTERRUPT_EXIT
counted softirqtime /proc/softirqs 6
counted softirq /proc/softirqs 6
counted irq /proc/interrupts 1

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
	if (due > v["due", i] - 10000 && due < v["due", i] + 10000 && $4 * 1e9 <= v["most", i] + 10000) found[i] = 1 }
END { for (i = 1; i <= n; i++) all += found[i]; print all + 0; exit all != 23 }' $T/values $T/list >$T/found
ok $? "timerlate: $(cat $T/found) timers of 23 were due when the process said, and no later than it found"

observe kept_waiting PROCESS_FORK,PROCESS_EXIT,PROCESS_CONTEXTSWITCH,PROCESS_WAKEUP,PROCESS_WAKEUP_NEW
kid=$(value kid)
# Its first wake-up is its birth; one that finds the CPU free has not been kept.
lkstla wakeup -l -p "$kid" $T/trace >$T/list
awk '!/^#/ && $4 > 0.0001 { print $4 }' $T/list | tail -n 23 >$T/samples
awk -v below=20000 -v apart=1000000 -f /t/bounds.awk $T/values $T/samples >$T/found
ok $? "wakeup: kept from the CPU: $(cat $T/found)"
# about NAME STATE WANTED: the process's time in a state, by budget
about() {
	got=$(lkstla budget --by=pid,key -p "$kid" $T/trace 2>/dev/null |
		awk -v state="$2" '!/^#/ && $4 == state { print int($6 * 1e9) }')
	[ -n "$got" ] &&
		awk -v got="$got" -v wanted="$3" 'BEGIN { d = got - wanted; exit !(d < 415000 && d > -415000) }'
	ok $? "$1: ${got:-none} ns, the kernel counted $3"
}
about "budget: running" running "$(value ran)"
about "budget: runnable" runnable "$(value waited)"

observe receives SYSCALL_ENTRY,SYSCALL_EXIT,PROCESS_FORK,PROCESS_EXIT,PROCESS_CONTEXTSWITCH,PROCESS_WAKEUP,\
PROCESS_WAKEUP_NEW
pid=$(value pid)
lkstla chain -k recvfrom -p "$pid" --top=1 --json $T/trace >$T/list 2>$T/log
awk -v pid="$pid" -v other="$(value other)" -v least="$(value least)" -v most="$(value most)" '
/"what":"sleeping"/ && $0 ~ "\"pid\":" pid "," { sub(/.*"duration":/, ""); slept = $0 + 0 }
/"what":"woken"/ && $0 ~ "\"pid\":" pid "," && !by { sub(/.*"by_pid":/, ""); by = $0 + 0 }
END {
	n = split(least, l, ","); split(most, m, ",")
	print by + 0, "after", slept + 0, "ns; wanted", other, "after", l[n], "to", m[n]
	exit by != other || slept < l[n] - 50000 || slept > m[n]
}' $T/list >$T/found
_rc=$?
cat $T/list >>$T/log
ok $_rc "chain: the slowest recv() was ended by $(cat $T/found)"

rmmod lkst
ok $? "module removed"
done_testing
