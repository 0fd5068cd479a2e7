# SPDX-License-Identifier: GPL-2.0-only
# tests/matrix/text.awk - ci/matrix's results as text: a row a kernel, then what failed.
#
#	awk -F TAB -v steps=LIST -f text.awk RESULTS		RESULTS: ROW STEP RESULT SECONDS WORDS
{
	if (!($1 in seen)) { seen[$1] = 1; row[++nr] = $1 }
	cell[$1, $2] = $3 == "missing" ? "-" : $3 == "failed" ? "FAILED" : $3 == "passed" && $5 != "" ? $5 : $3
	if ($3 == "failed") bad[++nb] = $1 ": " $2 ": " $5 " (" $1 "/" $2 ".log)"
	if ($3 == "skipped") left[++ns] = $1 ": " $2 ": skipped: " $5
	count[$3]++
}
END {
	n = split(steps, step, " ")
	printf "%-16s", "kernel"
	for (j = 1; j <= n; j++) printf "  %-18s", step[j]
	print ""
	for (i = 1; i <= nr; i++) {
		printf "%-16s", row[i]
		for (j = 1; j <= n; j++) printf "  %-18s", cell[row[i], step[j]]
		print ""
	}
	print ""
	for (i = 1; i <= nb; i++) print bad[i]
	for (i = 1; i <= ns; i++) print left[i]
	printf "%d kernels: %d steps passed, %d failed, %d not tried, %d skipped\n",
		nr, count["passed"], count["failed"], count["missing"], count["skipped"]
}
