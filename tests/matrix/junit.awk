# SPDX-License-Identifier: GPL-2.0-only
# tests/matrix/junit.awk - ci/matrix's results as JUnit has them: a suite a kernel, a case a step. A step that failed
# brings the end of its log; one that was not tried is skipped, for what it rests on has failed already.
#
#	awk -F TAB -v out=DIR -v when=TIME -f plain.awk -f junit.awk RESULTS
# RESULTS: ROW STEP RESULT SECONDS WORDS; DIR has ROW/STEP.log; TIME as ISO 8601 has it
function log_end(file,   line, n, i, text) {
	while ((getline line <file) > 0) last[++n % 40] = line
	close(file)
	for (i = n > 40 ? n - 39 : 1; i <= n; i++) text = text plain(last[i % 40]) "\n"
	return text
}
{
	if (!($1 in tests)) row[++nr] = $1
	r = $1
	tests[r]++
	seconds[r] += $4
	failed = $3 == "failed" || $3 == "missing"
	left = $3 == "skipped" || $3 == "untried"
	failures[r] += failed
	skipped[r] += left
	body = ""
	if (failed) body = sprintf("<failure message=\"%s\" type=\"%s\">%s</failure>", plain($5), $3,
		$3 == "failed" ? log_end(out "/" r "/" $2 ".log") : "")
	if (left) body = "<skipped message=\"" plain($5) "\"/>"
	if ($3 == "passed" && $5 != "") body = "<system-out>" plain($5) "</system-out>"
	cases[r] = cases[r] sprintf("    <testcase classname=\"lkst.%s\" name=\"%s\" time=\"%d\">%s</testcase>\n",
		dotless(plain(r)), $2, $4, body)
	all_tests++; all_failures += failed; all_seconds += $4
}
# A dot in the name of a class parts packages.
function dotless(s) {
	gsub(/[.]/, "_", s)
	return s
}
END {
	print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
	# What Jenkins' schema has: no count of skipped ones here.
	printf "<testsuites name=\"ci/matrix\" tests=\"%d\" failures=\"%d\" errors=\"0\" time=\"%d\">\n",
		all_tests, all_failures, all_seconds
	for (i = 1; i <= nr; i++) {
		r = row[i]
		printf "  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"%d\" " \
			"time=\"%d\" timestamp=\"%s\">\n", plain(r), tests[r], failures[r], skipped[r], seconds[r], when
		printf "%s  </testsuite>\n", cases[r]
	}
	print "</testsuites>"
}
