# SPDX-License-Identifier: GPL-2.0-only
# tests/matrix/html.awk - ci/matrix's results as a page; every cell leads to its log.
#
#	awk -F TAB -v steps=LIST -v title=TEXT -v about=FILE -f plain.awk -f html.awk RESULTS
# RESULTS: ROW STEP RESULT SECONDS WORDS; FILE: STEP and what it is; a line that begins with no step goes on with it
{
	if (!($1 in seen)) { seen[$1] = 1; row[++nr] = $1 }
	state[$1, $2] = $3
	took[$1, $2] = $4
	word[$1, $2] = $5
	count[$3]++
}
function minutes(s) {
	return s < 100 ? s " s" : sprintf("%d min", (s + 30) / 60)
}
# The words before a semicolon, then the others, smaller.
function said(text,   at) {
	at = index(text, ";")
	if (!at) return plain(text)
	return plain(substr(text, 1, at - 1)) "<small>" plain(substr(text, at + 2)) "</small>"
}
END {
	n = split(steps, step, " ")
	for (j = 1; j <= n; j++) is[step[j]] = 1
	print "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>" plain(title) "</title>"
	print "<style>\nbody { font: 14px sans-serif; margin: 2em; max-width: 80em }"
	print "table { border-collapse: collapse }"
	print "td, th { border: 1px solid #999; padding: 4px 8px; text-align: left; vertical-align: top }"
	print "td { max-width: 18em }"
	print "small { display: block; color: #555; overflow-wrap: anywhere }\n.took { color: #555; font-size: 85% }"
	print ".passed { background: #dfd }\n.failed, .missing { background: #fcc }\n.skipped, .untried { color: #777 }"
	print "dt { font-weight: bold }\n</style>"
	print "<h1>" plain(title) "</h1>"
	printf "<p>%d kernels: %d steps passed, %d failed, %d not tried, %d skipped%s.", nr, count["passed"],
		count["failed"], count["untried"], count["skipped"],
		count["missing"] ? ", " count["missing"] " interrupted" : ""
	print " As <a href=\"summary.txt\">text</a>, <a href=\"matrix.tap\">TAP</a>,"
	print "<a href=\"matrix.xml\">JUnit</a>.</p>"
	print "<table>\n<tr><th>kernel</th>"
	for (j = 1; j <= n; j++) print "<th>" step[j] "</th>"
	print "</tr>"
	for (i = 1; i <= nr; i++) {
		r = row[i]
		print "<tr><th>" plain(r) "</th>"
		for (j = 1; j <= n; j++) {
			s = step[j]
			printf "<td class=\"%s\">", state[r, s]
			if (state[r, s] == "missing" || state[r, s] == "untried")
				printf "%s", plain(word[r, s])
			else
				printf "<a href=\"%s/%s.log\">%s</a> <span class=\"took\">%s</span>%s%s",
					plain(r), s, state[r, s], minutes(took[r, s]),
					word[r, s] == "" ? "" : "<br>", said(word[r, s])
			print "</td>"
		}
		print "</tr>"
	}
	print "</table>\n<dl>"
	while ((getline line <about) > 0) {
		first = line
		sub(/ .*/, "", first)
		if (first in is) {
			on = 1
			sub(/^[^ ]+ +/, "", line)
			print "<dt>" first "</dt><dd>"
		} else if (index(" " all " ", " " first " "))
			on = 0
		if (on) print plain(line)
	}
	print "</dl>\n</html>"
}
