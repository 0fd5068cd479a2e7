# SPDX-License-Identifier: GPL-2.0-only
# tests/bench/table.awk - medians, ratios and bars of one part of the bench, as text tables and as JSON. Run by ci/bench.
#
#	awk -f table.awk -v json=FILE INPUT >TEXT
#
# INPUT, fields parted by tabs:
#	part	NAME TITLE
#	meta	KEY VALUE
#	table	T TITLE UNIT FORMAT		FORMAT: of a value, for printf
#	ref	T ROW				the ratio column is value / ROW's value
#	row	T ROW LABEL NOTE		in the order of printing
#	val	T ROW VALUE			one for each repetition
#	none	T ROW REASON			not available
#	bar	T ROW at-most|at-least LIMIT [ROW2 [WORDS [HINT [absent]]]]
#		LIMIT is a number, or times ROW2's median. In grids WORDS stands for column and unit, HINT where it is
#		missed; absent: what is measured has no such row, and is not judged by it
#	grid	T COLUMN LABEL			T is printed as a grid: its rows are called HEAD:COLUMN
#	say	T TEXT				a line below the grid
#
# Exit status: 0 all bars met, 1 not, or one could not be judged.

BEGIN { FS = "\t"; OFS = "" }
$1 == "part" { part = $2; title = $3 }
$1 == "meta" { keys[++nmeta] = $2; meta[nmeta] = $3 }
$1 == "table" { tables[++ntables] = $2; name[$2] = $3; unit[$2] = $4; fmt[$2] = $5 }
$1 == "ref" { ref[$2] = $3 }
$1 == "grid" { cols[$2, ++ncols[$2]] = $3; head[$2, $3] = $4 }
$1 == "row" { k = $2 SUBSEP $3; rows[$2, ++nrows[$2]] = $3; label[k] = $4; note[k] = $5 }
$1 == "val" { k = $2 SUBSEP $3; v[k, ++n[k]] = $4 + 0 }
$1 == "none" { reason[$2, $3] = $4 }
$1 == "bar" {
	bt[++nbars] = $2; br[nbars] = $3; bop[nbars] = $4; blim[nbars] = $5; br2[nbars] = $6
	words_of[nbars] = $7; hint[nbars] = $8; absent[nbars] = $9 == "absent"
}
$1 == "say" { says[$2, ++nsays[$2]] = $3 }

function settle(k,   i, j, x) {
	for (i = 2; i <= n[k]; i++) {
		x = v[k, i]
		for (j = i - 1; j >= 1 && v[k, j] > x; j--) v[k, j + 1] = v[k, j]
		v[k, j + 1] = x
	}
	i = int((n[k] + 1) / 2)
	med[k] = n[k] % 2 ? v[k, i] : (v[k, i] + v[k, i + 1]) / 2
}

function quote(s) {
	gsub(/\\/, "\\\\", s)
	gsub(/"/, "\\\"", s)
	gsub(/\t/, " ", s)
	return "\"" s "\""
}

# A row that neither ran nor said why is a row that is missing: that is said too.
function why(k) {
	return k in reason ? reason[k] : "it did not run"
}

# What cannot be in a cell is said below, once a column and reason.
function text_grid(t,   i, j, k, w, part, h, nh, heads, seen) {
	w = 4
	for (i = 1; i <= nrows[t]; i++) {
		split(rows[t, i], part, ":")
		if (part[1] in seen) continue
		seen[part[1]] = 1
		heads[++nh] = part[1]
		if (length(part[1]) > w) w = length(part[1])
	}
	printf "\n%s (%s)\n%-" w "s", name[t], unit[t], ""
	for (j = 1; j <= ncols[t]; j++) printf "  %8s", head[t, cols[t, j]]
	print ""
	for (i = 1; i <= nh; i++) {
		printf "%-" w "s", heads[i]
		for (j = 1; j <= ncols[t]; j++) {
			k = t SUBSEP heads[i] ":" cols[t, j]
			printf "  %8s", n[k] ? sprintf(fmt[t], med[k]) : "-"
			if (n[k]) continue
			h = head[t, cols[t, j]] ": " why(k)
			if (!(h in missing)) missing_order[++nm] = h
			missing[h] = missing[h] (missing[h] == "" ? "" : ", ") heads[i]
			cells[h]++
		}
		print ""
	}
	for (i = 1; i <= nm; i++) {
		h = missing_order[i]
		print "-  ", h, cells[h] == nh ? "" : " (" missing[h] ")"
	}
	for (i = 1; i <= nsays[t]; i++) print "   ", says[t, i]
	split("", missing)
	split("", cells)
	nm = 0
}

function missed_by(b) {
	return " (" sprintf(fmt[bt[b]], med[bt[b] SUBSEP br[b]]) (hint[b] == "" ? "" : "; " hint[b]) ")"
}

# The bars of a grid, those of one column and limit in one line.
function text_bars(   b, i, k, g, group, order, ng, words, kinds) {
	for (b = 1; b <= nbars; b++) {
		if (!(bt[b] in ncols)) {
			print "  ", said[b]
			continue
		}
		i = br[b]; sub(/:.*/, "", i)
		k = br[b]; sub(/.*:/, "", k)
		g = bt[b] SUBSEP k SUBSEP bop[b] SUBSEP blim[b] SUBSEP
		words = words_of[b] != "" ? words_of[b] : head[bt[b], k] ", " unit[bt[b]]
		words = words ": " (bop[b] == "at-most" ? "at most " : "at least ")
		words = words (blim[b] + 0)
		if (br2[b] != "") {
			k = br2[b]; sub(/.*:/, "", k)
			g = g k
			words = words " x " head[bt[b], k]
		}
		if (!(g in group)) { order[++ng] = g; group[g] = words }
		tally[g, verdict[b]] = tally[g, verdict[b]] (tally[g, verdict[b]] == "" ? "" : ", ") i \
			(verdict[b] == "missed" ? missed_by(b) : "")
	}
	split("met,missed,not judged,not there", kinds, ",")
	for (b = 1; b <= ng; b++)
		for (i = 1; i <= 4; i++)
			if ((order[b], kinds[i]) in tally)
				print "  ", group[order[b]], ": ", kinds[i], ": ", tally[order[b], kinds[i]]
}

function text_table(t,   i, k, w, r) {
	w = 4
	for (i = 1; i <= nrows[t]; i++) {
		k = t SUBSEP rows[t, i]
		if (length(label[k]) > w) w = length(label[k])
	}
	printf "\n%s\n%-" w "s  %12s  %12s  %12s  %8s\n", name[t], unit[t], "median", "least", "most", "ratio"
	for (i = 1; i <= nrows[t]; i++) {
		k = t SUBSEP rows[t, i]
		if (!n[k]) {
			printf "%-" w "s  not available: %s\n", label[k], why(k)
			continue
		}
		r = t SUBSEP ref[t]
		printf "%-" w "s  %12s  %12s  %12s  %8s%s\n", label[k], sprintf(fmt[t], med[k]), sprintf(fmt[t], v[k, 1]),
			sprintf(fmt[t], v[k, n[k]]), n[r] && med[r] ? sprintf("%.2f", med[k] / med[r]) : "-",
			note[k] == "" ? "" : "  " note[k]
	}
}

function judge(b,   k, k2, limit, ok, words) {
	k = bt[b] SUBSEP br[b]
	limit = blim[b]
	if (absent[b]) {
		verdict[b] = "not there"
		return br[b] ": not there"
	}
	words = label[k] ": " (bop[b] == "at-most" ? "at most " : "at least ")
	if (br2[b] != "") {
		k2 = bt[b] SUBSEP br2[b]
		words = words blim[b] " x " label[k2]
		if (!n[k2]) {
			verdict[b] = "not judged"
			return words ": not judged, " label[k2] " is not available"
		}
		limit *= med[k2]
		words = words " = " sprintf(fmt[bt[b]], limit)
	} else
		words = words sprintf(fmt[bt[b]], limit)
	if (!n[k]) {
		verdict[b] = "not judged"
		return words ": not judged, " why(k)
	}
	ok = bop[b] == "at-most" ? med[k] <= limit : med[k] >= limit
	verdict[b] = ok ? "met" : "missed"
	return words ": " verdict[b] ", " sprintf(fmt[bt[b]], med[k]) (ok ? "" : sprintf(" (%.2f x)", med[k] / limit))
}

function json_row(t, k,   i, r, s) {
	s = "{\"label\": " quote(label[k])
	if (note[k] != "") s = s ", \"note\": " quote(note[k])
	if (!n[k]) return s ", \"not_available\": " quote(why(k)) "}"
	s = s ", \"median\": " sprintf("%.6g", med[k]) ", \"values\": ["
	for (i = 1; i <= n[k]; i++) s = s (i > 1 ? ", " : "") sprintf("%.6g", v[k, i])
	r = t SUBSEP ref[t]
	return s "]" (n[r] && med[r] ? sprintf(", \"ratio\": %.4f", med[k] / med[r]) : "") "}"
}

function write_json(   i, t, j) {
	printf("{\n  \"part\": %s,\n  \"meta\": {", quote(part)) >json
	for (i = 1; i <= nmeta; i++) printf("%s\n    %s: %s", i > 1 ? "," : "", quote(keys[i]), quote(meta[i])) >json
	printf("\n  },\n  \"tables\": [") >json
	for (i = 1; i <= ntables; i++) {
		t = tables[i]
		printf("%s\n    {\"name\": %s, \"title\": %s, \"unit\": %s, \"rows\": {", i > 1 ? "," : "", quote(t), quote(name[t]),
			quote(unit[t])) >json
		for (j = 1; j <= nrows[t]; j++)
			printf("%s\n      %s: %s", j > 1 ? "," : "", quote(rows[t, j]), json_row(t, t SUBSEP rows[t, j])) >json
		printf("\n    }}") >json
	}
	printf("\n  ],\n  \"bars\": [") >json
	for (i = 1; i <= nbars; i++)
		printf("%s\n    {\"table\": %s, \"row\": %s, \"text\": %s, \"verdict\": %s}", i > 1 ? "," : "", quote(bt[i]),
			quote(br[i]), quote(said[i]), quote(verdict[i])) >json
	printf("\n  ]\n}\n") >json
	close(json)
}

END {
	# One repetition that is not to be believed spoils the row.
	for (k in reason) n[k] = 0
	for (k in n) if (n[k]) settle(k)
	print title
	for (i = 1; i <= nmeta; i++) printf "  %s: %s\n", keys[i], meta[i]
	for (i = 1; i <= ntables; i++)
		if (tables[i] in ncols) text_grid(tables[i])
		else text_table(tables[i])
	if (nbars) print "\nbars"
	for (i = 1; i <= nbars; i++) {
		said[i] = judge(i)
		if (verdict[i] != "met" && !absent[i]) bad = 1
	}
	text_bars()
	write_json()
	exit bad
}
