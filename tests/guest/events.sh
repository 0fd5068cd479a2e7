#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# events.sh - guest: every event of the catalogue is seen with the right arguments, as events.list says. Needs a disk and 2 CPUs.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
insmod $LKST_KO breaker=0 && insmod $TEST_KO || exit 1
disk=${LKST_DISK#/dev/}
echo mq-deadline >"/sys/block/$disk/queue/scheduler"
grep -v '^#' /t/events.list | grep . | tr -s '\t' ' ' >$T/list

# judge LOAD: check the lines of one load against $T/values and $T/seen
judge() {
	awk -v load="$1" '
	function value(text,  n) {
		if (substr(text, 1, 1) != "$") return text
		n = substr(text, 2)
		if (!(n in val)) { bad[nr] = bad[nr] " the load did not print " n; return "" }
		return val[n]
	}
	function holds(c,  i, key, v) {
		if ((i = index(cond[c], "@")) > 0)
			return (("l" c) SUBSEP arg[substr(cond[c], 1, i - 1)]) in set
		if ((i = index(cond[c], "!=")) > 0)
			return arg[substr(cond[c], 1, i - 1)] != want[c]
		i = index(cond[c], "=")
		return arg[substr(cond[c], 1, i - 1)] == want[c]
	}
	FILENAME ~ /values$/ { i = index($0, "="); val[substr($0, 1, i - 1)] = substr($0, i + 1); next }
	FILENAME ~ /list$/ {
		if ($2 != load) next
		nr++; event[nr] = $1; how[nr] = $3; text[nr] = $0; first[nr] = nc + 1
		for (f = 4; f <= NF; f++) {
			cond[++nc] = $f
			i = match($f, /[@=]/)
			v = value(substr($f, i + 1))
			want[nc] = v
			if (substr($f, i, 1) == "@") {
				m = split(v, parts, ",")
				for (j = 1; j <= m; j++) set["l" nc, parts[j]] = 1
			}
		}
		last[nr] = nc; of[$1] = of[$1] " " nr
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
			i = index(how[k], "=")
			number = value(substr(how[k], i + 1))
			if (i == 1) good = hits[k] == number; else good = hits[k] >= number + 0 && hits[k] > 0
			good = good && bad[k] == "" && number != ""
			print (good ? "ok" : "not ok") " - " text[k] ": " hits[k] + 0
			if (!good) printf "# wanted %s, of %d in all%s\n%s", how[k], total[event[k]], bad[k], other[k]
		}
	}' $T/values $T/list $T/seen
}

cut -d' ' -f2 $T/list | grep -v @ | sort -u >$T/loads
while read -r load; do
	events=$(awk -v load="$load" '$2 == load { print $1 }' $T/list | sort -u | tr '\n' ',')
	: >$T/values
	: >$T/seen
	if ! /t/peek -o $T/seen "$events" -- /t/load "$load" >$T/values 2>$T/log; then
		ok 1 "load $load"
	fi
	judge "$load" >$T/judged
	while read -r line; do
		case $line in
		"ok - "* | "not ok - "*)
			tests=$((tests + 1))
			echo "${line%%-*}$tests - ${line#*- }" ;;
		*) echo "$line" ;;
		esac
	done <$T/judged
done <$T/loads

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
