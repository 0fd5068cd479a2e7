# SPDX-License-Identifier: GPL-2.0-only
# tests/bench/overhead.awk - what the guests of ci/bench overhead-KERNEL said, to table.awk's input. Run by
# part-overhead.sh.
#
#	awk -f overhead.awk -v loads=LIST -v ways=LIST -v limit=N -v sources=FILE INPUT
#
# INPUT: guest-overhead.sh's lines, the round before each. loads, ways: in the order of the tables, parted by spaces;
# limit: what recording an event may cost; often: pairs of a load that runs more than once a round, and how often;
# rdefault: the events of that maskset; sources: lines "EVENT where it comes from".

BEGIN {
	OFS = "\t"
	nl = split(loads, load, " ")
	nw = split(ways, way, " ")
	while ((getline line <sources) > 0) {
		event = line
		sub(/ .*/, "", event)
		sub(/^[^ ]* /, "", line)
		source[event] = line
	}
	n = split(rdefault, part, " ")
	for (i = 1; i <= n; i++) by_default[part[i]] = 1
	split("norec RDEFAULT nolock logtools ALL same ftrace lttng perf", id, " ")
	split("norec,RDEFAULT,nolock,logtools,ALL,same,ftrace,LTTng,perf", text, ",")
	for (i in id) label[id[i]] = text[i]
}

# Of the events of a whole run those in the time that is counted. A run of one has the program itself, what a load sets
# up, twice, and three of what it does; a run of many a hundredth more, and two, than it is counted for.
function counted(count, events, base, own,   e, setup) {
	if (count == 1) return events - base
	e = (events - base) / (count + int(count / 100) - 1)
	setup = (base - own - 3 * e) / 2
	return count * e + (setup > 0 ? setup : 0)
}

$2 == "none" { way_gone = $3; $1 = $2 = $3 = ""; sub(/^[ \t]+/, ""); gsub(/\t/, " "); gone[way_gone] = $0; next }
$2 == "note" { key = $3; $1 = $2 = $3 = ""; sub(/^[ \t]+/, ""); gsub(/\t/, " "); note[key] = $0; next }
$2 == "run" {
	ticks[$3, $4, $1] = $6
	rounds[$1] = 1
	if ($7 != "-") { count[$3, $4] = $5; all[$3, $4] = $7; base[$3, $4] = $8 }
	next
}
$2 == "hit" { hits[$3, $4] = $6; hit_base[$3, $4] = $7; hit_count[$3] = $5; next }
$2 == "one" {
	n = ($8 - $9)
	if ($5 > 1) n *= $5 / ($5 + int($5 / 100) - 1)
	if (n < 1) next
	price[$4] = ($7 - $6) / n
	priced_on[$4] = $3
	priced_n[$4] = n
	order[++no] = $4
}

function columns(t, list,   i, n, c) {
	n = split(list, c, " ")
	for (i = 1; i <= n; i++)
		if (c[i] == "none") print "grid", t, "none", "No LKST"
		else print "grid", t, c[i], label[c[i]]
}

# often: pairs of a load and how often it runs
function often_words(   i, n, p, s) {
	n = split(often, p, " ")
	for (i = 1; i < n; i += 2)
		s = s (s == "" ? " A round is one run; the mean of the cheaper half of " : ", ") p[i + 1] " of " p[i]
	return s (s == "" ? " A round is one run." : ".")
}

function rows(t,   i, j) {
	for (i = 1; i <= nl; i++)
		for (j = 1; j <= nw && (t != "each" || passed[load[i]] >= 1000); j++)
			print "row", t, load[i] ":" way[j], load[i] ", " (way[j] == "none" ? "No LKST" : label[way[j]])
}

# The events a way recorded: peers record those of the way same; hooks passed when none is recorded.
function events_of(l, w) {
	if (w == "norec") return passed[l]
	if (w == "ftrace" || w == "lttng" || w == "perf") w = "same"
	return events[l, w]
}

function values(l, w,   r, n, t, least, most, plain, bare) {
	n = events_of(l, w)
	bare = w == "lttng" ? "idle" : "none"
	if (w in gone) {
		for (t in wanted) print "none", t, l ":" w, gone[w]
		return
	}
	least = most = 0
	for (r in rounds) {
		if (!((l, w, r) in ticks) || !((l, bare, r) in ticks)) continue
		t = ticks[l, w, r]
		plain = ticks[l, bare, r]
		if (!least || t < least) least = t
		if (t > most) most = t
		# Attached and recording, it costs something: nothing means that it was never reached. So many events
		# cost more than rounds differ by.
		if (w !~ /none|norec/ && n > 1000 && n > plain / 10000 && t - plain < n) {
			for (t in wanted) print "none", t, l ":" w, "it was never reached: nothing was measured"
			return
		}
		print "val", "added", l ":" w, (w == "none" ? t : t - plain) / 1000
		if (w == "none") continue
		print "val", "percent", l ":" w, 100 * (t - plain) / plain
		if (n >= 1000 && passed[l] >= 1000) print "val", "each", l ":" w, (t - plain) / n
	}
	if (w != "none" && n < 1000 && passed[l] >= 1000)
		print "none", "each", l ":" w, "fewer than 1000 events: too few to see the price of one"
	if (w != "none") print "val", "events", l ":" w, (n > 0 ? n : 0)
	if (!least) return
	t = 100 * (most - least) / least
	print "val", "agree", l ":" w, t
	if (t > apart[l]) apart[l] = t
}

# bars TABLE WAY LIMIT LOADS [WORDS]: where one is missed the event that adds most is said beside
function bars(t, w, lim, list, words,   i, n, l) {
	if (!(w in there)) return
	n = split(list, l, " ")
	for (i = 1; i <= n; i++)
		print "bar", t, l[i] ":" w, "at-most", lim, "", words, t == "agree" ? "" : dearest[l[i], w],
			(l[i] in have) ? "" : "absent"
}

function peer_bars(w,   i) {
	if (!(w in there)) return
	for (i = 1; i <= nl; i++)
		if (events[load[i], "same"] >= 1000)
			print "bar", "each", load[i] ":same", "at-most", 0.3333, load[i] ":" w
}

function enough(w,   i, list) {
	for (i = 1; i <= nl; i++)
		if (events_of(load[i], w) >= 1000) list = list " " load[i]
	return list
}

# The event that adds most to a load under ALL or RDEFAULT, of those that have a price.
function worst(w,   i, k, p, e, sum, t) {
	t = "worst-" w
	print "table", t, "Under " w ": the event that adds most to a load, and what one costs alone",
		"a recorded event", "%.1f"
	for (i = 1; i <= nl; i++) {
		e = ""
		sum = 0
		for (k = 1; k <= no && events_of(load[i], w) >= 1000; k++) {
			if (w == "RDEFAULT" && !(order[k] in by_default)) continue
			p = price[order[k]] * hits[load[i], order[k]]
			sum += p
			if (e == "" || p > price[e] * hits[load[i], e]) e = order[k]
		}
		if (e == "" || sum <= 0) continue
		dearest[load[i], w] = sprintf("worst hook %s, %.1f each", e, price[e])
		print "row", t, load[i], load[i] ": " e, sprintf("%d of %d events, %.0f %% of what they add; %s",
			hits[load[i], e], events_of(load[i], w), 100 * price[e] * hits[load[i], e] / sum, source[e])
		print "val", t, load[i], price[e]
	}
}

function singles(   k, e) {
	print "table", "one", "Each event alone, on the load that it is thickest in", "a recorded event", "%.1f"
	for (k = 1; k <= no; k++) {
		e = order[k]
		print "row", "one", e, e, sprintf("%d on %s; %s", priced_n[e], priced_on[e], source[e])
		print "val", "one", e, price[e]
	}
}

END {
	for (k in note) print "meta", k, note[k]
	for (k in all) {
		split(k, part, SUBSEP)
		events[k] = counted(count[k], all[k], base[k], base["dhrystone", part[2]])
	}
	for (k in hits) {
		split(k, part, SUBSEP)
		hits[k] = counted(hit_count[part[1]], hits[k], hit_base[k], hit_base["dhrystone", part[2]])
		passed[part[1]] += hits[k]
	}
	for (i = 1; i <= nw; i++) if (!(way[i] in gone)) there[way[i]] = 1
	for (i = 1; i <= nl; i++) have[load[i]] = 1
	rest = ways
	sub(/^none /, "", rest)
	print "table", "percent", "Instructions more than without LKST", "per cent", "%.2f"
	columns("percent", rest)
	print "table", "added", "Instructions of a load without LKST, and how many more", "thousands", "%.1f"
	columns("added", ways)
	print "table", "events", "Events recorded; norec: hooks passed that record nothing", "events", "%d"
	columns("events", rest)
	print "table", "each", "Instructions added for each of them", "one event", "%.1f"
	columns("each", rest)
	print "table", "agree", "How far the rounds are apart", "per cent", "%.3f"
	columns("agree", ways)
	print "grid", "agree", "worst", "worst"
	print "say", "agree", "By so much the dearest round of a load is above the cheapest; each has the loads in"
	print "say", "agree", "another order. They agree where that is 0.1 at most." often_words()
	for (i = 1; i <= nl; i++) print "row", "agree", load[i] ":worst", load[i] ", the worst"
	split("percent added events each agree", name, " ")
	for (i in name) { rows(name[i]); wanted[name[i]] = 1 }
	for (i = 1; i <= nl; i++)
		for (j = 1; j <= nw; j++) values(load[i], way[j])
	for (i in apart) print "val", "agree", i ":worst", apart[i]
	worst("ALL")
	worst("RDEFAULT")
	singles()
	bars("each", "norec", 3, enough("norec"), "off, instructions a hook passed")
	bars("each", "ALL", limit, enough("ALL"), "recording, instructions an event under ALL")
	peer_bars("ftrace")
	peer_bars("lttng")
	bars("percent", "RDEFAULT", 3, "compile dbench filecopy spawn execl shell")
	bars("percent", "RDEFAULT", 10, "pipe context chat")
	bars("percent", "ALL", 5, "compile")
	for (j = 1; j <= nw; j++)
		bars("agree", way[j], 0.1, loads,
			"rounds apart under " (way[j] == "none" ? "No LKST" : label[way[j]]) ", per cent")
}
