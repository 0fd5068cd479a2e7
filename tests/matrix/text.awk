# SPDX-License-Identifier: GPL-2.0-only
# tests/matrix/text.awk - ci/matrix's results as text: a row a kernel, then what is to be said of single steps.
#
#	awk -F TAB -v steps=LIST -f text.awk RESULTS		RESULTS: ROW STEP RESULT SECONDS WORDS
# In the table are the words before a semicolon.
{
	if (!($1 in seen)) { seen[$1] = 1; row[++nr] = $1; widen("kernel", $1) }
	short = more = $5
	sub(/;.*/, "", short)
	if (!sub(/^[^;]*; */, "", more)) more = ""
	c = $3 == "untried" || $3 == "missing" ? "-" : $3 == "failed" ? "FAILED" : $3
	if ($3 == "passed" && short != "") c = short
	cell[$1, $2] = c
	widen($2, c)
	if ($3 == "failed") bad[++nb] = $1 ": " $2 ": " $5 " (" $1 "/" $2 ".log)"
	if ($3 == "missing") cut[$1] = cut[$1] " " $2
	if ($3 == "passed" && more != "") tell($2 ": " more, $1)
	if ($3 == "skipped") tell($2 ": skipped: " $5, $1)
	count[$3]++
	seconds += $4
}
function widen(column, text) {
	if (length(text) > width[column]) width[column] = length(text)
}
# What is the same of several kernels is said once.
function tell(what, kernel) {
	if (!(what in who)) note[++nn] = what
	who[what] = who[what] (who[what] == "" ? "" : ", ") kernel
}
END {
	n = split(steps, step, " ")
	widen("kernel", "kernel")
	printf "%-" width["kernel"] "s", "kernel"
	for (j = 1; j <= n; j++) { widen(step[j], step[j]); printf "  %-" width[step[j]] "s", step[j] }
	print ""
	for (i = 1; i <= nr; i++) {
		printf "%-" width["kernel"] "s", row[i]
		for (j = 1; j <= n; j++) printf "  %-" width[step[j]] "s", cell[row[i], step[j]]
		print ""
	}
	print ""
	for (i = 1; i <= nb; i++) print bad[i]
	for (i = 1; i <= nr; i++) if (row[i] in cut) print row[i] ": interrupted before the end of:" cut[row[i]]
	for (i = 1; i <= nn; i++) print who[note[i]] ": " note[i]
	printf "%d kernels: %d steps passed, %d failed, %d not tried, %d skipped%s; %d minutes of steps\n", nr,
		count["passed"], count["failed"], count["untried"], count["skipped"],
		count["missing"] ? ", " count["missing"] " interrupted" : "", (seconds + 30) / 60
}
