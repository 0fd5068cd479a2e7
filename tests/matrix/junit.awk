# SPDX-License-Identifier: GPL-2.0-only
# tests/matrix/junit.awk - ci/matrix's results as JUnit has them: a suite a kernel, a case a step.
#
#	awk -F TAB -f plain.awk -f junit.awk RESULTS		RESULTS: ROW STEP RESULT SECONDS WORDS
{
	if (!($1 in tests)) row[++nr] = $1
	r = $1
	tests[r]++
	seconds[r] += $4
	failures[r] += $3 == "failed" || $3 == "missing"
	skipped[r] += $3 == "skipped"
	body = ""
	if ($3 == "failed" || $3 == "missing") body = "<failure message=\"" plain($5) "\"/>"
	if ($3 == "skipped") body = "<skipped message=\"" plain($5) "\"/>"
	cases[r] = cases[r] sprintf("    <testcase classname=\"%s\" name=\"%s\" time=\"%d\">%s</testcase>\n",
		plain(r), $2, $4, body)
}
END {
	print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>"
	for (i = 1; i <= nr; i++) {
		r = row[i]
		printf "  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" skipped=\"%d\" time=\"%d\">\n",
			plain(r), tests[r], failures[r], skipped[r], seconds[r]
		printf "%s  </testsuite>\n", cases[r]
	}
	print "</testsuites>"
}
