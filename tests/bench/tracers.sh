# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
# tests/bench/tracers.sh - in a guest: each tracer switched on and off, for the guest benches. Sourced from /bench; the
# script that does it has complain(). All have buffers of 1 MiB a CPU that overwrite.

T=/sys/kernel/tracing

# How many records LKST has stored so far.
stored() {
	control stored | {
		read -r _n _lost _state
		[ "$_state" = running ] || complain "recording stopped by itself: $_state"
		echo "$_n"
	}
}

# ---- ftrace ----

ftrace_count() {
	awk '/^(entries|overrun):/ { n += $2 } END { print n }' $T/per_cpu/cpu0/stats
}

# ftrace_on RECORD-CMD EVENT...: with 1 or 0 for the option record-cmd; the local clock.
ftrace_on() {
	echo nop >$T/current_tracer
	echo local >$T/trace_clock
	echo 1024 >$T/buffer_size_kb
	echo 1 >$T/options/overwrite
	echo "$1" >$T/options/record-cmd
	shift
	echo >$T/trace
	echo 1 >$T/tracing_on
	for _e; do echo 1 >$T/events/"$_e"/enable || complain "ftrace has no event $_e"; done
}

ftrace_off() {
	echo 0 >$T/events/enable
	echo 0 >$T/tracing_on
	echo 1 >$T/options/record-cmd
}

# ---- LTTng ----

# lttng_start: its daemon. Sets $why when it does not.
lttng_start() {
	mkdir -p /var/run /tmp/traces
	lttng-sessiond --daemonize >/tmp/sessiond.log 2>&1 || { why="lttng-sessiond does not start here"; return 1; }
	command lttng list --kernel >/tmp/lttng.log 2>&1 ||
		{ why="the kernel tracer is not there"; cat /tmp/lttng.log; return 1; }
}

lttng_stop() {
	kill "$(pidof lttng-sessiond)" 2>/dev/null
}

# lttng_on SYSCALLS TRACEPOINTS: yes or no to all system calls; names with commas, or nothing
lttng_on() {
	{
		command lttng create bench --snapshot --output=/tmp/traces &&
		command lttng enable-channel --kernel --subbuf-size=262144 --num-subbuf=4 c &&
		{ [ "$1" = no ] || command lttng enable-event --kernel --channel=c --syscall --all; } &&
		{ [ -z "$2" ] || command lttng enable-event --kernel --channel=c "$2"; } &&
		command lttng start
	} >/tmp/lttng.log 2>&1 ||
		{ complain "starting LTTng: $(tail -n 1 /tmp/lttng.log)"; cat /tmp/lttng.log >&2; return 1; }
}

# lttng_off [DIRECTORY]: and keep what it recorded there
lttng_off() {
	{
		command lttng stop
		[ -z "${1:-}" ] || { command lttng snapshot record && mkdir -p "$1" && cp -r /tmp/traces/* "$1"; }
		command lttng destroy bench
	} >/tmp/lttng.log 2>&1 || complain "stopping LTTng: $(tail -n 1 /tmp/lttng.log)"
	rm -rf /tmp/traces/*
}

# ---- perf ----

# perf_on EVENT...: every event, on all CPUs, until perf_off ends the command that it is given
perf_on() {
	_list=
	for _e; do _list="$_list -e $_e"; done
	rm -f /tmp/perf-on
	# shellcheck disable=SC2086,SC2016
	perf record -q -a --overwrite -m 256 -c 1 $_list -o /tmp/perf.data \
		-- sh -c 'echo $$ >/tmp/perf-on.new; mv /tmp/perf-on.new /tmp/perf-on; exec sleep 1000000' \
		>/tmp/perf.log 2>&1 &
	perf_job=$!
	until [ -e /tmp/perf-on ]; do
		kill -0 "$perf_job" 2>/dev/null || { complain "starting perf: $(tail -n 1 /tmp/perf.log)"; return 1; }
		sleep 1
	done
}

perf_off() {
	kill "$(cat /tmp/perf-on)"
	wait "$perf_job"
	# With a megabyte full it has recorded: its header and its names are far less.
	[ "$(wc -c </tmp/perf.data)" -gt 500000 ] || complain "perf recorded little: $(tail -n 1 /tmp/perf.log)"
	rm -f /tmp/perf.data
}

# ---- SystemTap ----

# systemtap_on MODULE: loaded, and nobody attached to it
systemtap_on() {
	mkdir -p /var/run
	staprun -L -b 1 "$1" >/tmp/staprun.log 2>&1 ||
		{ complain "starting SystemTap: $(tail -n 1 /tmp/staprun.log)"; return 1; }
}

# systemtap_off NAME
systemtap_off() {
	# Not to its end: reading makes switches, which it records.
	[ "$(head -c 200001 "/proc/systemtap/$1/trace0" | wc -c)" -gt 200000 ] || complain "SystemTap recorded little"
	staprun -d "$1" >/tmp/staprun.log 2>&1 || complain "stopping SystemTap: $(tail -n 1 /tmp/staprun.log)"
	echo 1 >/proc/sys/debug/kprobes-optimization	# which it has switched off
}
