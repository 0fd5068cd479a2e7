#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# matrix.t - ci/matrix with a kernel that is good and such as are not: every one is a row, on every page, and the
# status says it.
set -u
B=${B:-build}
. tests/host.sh
log=$T/said
good=${KERNEL:-6.1}

# matrix STATUS ARGUMENT...
matrix() {
	_want=$1 _rc=0
	shift
	B=$B ci/matrix --out "$T/out" --steps applied,built,booted "$@" >"$T/said" 2>&1 || _rc=$?
	[ $_rc = "$_want" ]
}

# A tree of the right version that the series cannot go onto.
mkdir -p "$T/linux-2.6.9-empty"
printf 'VERSION = 2\nPATCHLEVEL = 6\nSUBLEVEL = 9\nEXTRAVERSION =\n' >"$T/linux-2.6.9-empty/Makefile"
matrix 1 --jobs 2 "$good" 99.9 "$T/linux-2.6.9-empty"
ok $? "a broken row: status 1"
grep -qE "^$good +skipped +${good}[.0-9a-z-]+ +[1-9][0-9]+ kinds of events" "$T/out/summary.txt"
ok $? "the good row: built, booted, events seen"
grep -qE '^99\.9 +FAILED +- +-' "$T/out/summary.txt" && grep -q '^99.9: applied: no kernel' "$T/out/summary.txt"
ok $? "an unknown kernel is a row with the reason"
grep -qE '^2\.6\.9-empty +FAILED' "$T/out/summary.txt" && grep -q '^2.6.9-empty: applied: the series does not apply' \
	"$T/out/summary.txt"
ok $? "and so is a tree that the series does not go onto"
[ "$(grep -c '^ok' "$T/out/matrix.tap")" = 7 ] && [ "$(grep -c '^not ok' "$T/out/matrix.tap")" = 2 ] &&
	[ "$(grep -c '^ok.* # SKIP not tried: ' "$T/out/matrix.tap")" = 4 ] && grep -q '^1\.\.9$' "$T/out/matrix.tap"
ok $? "TAP: a line a step; what rests on a step that failed is skipped"
[ "$(grep -c '<testcase ' "$T/out/matrix.xml")" = 9 ] && [ "$(grep -c '<failure ' "$T/out/matrix.xml")" = 2 ] &&
	[ "$(grep -c '<skipped ' "$T/out/matrix.xml")" = 5 ] &&
	[ "$(grep -c '<testsuite ' "$T/out/matrix.xml")" = 3 ] &&
	grep -q '^<testsuites .* tests="9" failures="2" errors="0" ' "$T/out/matrix.xml"
ok $? "JUnit: a suite a kernel, a case a step, the same counts"
sed -n '/name="2.6.9-empty"/,/<\/testsuite>/p' "$T/out/matrix.xml" | grep -q '^lkst-series: '
ok $? "... and a failure brings the end of its log"
for w in applied built booted; do grep -q "<dt>$w</dt>" "$T/out/summary.html" || echo $w; done >"$T/log"
[ ! -s "$T/log" ]
ok $? "the page says what the steps are"
grep -o '<a href="[^"]*"' "$T/out/summary.html" | sed 's/.*="//; s/"//' | sort -u >"$T/links"
while read -r _log; do
	[ -f "$T/out/$_log" ] || echo "$_log"
done <"$T/links" >"$T/none"
[ ! -s "$T/none" ] && [ "$(wc -l <"$T/links")" = 8 ]
ok $? "the page leads to every log, and to the other pages"
cp "$T/out/$good/booted.result" "$T/before"
matrix 0 "$good" && cmp -s "$T/before" "$T/out/$good/booted.result" && ! grep -q "^ci/matrix: $good: " "$T/said"
ok $? "once more without the broken ones: status 0, nothing done again"
rm "$T/out/$good/built.result"
matrix 0 "$good" && grep -q "$good: built" "$T/said" && ! grep -q "$good: booted" "$T/said"
ok $? "what was interrupted goes on where it was"

# Told to end while the guest runs. To see it red: take setsid out of ci/matrix, or end_rows.
ours() {
	grep -lF "$T/matrix." /proc/[0-9]*/cmdline 2>/dev/null
}
rm "$T/out/$good/booted.result"
TMPDIR=$T B=$B ci/matrix --out "$T/out" --steps applied,built,booted "$good" "$T/linux-2.6.9-empty" >"$T/said" 2>&1 &
matrix=$!
until ours | xargs -r grep -l '^qemu' >"$T/guest" 2>/dev/null && [ -s "$T/guest" ] || ! kill -0 $matrix 2>/dev/null; do
	sleep 0.2
done
kill $matrix
_rc=0
wait $matrix || _rc=$?
ours >"$T/log"
[ -s "$T/guest" ] && [ $_rc = 143 ] && [ ! -s "$T/log" ] && ! ls -d "$T"/matrix.* >"$T/log" 2>/dev/null
ok $? "told to end, it ends its guest at once (status $_rc), and leaves nothing"
grep -q "^$good: interrupted before the end of: booted$" "$T/out/summary.txt" &&
	grep -q "^not ok .* $good: booted: interrupted$" "$T/out/matrix.tap"
ok $? "... and the pages say what was interrupted"
matrix 0 "$good" && grep -q "$good: booted" "$T/said" && ! grep -q "$good: built" "$T/said"
ok $? "... and the next run goes on there"

# Six trees whose series is asked for at the same time: each waits until there are three, and a moment for a fourth.
mkdir -p "$T/bin" "$T/here"
cat >"$T/bin/quilt" <<END
#!/bin/sh
here() { set -- "$T"/here/*; echo \$#; }
: >"$T/here/\$\$"
n=0
until [ "\$(here)" -ge 3 ] || [ -e "$T/three" ] || [ \$n -gt 600 ]; do n=\$((n + 1)); sleep 0.1; done
here >>"$T/at-once"
[ "\$(here)" -lt 3 ] || : >"$T/three"
sleep 0.5
here >>"$T/at-once"
rm "$T/here/\$\$"
exit 1
END
chmod 755 "$T/bin/quilt"
set --
for n in 1 2 3 4 5 6; do
	cp -R "$T/linux-2.6.9-empty" "$T/linux-2.6.9-$n"
	set -- "$@" "$T/linux-2.6.9-$n"
done
PATH=$T/bin:$PATH B=$B ci/matrix --out "$T/many" --steps applied --jobs 3 "$@" >"$log" 2>&1
[ "$(sort -n "$T/at-once" | tail -n 1)" = 3 ] && [ "$(wc -l <"$T/at-once")" -ge 12 ]
ok $? "--jobs 3: three rows at the same time, never four ($(sort -n "$T/at-once" | tail -n 1))"

echo no >"$T/linux-2.6.9-torn.tar.gz"
matrix 1 "$T/linux-2.6.9-torn.tar.gz" && grep -qE '^2\.6\.9-torn +FAILED +- +-' "$T/out/summary.txt"
ok $? "a tarball that is none is a row"
matrix 2 "$good" --steps built,nothing && grep -q 'there is no step nothing' "$T/said"
ok $? "an unknown step is bad usage"
matrix 2 "$good" --series "$T" && grep -q "says '# base VERSION', not $T" "$T/said"
ok $? "and so is a series that does not say what it is for"
done_testing
