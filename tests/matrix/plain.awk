# SPDX-License-Identifier: GPL-2.0-only
# tests/matrix/plain.awk - text as HTML and XML take it. Before html.awk or junit.awk.
function plain(s) {
	gsub(/[^ -~]/, "?", s)
	gsub(/&/, "\\&amp;", s)
	gsub(/</, "\\&lt;", s)
	gsub(/>/, "\\&gt;", s)
	gsub(/"/, "\\&quot;", s)
	return s
}
