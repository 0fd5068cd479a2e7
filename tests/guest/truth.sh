#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# truth.sh [free] - guest: what each of the 18 measures finds, beside what is known without the tracer. One CPU;
# with 'free' only what wants init_on_free=1. Needs null_blk.ko in /t. On other kernels than stock ones what a program
# knows without help from the kernel: 1, 2, 9, 10, 17, 18.
#
# A load or the test module does a thing ROUNDS (23) times and reads the kernel's clock around it and, where it
# can, within it: each sample must lie between the two. That is so whatever the speed of the host; counted
# instructions (ci/boot --icount) make the bounds narrow, and bounds.awk refuses wide ones. Allowed beyond them:
# 10 in a million, for the tracer's clock has a rate of its own, and 1 ns, the last digit that is printed. On 2.6.9,
# which knows the rate of the counter less well, 1 in a thousand and 5 us; there a sleep ends with a tick, up to 2 ms
# late, so the bounds are farther apart.
#
#  1 syscall       nanosleep() of 1 to 23 ms: not less than that, not more than the time around the call
#  2 syscallcount  23 calls of getppid(): exactly
#  3 softirq       a soft interrupt is asked for while they are held off, for 0.1 to 2.3 ms: what lies between
#                  asking and allowing, and what lies between the time before and the time in its handler
#  4 timer         the same after a timer interrupt, which came between two readings of the clock
#  5 memalloc      2 MB that are cleared: not less than clearing them again takes, not more than the time around
#                  the call
#  6 memfree       the same with init_on_free=1: cleared when they are given back
#  7 biotime       null_blk, whose requests take 3 ms by a timer: not less, not more than the time around the
#                  read()
#  8 bioqueue      5 requests in one go, that take 3 ms: 1, 2, 3, 4, 5, exactly
#  9 nettime       a receiver whose sender sleeps, a sender whose receiver sleeps, 1 to 23 ms: not less than
#                  what the one that sleeps reads while the other one is in the call, not more than the time
#                  around the call
# 10 netsize       datagrams of 23 sizes: exactly; their sum is what /proc/net/dev counts
# 11 lockwait      a mutex that somebody holds for 4 to 20 ms: from asking for it to when that one lets go, not
#                  more than the time around mutex_lock(). The way into waiting is not waiting: 5 us less is
#                  right
# 12 lockhold      that somebody: the time from behind mutex_lock() to before mutex_unlock(), not more than from
#                  before to behind
# 13 runqueue      5 children that cannot run yet, one after the other, beside their parent: 2, 3, 4, 5, 6,
#                  exactly
# 14 waitqlen      5 that enter a queue one after the other: 1, 2, 3, 4, 5, exactly
# 15 waitq         how long each is in it: between the readings of the clock within and around
# 16 schedtime     a switch in which a callback takes 0.1 ms: not less than that takes by its own clock, not
#                  more than from before the switch to when the next task reads the clock
# 17 lifetime      children that sleep for 1 to 23 ms: not less than what they read from first to last, not more
#                  than from before fork() to behind waitpid()
# 18 state         a task that runs for a while and sleeps for a while: as it reads the clock itself. It asks
#                  for its sleep before it leaves the CPU: 10 us less is right

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 && insmod $TEST_KO || exit 1

CALLS=SYSCALL_ENTRY,SYSCALL_EXIT CLOCK=
[ "$FAMILY" = stock ] || {
	CALLS=$CALLS,SYSCALL_SYSENTER,SYSCALL_SYSEXIT
	CLOCK='-v grain=5000 -v rate=0.001 -v apart=5000000'
}

# observe LOAD EVENT,...
observe() {
	lkst record -q -f -e "$2" -o $T/trace -- load "$1" >$T/values 2>$T/log || ok 1 "load $1"
	pid=$(value pid)
}

value() {
	sed -n "s/^$1=//p" $T/values
}

# samples MEASURE PID NAME: the values of that task under that name ('.' for any); nothing may be missing from
# the trace
samples() {
	lkstla "$1" -l -p "$2" $T/trace >$T/list || return 1
	awk -v name="$3" '!/^#/ && (name == "." || $6 == name) { print $4 }' $T/list >$T/samples
}

# within NAME PREFIX OPTION-OF-AWK...: the samples lie within the bounds PREFIXleast and PREFIXmost of the load
within() {
	_name=$1 _list=$2
	shift 2
	_rc=0
	# shellcheck disable=SC2086
	awk -v list="$_list" $CLOCK "$@" -f /t/bounds.awk $T/values $T/samples >$T/found || _rc=$?
	{ cat $T/found; head -n 30 $T/list; } >$T/log
	ok $_rc "$_name: $(cat $T/found)"
}

# exactly NAME WANTED: the samples, with commas between them
exactly() {
	is "$(awk '{ printf "%s%d", (NR > 1 ? "," : ""), $1 }' $T/samples)" "$2" "$1"
}

# again N LIST: that list N times over
again() {
	awk -v n="$1" -v list="$2" 'BEGIN { while (n-- > 0) printf "%s%s", list, n ? "," : "" }'
}

if [ "${1:-}" = free ]; then
	observe clears MEM_FREEPAGES_ENTRY,MEM_FREEPAGES_EXIT,MEM_KFREE_ENTRY,MEM_KFREE_EXIT
	# kfree() of so much is __free_pages(), too: the first of two such samples. The load's others are short.
	samples memfree "$pid" kmalloc && awk '$1 > 0.0001' $T/samples >$T/long && mv $T/long $T/samples
	within "memfree: kfree()" kfrees_
	samples memfree "$pid" pages && awk '$1 > 0.0001 && n++ % 2' $T/samples >$T/long && mv $T/long $T/samples
	within "memfree: __free_pages()" frees_
	rmmod lkst_test && rmmod lkst
	ok $? "modules removed"
	done_testing
	exit
fi

observe sleeps $CALLS
samples syscall "$pid" nanosleep
within "syscall: nanosleep()" ''
observe getppid $CALLS
samples syscallcount "$pid" getppid
exactly "syscallcount: 23 times getppid()" "$(seq -s, 23)"
is "$(lkstla syscallcount -p "$pid" $T/trace | awk '$2 == "getppid" { print $3 }')" 23 "syscallcount: so in the table"

if [ "$FAMILY" = stock ]; then
	observe delays SOFTIRQ_RAISE,SOFTIRQ_ENTRY
	samples softirq "$pid" HI
	within "softirq: held off" delayed_
	observe ticks INTERRUPT_TIMER_ENTRY,INTERRUPT_TIMER_EXIT,SOFTIRQ_RAISE,SOFTIRQ_ENTRY
	samples timer "$pid" .
	within "timer: held off after the interrupt" ticked_

	observe clears MEM_GETPAGES_ENTRY,MEM_GETPAGES_EXIT,MEM_KMALLOC_ENTRY,MEM_KMALLOC_EXIT
	samples memalloc "$pid" kmalloc && awk '$1 > 0.0001' $T/samples >$T/long && mv $T/long $T/samples
	within "memalloc: kmalloc()" kmallocs_
	samples memalloc "$pid" pages && awk '$1 > 0.0001 && n++ % 2' $T/samples >$T/long && mv $T/long $T/samples
	within "memalloc: alloc_pages()" gets_

	insmod /t/null_blk.ko irqmode=2 completion_nsec=3000000 gb=1
	ok $? "a disk whose requests take 3 ms"
	export LKST_DISK=/dev/nullb0
	observe requests BLOCK_INSERT,BLOCK_ISSUE,BLOCK_COMPLETE
	samples biotime "$pid" nullb0
	within "biotime: requests that take 3 ms" ''
	observe deep BLOCK_INSERT,BLOCK_ISSUE,BLOCK_COMPLETE
	samples bioqueue "$pid" nullb0
	exactly "bioqueue: 5 requests in one go, 23 times" "$(again 23 1,2,3,4,5)"
	rmmod null_blk
fi

observe receives SOCK_SEND_ENTRY,SOCK_SEND_EXIT,SOCK_RECV_ENTRY,SOCK_RECV_EXIT
samples nettime "$pid" receive
within "nettime: recv()" ''
observe sends SOCK_SEND_ENTRY,SOCK_SEND_EXIT,SOCK_RECV_ENTRY,SOCK_RECV_EXIT
samples nettime "$pid" send
within "nettime: send()" ''
observe datagrams NET_SEND,NET_RECEIVE
samples netsize "$pid" lo:send
exactly "netsize: sent" "$(value sent)"
samples netsize "$pid" lo:receive
exactly "netsize: received" "$(value received)"
is "$(awk '{ sum += $1 } END { print sum }' $T/samples)" "$(value bytes)" \
	"netsize: as many bytes as /proc/net/dev counts"

if [ "$FAMILY" = stock ]; then
	observe holds LOCK_WAIT_BEGIN,LOCK_WAIT_END,LOCK_ACQUIRE,LOCK_RELEASE
	samples lockwait "$pid" .
	within "lockwait: a mutex that is held" waited_ -v below=5000
	# The other locks that the thread takes, when it begins and ends, it does not hold for 1 ms.
	samples lockhold "$(value holder)" . && awk '$1 > 0.001' $T/samples >$T/long && mv $T/long $T/samples
	within "lockhold: by the one that holds it" held_

	observe crowd SCHED_RUNQUEUE
	lkstla runqueue -l $T/trace >$T/list
	# Where the parent makes it longer: it is one itself.
	awk -v pid="$pid" -v from="$(value from)" -v to="$(value to)" '
	!/^#/ {
		if ($2 == pid && $3 * 1e9 > from && $3 * 1e9 < to && $4 > last && $4 > 1)
			print $4
		last = $4
	}' $T/list >$T/samples
	exactly "runqueue: 5 children beside their parent, 23 times" "$(again 23 2,3,4,5,6)"

	observe queues PROCESS_ADD_WQ,PROCESS_REM_WQ
	# The numbers of queues are those of their first appearance: the one with the most samples is the module's.
	queue=$(lkstla waitq -l -p "$pid" $T/trace |
		awk '!/^#/ { n[$1]++ } END { for (q in n) if (n[q] > n[most]) most = q; print most }')
	samples waitq "$pid" "object-$queue"
	within "waitq: 5 at a time" queued_
	samples waitqlen "$pid" "object-$queue"
	exactly "waitqlen: 5 that enter one after the other, 23 times" "$(again 23 1,2,3,4,5)"

	observe switches PROCESS_SCHED_ENTER,PROCESS_SCHED_EXIT
	samples schedtime "$pid" . && awk '$1 > 0.0001' $T/samples >$T/long && mv $T/long $T/samples
	within "schedtime: switches with a callback that takes 0.1 ms" switched_
fi

observe lives PROCESS_FORK,PROCESS_EXIT
lkstla lifetime -l $T/trace >$T/list
awk -v pids=",$(value kids)," '!/^#/ && index(pids, "," $1 ",") { print $4 }' $T/list >$T/samples
within "lifetime: children that sleep" ''

observe turns PROCESS_CONTEXTSWITCH,PROCESS_WAKEUP,PROCESS_WAKEUP_NEW
# Of 24 turns the first has no sleep before it.
samples state "$(value kid)" sleeping && sed -i 1d $T/samples
within "state: sleeping" '' -v below=10000
samples state "$(value kid)" running && sed -i '1d;$d' $T/samples
within "state: running" run_
rmmod lkst_test && rmmod lkst
ok $? "modules removed"
done_testing
