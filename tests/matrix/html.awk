# SPDX-License-Identifier: GPL-2.0-only
# tests/matrix/html.awk - ci/matrix's results as a page; every cell leads to its log.
#
#	awk -F TAB -v steps=LIST -v title=TEXT -f plain.awk -f html.awk RESULTS
# RESULTS: ROW STEP RESULT SECONDS WORDS
{
	if (!($1 in seen)) { seen[$1] = 1; row[++nr] = $1 }
	state[$1, $2] = $3
	took[$1, $2] = $4
	word[$1, $2] = $5
}
END {
	n = split(steps, step, " ")
	print "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>" plain(title) "</title>"
	print "<style>\nbody { font: 14px sans-serif; margin: 2em }\ntable { border-collapse: collapse }"
	print "td, th { border: 1px solid #999; padding: 4px 8px; text-align: left; vertical-align: top }"
	print ".passed { background: #dfd }\n.failed { background: #fcc }\n.skipped, .missing { color: #777 }\n</style>"
	print "<h1>" plain(title) "</h1>\n<table>\n<tr><th>kernel</th>"
	for (j = 1; j <= n; j++) print "<th>" step[j] "</th>"
	print "</tr>"
	for (i = 1; i <= nr; i++) {
		r = row[i]
		print "<tr><th>" plain(r) "</th>"
		for (j = 1; j <= n; j++) {
			s = step[j]
			printf "<td class=\"%s\">", state[r, s]
			if (state[r, s] == "missing") printf "not tried"
			else printf "<a href=\"%s/%s.log\">%s</a>, %d s", plain(r), s, state[r, s], took[r, s]
			if (word[r, s] != "" && state[r, s] != "missing") printf "<br>%s", plain(word[r, s])
			print "</td>"
		}
		print "</tr>"
	}
	print "</table>\n</html>"
}
