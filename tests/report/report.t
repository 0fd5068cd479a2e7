#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# report.t - the page of 'lkst report' has the numbers that the trace has by construction (mkreport.c), and works in a
# browser: Debian's Chromium, headless, wide and as narrow as a telephone.

set -u
b=${B:-build}
here=$(cd "$(dirname "$0")" && pwd)
lkst=$(cd "$b/x86_64" && pwd)/lkst || exit 1
. tests/host.sh

# number NAME WANTED JQ: what the page's data say
number() {
	got=$(jq -c "$3" "$T/data.json")
	[ "$got" = "$2" ]
	ok $? "$1" "is $got, wanted $2"
}

# browser OPTION...: headless, with nothing of the network to be had, its words in $T/log
browser() {
	timeout 120 chromium --headless --no-sandbox --disable-gpu --no-first-run --user-data-dir="$T/profile" \
		--virtual-time-budget=20000 --host-resolver-rules='MAP * ~NOTFOUND' --enable-logging=stderr "$@" 2>"$T/log"
}

"$b/report/mkreport" "$T/t.lkst" || exit 1
(cd "$T" && "$lkst" report -o r.html t.lkst) >"$T/out" 2>&1
ok $? 'a report is made' "$(cat "$T/out")"
sed -n 's,.*<script type="application/json" id="data">\(.*\)</script>$,\1,p' "$T/r.html" >"$T/data.json"

number 'write: 1000 times 100 us' '[1000,100000000,100000,100000]' \
	'.measures[] | select(.name == "syscall") | .rows[0] | [.count, .total, .min, .max]'
number 'the tasks ran 1000 ms, 600 ms, 300 ms' '[[13,1000000000],[11,600000000],[12,300000000]]' \
	'[.timeline.tasks[] | [.pid, .ran]]'
number 'the task that had a CPU for itself stands out' '"lkstla state --by=pid,key -p 13 t.lkst"' '.out[0].command'
number 'two CPUs' 2 '.trace.cpus'
number 'no losses' '[]' '.flaws'
number 'measures without their events say so' \
	'"Not measured: the trace has no LOCK_WAIT_BEGIN and no LOCK_WAIT_END."' \
	'.measures[] | select(.name == "lockwait") | .missing'
# Timers that are late by 900 ms all in all are nobody's time, and an interrupt of 2 ms is next to none of it.
number 'what stands out is in the order of its part of the time: tasks, the disk, the write' \
	'["CPU: quiet (13)","CPU: </script><b>x (11)","biotime: sda took 0.300 s","syscall: write took 0.100 s"]' \
	'[.out[].text | split(" ran")[0] | split(" in ")[0]]'
grep -q '<td title="write">write</td><td>1000</td><td>100 ms</td>' "$T/r.html" && ! grep -q '<b>x' "$T/r.html" &&
	grep -q '&lt;/script&gt;&lt;b&gt;x' "$T/r.html"
ok $? 'tables stand in the page itself, names are text there' "$(grep -n '<b>x' "$T/r.html" | head -c 300)"
number 'all eighteen are there' 18 '[.measures[].number | select(. > 0)] | length'
[ "$(wc -c <"$T/r.html")" -lt 2000000 ]
ok $? 'a small trace makes a small page' "$(wc -c <"$T/r.html") bytes"

chmod 640 "$T/t.lkst"
chgrp 1 "$T/t.lkst" && (cd "$T" && umask 022 && "$lkst" report -q -o other.html t.lkst)
[ "$(stat -c %a "$T/other.html")" = 600 ]
ok $? "of a trace that another group may read" "$(stat -c '%n %a' "$T/other.html")"
chgrp "$(id -g)" "$T/t.lkst"
for mode in 600 640 644; do
	chmod $mode "$T/t.lkst"
	(cd "$T" && umask 022 && "$lkst" report -q -o "m$mode.html" t.lkst)
	[ "$(stat -c %a "$T/m$mode.html")" = $mode ]
	ok $? "of a trace of mode $mode" "$(stat -c '%n %a' "$T/m$mode.html")"
done
chmod 600 "$T/t.lkst"
(cd "$T" && "$lkst" report -q -f -o m644.html t.lkst)
[ "$(stat -c %a "$T/m644.html")" = 600 ]
ok $? 'a page written over shows no more than its new trace' "$(stat -c %a "$T/m644.html")"

(cd "$T" && "$lkst" report -o r.html t.lkst) >"$T/out" 2>&1
[ $? = 1 ] && grep -q 'it is there already' "$T/out"
ok $? 'a page that is there stays' "$(cat "$T/out")"
(cd "$T" && PATH=/nonexistent "$lkst" report -f -o n.html t.lkst) >"$T/out" 2>&1
[ $? = 4 ] && [ "$(grep -c gnuplot "$T/out")" = 1 ] && grep -q '"schema":"lkst-report-1"' "$T/n.html"
ok $? 'without gnuplot: the page without graphs, one line, status 4' "$(cat "$T/out")"
sed -n '/^\.Sh EXIT STATUS/,/^\.Sh EXAMPLES/p' doc/man/lkst.1 | grep -q gnuplot
ok $? '... as the manual page says'
(cd "$T" && "$lkst" report -o /dev/full -f t.lkst) >"$T/out" 2>&1
[ $? = 1 ] && [ "$(wc -l <"$T/out")" = 1 ] && [ -c /dev/full ]
ok $? 'a place that cannot be written ends with one line' "$(cat "$T/out")"

(cd "$T" && "$lkst" report -q -o "x'; system('touch PWNED'); set output 'y" t.lkst) >"$T/out" 2>&1
rc=$?
[ $rc = 0 ] && [ ! -e "$T/PWNED" ] && grep -q '<img class="graph"' "$T/x'; system('touch PWNED'); set output 'y"
ok $? 'a name with quotes is a name, for gnuplot too' "$(cat "$T/out")"
# Commands are there to be copied: each is run as it stands, on a trace whose name is one, too.
trace="a b'; touch PWNED; '.lkst"
cp "$T/t.lkst" "$T/$trace"
(cd "$T" && "$lkst" report -q -o c.html "$trace") >"$T/out" 2>&1
sed -n 's,.*<script type="application/json" id="data">\(.*\)</script>$,\1,p' "$T/c.html" |
	jq -r '.out[].command' >"$T/commands"
rc=0
while read -r command; do
	(cd "$T" && PATH=$(dirname "$lkst"):$PATH sh -c "$command") >"$T/table" 2>>"$T/out" || rc=1
	grep -q '^[^#]' "$T/table" || rc=1
done <"$T/commands"
[ $rc = 0 ] && [ ! -e "$T/PWNED" ] && grep -q ' biotime -k sda ' "$T/commands" &&
	grep -q ' syscall -k write ' "$T/commands"
ok $? 'what stands out: each command is one for a shell' "$(cat "$T/out" "$T/commands")"
grep -q '<dt>Losses</dt><dd>none</dd>' "$T/r.html"
ok $? 'that nothing was lost is said'
head -c "$(($(wc -c <"$T/t.lkst") - 8))" "$T/t.lkst" >"$T/torn.lkst"
(cd "$T" && "$lkst" report -q -o torn.html torn.lkst) >"$T/out" 2>&1
[ $? = 3 ] && grep -q '<dt>Losses</dt><dd>records or files' "$T/torn.html" &&
	grep -q '"flaw">1 files were not' "$T/torn.html"
ok $? '... and what was' "$(cat "$T/out")"

(cd "$T" && "$lkst" report -o - t.lkst) >"$T/stdout" 2>"$T/out" && [ ! -s "$T/out" ] && grep -q '<img class="graph"' "$T/stdout" && [ ! -e "$T/-" ]
ok $? '-o - is standard output' "$(cat "$T/out")"
mkdir "$T/tmp"
"$b/report/mkreport" "$T/long.lkst" 200000
(cd "$T" && TMPDIR=$T/tmp exec "$lkst" report -q -o l.html long.lkst) &
pid=$!
while [ -z "$(ls "$T/tmp")" ]; do sleep 0.05; done
kill -TERM $pid
wait $pid
[ -z "$(ls "$T/tmp")" ] && [ -z "$(find "$T" -name 'l.html*')" ]
ok $? 'a signal leaves no file behind' "$(ls "$T" "$T/tmp")"

awk -v script="$here/page.js" '
	/^<\/body>$/ {
		print "<script>"
		while ((getline line < script) > 0)
			print line
		print "</script>"
	}
	{ print }' "$T/r.html" >"$T/test.html"
for size in 1280,900 390,800; do
	browser --window-size=$size --dump-dom "file://$T/test.html" >"$T/dom"
	sed -n '/<pre id="tap">/,/<\/pre>/p' "$T/dom" | sed 's/<pre id="tap">//; s/<\/pre>.*//' >"$T/tap"
	# Without that element the first match is a line of page.js itself.
	[ "$(grep -c '^\(not \)*ok [0-9]' "$T/tap")" -ge 15 ]
	ok $? "$size: the page was used" "$(cat "$T/log")"
	while read -r line; do
		case $line in
		'ok '*) ok 0 "$size: ${line#* - }" ;;
		'not ok '*) ok 1 "$size: ${line#* - }" ;;
		esac
	done <"$T/tap"
	! grep -E 'CONSOLE.*(rror|refused|Refused)' "$T/log" >"$T/errors"
	ok $? "$size: no error on the console" "$(cat "$T/errors")"
done
# In a frame where no script runs; who looks into it is outside.
{
	cat <<-'END'
	<!DOCTYPE html><meta charset="utf-8">
	<style>body { margin: 0 } iframe { border: 0; width: 100%; height: 100vh }</style>
	<iframe sandbox="allow-same-origin"></iframe><script>
	const frame = document.querySelector("iframe");
	frame.onload = () => {
		const page = frame.contentDocument, root = page.documentElement;
		const shown = s => [...page.querySelectorAll(s)].filter(e => e.getClientRects().length).length;
		const pre = document.createElement("pre");
		pre.id = "tap";
		pre.textContent = "tables " + shown("#measures table") + " rows " + (shown("tbody tr") > 6) +
			" graphs " + (shown("img.graph") > 3) + " dead " + (shown("button") + shown("canvas")) +
			" said " + shown("noscript p") + " wide " + (root.scrollWidth > root.clientWidth);
		document.body.append(pre);
	};
	frame.srcdoc = new TextDecoder().decode(Uint8Array.from(atob(`
	END
	base64 "$T/r.html"
	echo '`.replace(/\s/g, "")), c => c.charCodeAt(0)));</script>'
} >"$T/off.html"
tables=$(jq '[.measures[] | select(.samples > 0)] | length' "$T/data.json")
for size in 1280,900 390,800; do
	browser --window-size=$size --dump-dom "file://$T/off.html" >"$T/dom"
	grep -q "<pre id=\"tap\">tables $tables rows true graphs true dead 0 said 1 wide false</pre>" "$T/dom"
	ok $? "$size: without JavaScript there are tables and graphs, and it is said what is not" \
		"$tables tables, $(grep -o '<pre id="tap">[^<]*' "$T/dom")"
done

# Every request of the page is in the log of the network service.
browser --log-net-log="$T/net.json" --dump-dom "file://$T/r.html" >"$T/dom"
[ -s "$T/net.json" ] && ! grep -oE '"url":"(https?|wss?|ftp):[^"]*"' "$T/net.json" |
	grep -v 'google\(apis\)\?\.com\|gvt1\.com' >"$T/requests"
ok $? 'no request leaves the page' "$(head -n 5 "$T/requests")"
done_testing
