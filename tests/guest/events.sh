#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# events.sh - guest: every event of the catalogue is seen with the right arguments, as events.list says. Needs a
# disk, 3 CPUs, and no_hash_pointers: ftrace is asked for addresses.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
insmod $LKST_KO breaker=0 && insmod $TEST_KO || exit 1
disk=${LKST_DISK#/dev/}
! grep -qs mq-deadline "/sys/block/$disk/queue/scheduler" || echo mq-deadline >"/sys/block/$disk/queue/scheduler"
tr -s '\t' ' ' </t/events.list | sed '/^#/d; /^ *$/d' >$T/list

# ---- ftrace, which looks at the same points in the same run ----

tracing=/sys/kernel/tracing
[ -e $tracing/kprobe_events ] || tracing=	# too old for it
# What it has no event of its own for.
# shellcheck disable=SC2016 # $retval is for the kernel
[ -z "$tracing" ] || {
	echo 'r64:lkst/fault handle_mm_fault ret=$retval:u32'
	echo 'p:lkst/pages __free_pages page=%di order=%si'
	echo 'p:lkst/running call_trace_sched_update_nr_running change=%si:s32'
} >$tracing/kprobe_events
[ -z "$tracing" ] || {
	mkdir $tracing/instances/lkst
	tracing=$tracing/instances/lkst
	echo 4096 >$tracing/buffer_size_kb
}

# The trace events that the lines of one load name: "~N:EVENT:..." and "@~EVENT.FIELD".
trace_events() {
	awk -v load="$1" '$2 == load {
		for (f = 3; f <= NF; f++)
			if (split($f, part, /[~:.]/) > 2 && (f == 3 ? $f ~ /^~/ : $f ~ /@~/))
				print part[f == 3 ? 3 : 2]
	}' $T/list | sort -u
}

# Its lines as EVENT;by=PID;cpu=N;FIELD=VALUE;...;
trace_lines() {
	sed -n 's/^.*-\([0-9][0-9]*\)  *\[0*\([0-9][0-9]*\)\] [^:]*: \([a-z_0-9]*\): \(.*\)$/\3 by=\1 cpu=\2 \4 /p' $tracing/trace |
		tr -s ' ' ';'
}

# ---- symbols that the list names as $sym_NAME ----
symbols=/proc/kallsyms
[ -e $symbols ] || symbols=/t/System.map	# 2.4 shows its modules the exported ones only
# shellcheck disable=SC2016
grep -o '\$sym_[A-Za-z0-9_]*' $T/list | sort -u | while read -r name; do
	awk -v n="${name#\$sym_}" '$3 == n { print "sym_" n "=0x" $1; exit }' $symbols
done >$T/symbols
# The number of SKB_DROP_REASON_NO_SOCKET is not the same in all kernels; ftrace has their names.
[ -z "$tracing" ] ||
	sed -n 's/.*{ \([0-9]*\), "NO_SOCKET".*/sym_no_socket=\1/p' $tracing/events/skb/kfree_skb/format >>$T/symbols

# judge LOAD: check the lines of one load against $T/values, $T/traced and $T/seen
judge() {
	awk -v load="$1" '
	function value(text,  n) {
		if (substr(text, 1, 1) != "$") return text
		n = substr(text, 2)
		if (!(n in val)) { bad[nr] = bad[nr] " the load did not print " n; return "" }
		return val[n]
	}
	# $NAME within an expression: a list is any of its members, an address as ftrace prints it
	function expand(text,  n, v, out) {
		out = ""
		while (match(text, /\$[a-z_0-9]+/)) {
			v = value(substr(text, RSTART, RLENGTH))
			gsub(/,/, "|", v)
			gsub(/0x/, "", v)
			out = out substr(text, 1, RSTART - 1) "(" v ")"
			text = substr(text, RSTART + RLENGTH)
		}
		return out text
	}
	function plain(v) { sub(/^0x0*/, "", v); return v == "" ? "0" : v }
	# Addresses are compared as text: they have more digits than numbers here.
	function least(a, b) { return a ~ /^0x/ ? length(a) == length(b) && a "" >= b "" : a + 0 >= b + 0 }
	function holds(c, k,  v) {
		v = arg[name[c]]
		if (op[c] == "@") return (("l" c) SUBSEP v) in set
		if (op[c] == "@~") return (trace[c] SUBSEP plain(v)) in field
		if (op[c] == "!=") return v != want[c]
		if (op[c] == ">=") return least(v, want[c])
		if (op[c] == "<=") return least(want[c], v)
		if (op[c] == "%") {
			if (!(c in same)) same[c] = v
			return v == same[c] && v !~ /^(0x)?0$/
		}
		return v == want[c]
	}
	FILENAME ~ /(values|symbols)$/ { i = index($0, "="); val[substr($0, 1, i - 1)] = substr($0, i + 1); next }
	FILENAME ~ /list$/ {
		if ($2 != load) next
		nr++; event[nr] = $1; how[nr] = $3; text[nr] = $0; first[nr] = nc + 1
		if ($3 ~ /^~/) {
			i = index($3, ":"); j = index(substr($3, i + 1), ":") + i
			least_of[nr] = value(substr($3, 2, i - 2))
			line_of[nr] = "^" substr($3, i + 1, j - i - 1) expand(substr($3, j + 1))
		}
		for (f = 4; f <= NF; f++) {
			match($f, /(@~|@|!=|>=|<=|=|%)/)
			name[++nc] = substr($f, 1, RSTART - 1)
			op[nc] = substr($f, RSTART, RLENGTH)
			v = substr($f, RSTART + RLENGTH)
			if (op[nc] == "@~") { trace[nc] = v; fields[v] = 1; continue }
			want[nc] = v = value(v)
			if (op[nc] == "@") {
				m = split(v, parts, ",")
				for (j = 1; j <= m; j++) set["l" nc, parts[j]] = 1
			}
		}
		last[nr] = nc; of[$1] = of[$1] " " nr
		next
	}
	FILENAME ~ /traced$/ {
		for (k = 1; k <= nr; k++) if (k in line_of && $0 ~ line_of[k]) traced[k]++
		for (v in fields) {
			split(v, parts, ".")
			if (index($0, parts[1] ";") == 1 && match($0, ";" parts[2] "=[^;]*"))
				field[v, plain("0x" substr($0, RSTART + length(parts[2]) + 2, RLENGTH - length(parts[2]) - 2))] = 1
		}
		next
	}
	{
		total[$1]++
		if (!($1 in of)) next
		split("", arg)
		for (f = 2; f <= NF; f++) { i = index($f, "="); arg[substr($f, 1, i - 1)] = substr($f, i + 1) }
		m = split(of[$1], mine, " ")
		for (j = 1; j <= m; j++) {
			k = mine[j]; good = 1
			for (c = first[k]; good && c <= last[k]; c++) good = holds(c)
			hits[k] += good
			if (!good && shown[k]++ < 3) other[k] = other[k] "# other: " $0 "\n"
		}
	}
	END {
		for (k = 1; k <= nr; k++) {
			if (k in line_of) {
				good = hits[k] + 0 == traced[k] + 0 && hits[k] + 0 >= least_of[k] + 0 && least_of[k] + 0 > 0
				more = ", by ftrace " traced[k] + 0
			} else {
				few = how[k] ~ /^>/
				number = value(substr(how[k], 2 + few))
				good = number != "" && (hits[k] + 0 == number + 0 || few && hits[k] + 0 > number + 0)
				more = ""
			}
			good = good && bad[k] == ""
			print (good ? "ok" : "not ok") " - " text[k] ": " hits[k] + 0 more
			if (!good) printf "# wanted %s, of %d in all%s\n%s", how[k], total[event[k]], bad[k], other[k]
		}
	}' $T/values $T/symbols $T/list $T/traced $T/seen
}

# observe LOAD [=HANDLER]: run it between both recorders
observe() {
	: >$T/values
	: >$T/seen
	: >$T/traced
	[ -z "$tracing" ] || echo >$tracing/trace
	trace_events "$1" >$T/trace_events
	while read -r event; do
		echo 1 >"$(echo $tracing/events/*/"$event"/enable)" || return 1
	done <$T/trace_events
	_rc=0
	awk -v load="$1" -v how="${2:-}" '$2 == load { print $1 how }' $T/list | sort -u >$T/wanted
	/t/peek -o $T/seen "$(tr '\n' ',' <$T/wanted)" -- /t/load "$1" >$T/values || _rc=$?
	[ -z "$tracing" ] || echo 0 >$tracing/events/enable
	[ -z "$tracing" ] || trace_lines >$T/traced
	return $_rc
}

# judged LOAD [NOTE]: its lines as tests
judged() {
	judge "$1" >$T/judged
	while read -r line; do
		case $line in
		"ok - "* | "not ok - "*)
			tests=$((tests + 1))
			echo "${line%%-*}$tests - ${2:-}${line#*- }" ;;
		*) echo "$line" ;;
		esac
	done <$T/judged
}

cut -d' ' -f2 $T/list | grep -v @ | sort -u >$T/loads
while read -r load; do
	observe "$load" 2>$T/log || ok 1 "load $load"
	judged "$load"
done <$T/loads

# What is stored inline goes another way when a handler has it; 'switch' stores it, and has no other buffer here.
for load in getppid handover fault; do
	observe $load =switch 2>$T/log || ok 1 "load $load by a handler"
	judged $load "by a handler: "
done

# Nothing of the catalogue is left out: what the module knows is in the list, or in not-seen with a reason.
awk '!/^#/ { print $2, $5 }' /proc/lkst_etypes >$T/etypes
while read -r event state; do
	if grep -q "^$event " $T/list; then
		[ "$state" != missing ]
		ok $? "$event has a test, and a source in this kernel"
	else
		grep -Eq "^${event}[[:space:]]+[^[:space:]]" /t/not-seen
		ok $? "$event is not seen here, for a written reason"
	fi
done <$T/etypes
cut -d' ' -f1 $T/list | sort -u | while read -r event; do
	grep -q "^$event " $T/etypes || echo "$event"
done >$T/log
[ ! -s $T/log ]
ok $? "events.list names no event that is not in the catalogue"
rmmod lkst_test && rmmod lkst
ok $? "modules removed"
done_testing
