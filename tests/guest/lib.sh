# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
# lib.sh - what the guest scripts share: more of TAP, and waiting. Sourced as /t/lib.sh.

T=/tmp/t
mkdir -p $T
log=$T/log
# shellcheck source=tests/tap.sh
. /t/tap.sh

# What differs between the families of kernels: the event of a system call by the C library, the numbers of some calls, an event
# of nanosleep(2), where a module's parameters are, what brings an event, how many interrupts nest for one on a stock kernel.
KO=ko
case $(uname -r) in
2.4.*)
	FAMILY=2.4 CALL=SYSCALL_ENTRY GETPPID=64 PREAD=180 SLEEP=TIMER_ADD PARAMS=''
	ORIGIN='hook kernel/sched.c:schedule'
	NEST_LESS=50 KO=o ;;	# each hundredth of a second
2.6.*)
	FAMILY=2.6 CALL=SYSCALL_SYSENTER GETPPID=64 PREAD=180 SLEEP=TIMER_ADD PARAMS='' ORIGIN='hook kernel/sched.c:schedule'
	NEST_LESS=10 ;;	# its timers fire each millisecond at best
*)
	FAMILY=stock CALL=SYSCALL_ENTRY GETPPID=110 PREAD=17 SLEEP=HRTIMER_START PARAMS=/parameters
	ORIGIN='tracepoint sched_switch' NEST_LESS=1 ;;
esac
LKST_KO=/t/lkst.$KO
TEST_KO=/t/lkst_test.$KO

# is GOT WANTED NAME
is() {
	if [ "$1" = "$2" ]; then
		ok 0 "$3"
	else
		echo "got '$1', wanted '$2'" >>$T/log
		ok 1 "$3"
	fi
}

# at_least GOT LEAST NAME
at_least() {
	if [ -n "$1" ] && [ "$1" -ge "$2" ]; then
		ok 0 "$3 ($1)"
	else
		echo "got '$1', wanted at least $2" >>$T/log
		ok 1 "$3"
	fi
}

# like NAME PATTERN COMMAND...: succeeds, and says something that matches
like() {
	_name=$1 _pattern=$2
	shift 2
	_rc=0
	"$@" >$T/said 2>&1 || _rc=$?
	{ echo "\$ $* (exit $_rc, wanted 0 and /$_pattern/)"; cat $T/said; } >$T/log
	[ $_rc = 0 ] && grep -Eq -- "$_pattern" $T/said
	ok $? "$_name"
}

# fails STATUS NAME PATTERN COMMAND...: exits with STATUS and says why
fails() {
	_wanted=$1 _name=$2 _pattern=$3
	shift 3
	_rc=0
	"$@" >$T/said 2>&1 || _rc=$?
	{ echo "\$ $* (exit $_rc, wanted $_wanted and /$_pattern/)"; cat $T/said; } >$T/log
	[ $_rc = "$_wanted" ] && grep -Eq -- "$_pattern" $T/said
	ok $? "$_name"
}

# passes NAME COMMAND...
passes() {
	_name=$1
	shift
	"$@" >$T/log 2>&1
	ok $? "$_name"
}

# wait_for SECONDS COMMAND...: until it succeeds, for that long
wait_for() {
	_n=$(($1 * 10))
	shift
	until "$@"; do
		[ $_n -gt 0 ] || return 1
		_n=$((_n - 1))
		usleep 100000
	done
}

# never_throttle: who runs by SCHED_FIFO runs, and nothing takes the CPU from him. To the kernel a stop of the whole
# guest is time that it had; it then waits for what is left of a second. And each 4 s the watchdog for soft lockups has
# migration/N take the CPU for 2 us.
never_throttle() {
	[ ! -e /proc/sys/kernel/sched_rt_runtime_us ] || echo -1 >/proc/sys/kernel/sched_rt_runtime_us
	[ ! -e /proc/sys/kernel/soft_watchdog ] || echo 0 >/proc/sys/kernel/soft_watchdog
}

# result NAME: of the test module
result() {
	sed -n "s/^$1=//p" /proc/lkst_test
}
