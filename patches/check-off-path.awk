# SPDX-License-Identifier: GPL-2.0-only
# check-off-path.awk - the walk of patches/check-off-path, which makes its input and says what is counted. Two files:
# BASE, PATCHED.
#
# What is known of a function is kept by build b (1, 2) and function f: its name, with "#n" behind it when it is the
# n-th of that name. Instructions have numbers of their own, those of the second build behind those of the first. A way
# is as long as its instructions, paddings not counted.

# There are 800,000 of them: four digits at a time are looked up.
function hex(text,	i, n, part) {
	n = 0
	for (i = 1; i <= length(text); i += 4) {
		part = substr(text, i, 4)
		if (!(part in digits))
			digits[part] = hex4(part)
		n = n * 16 ^ length(part) + digits[part]
	}
	return n
}

function hex4(text,	i, n) {
	n = 0
	for (i = 1; i <= length(text); i++)
		n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return n
}

function wrong(text) {
	print "check-off-path: " text
	bad++
}

# What is there to fill a gap does nothing: nop, or a register that is moved to itself.
function is_padding(text,	w) {
	if (text !~ /^(data16 |cs |nop|xchg |mov +%e|lea )/)	# nearly all
		return 0
	if (text ~ /^(data16 )*(cs )?nop/ || text ~ /^xchg +%ax,%ax$/)
		return 1
	if (text ~ /^mov +%e/) {
		sub(/^mov +/, "", text)
		split(text, w, ",")
		return w[1] == w[2]
	}
	if (text ~ /^lea +(0x0)?\(%e[a-z]+(,%eiz,1)?\),%e/) {
		sub(/^lea +(0x0)?\(/, "", text)
		split(text, w, /[,)]+/)
		return w[1] == substr(text, length(text) - 3)
	}
	return 0
}

# The first instruction of a build that is not below an address.
function not_below(b, address,	low, high, middle) {
	low = from[b]
	high = to[b] + 1
	while (low < high) {
		middle = int((low + high) / 2)
		if (at[middle] < address)
			low = middle + 1
		else
			high = middle
	}
	return low
}

# The instruction at an address, 0: there is none.
function place(b, address,	i) {
	i = not_below(b, address)
	return i <= to[b] && at[i] == address ? i : 0
}

# Addresses as indices keep all their digits.
BEGIN {
	CONVFMT = "%.10g"
	for (k = split(known, list, " "); k; k--) {
		split(list[k], word, "=")
		special[word[1]] = word[2]
	}
}
FNR == 1 { b++ }
/^I / {
	at[++count] = hex(substr($0, 3, 8))
	text[count] = substr($0, 12)
	if (!(b in from))
		from[b] = count
	else if (at[count] < at[count - 1])
		unsorted = 1
	to[b] = count
	if (b == 2 && text[count] ~ /^cmp[bw] /)
		compares[++nr_compares] = count
	next
}
$1 == "A" { armed = hex($2); next }
$1 == "F" {
	if ($4 ~ /^\.text\.lock\.|^_e(init)?text$/)
		next
	address = hex($2)
	if (b SUBSEP address in entry)	# two names of one place
		next
	n = ++same[b, $4]
	f = n > 1 ? $4 "#" n : $4
	entry[b, address] = f
	order[b, ++functions[b]] = f
	begin[b, f] = address
	size[b, f] = hex($3)
	next
}
# Where a jump or call goes to, -1 when that is not written in it.
function target(text,	w) {
	if (split(text, w, " ") < 2 || w[2] !~ /^[0-9a-f]+$/)
		return -1
	return hex(w[2])
}

function is_hook(i,	w) {
	if (text[i] !~ /^cmp[bw] +\$0x0,0x[0-9a-f]+$/ || text[i + 1] !~ /^jne /)
		return 0
	w = text[i]
	sub(/.*,0x/, "", w)
	w = hex(w)
	return w >= armed && w < armed + 256
}

# All that only the jump of a hook reaches: from its target to where the hook ends.
function mark_stub(i, end,	stack, n, t) {
	n = 0
	stack[++n] = i
	while (n) {
		i = stack[n--]
		if (i == end || !i || (i in stub))
			continue
		stub[i] = 1
		t = target(text[i])
		if (text[i] ~ /^j/ && t >= 0)
			stack[++n] = place(2, t)
		if (text[i] !~ /^(jmp|ret|iret)/)
			stack[++n] = i + 1
	}
}

function find_hooks(	k, i) {
	for (k = 1; k <= nr_compares; k++) {
		i = compares[k]
		if (i < to[2] && is_hook(i) && !(i in stub)) {
			hook[i] = text[i] ~ /^cmpw/ ? 2 : 1
			mark_stub(place(2, target(text[i + 1])), i + 2)
		}
	}
}

# Up to each instruction: how many there are that count, and hooks.
function sum_up(	i, n, h) {
	for (i = 1; i <= count; i++) {
		if (!(i in stub)) {
			n += !is_padding(text[i])
			if (i in hook)
				h += hook[i]
		}
		counted[i] = n
		hooked[i] = h
	}
}

# The first and last instruction of each function. What has no size (assembler) goes to the next name.
function find_bounds(b,	k, f, end, i) {
	for (k = 1; k <= functions[b]; k++) {
		f = order[b, k]
		i = place(b, begin[b, f])
		if (!i)
			continue
		first[b, f] = i
		end = size[b, f] ? begin[b, f] + size[b, f] : k < functions[b] ? begin[b, order[b, k + 1]] : 0
		last[b, f] = end > begin[b, f] ? not_below(b, end) - 1 : i - 1
		total[b, f] = counted[last[b, f]] - counted[i - 1]
		if (b == 2 && hooked[last[b, f]] > hooked[i - 1])
			hooks[f] = hooked[last[b, f]] - hooked[i - 1]
	}
}

# What a way is named for: calls, jumps out of the function, returns, and what masks interrupts. Sets leaves.
function landmark(b, f, i,	t, name) {
	leaves = 0
	if (text[i] ~ /^(ret|iret|sysexit|cli|sti|hlt|pushf|popf)/) {
		name = text[i]
		sub(/ .*/, "", name)
		leaves = name !~ /^(cli|sti|hlt|pushf|popf)/
		return name
	}
	if (i == last[b, f] && text[i] !~ /^jmp/)
		leaves = 1
	if (text[i] !~ /^(call|j)/)
		return leaves ? "next" : ""
	t = target(text[i])
	if (t < 0)
		return text[i] ~ /^call/ ? "call *" : ""
	if (text[i] ~ /^j/) {
		if (t >= at[first[b, f]] && t <= at[last[b, f]])
			return ""
		leaves = 1
	}
	return (b SUBSEP t) in entry ? entry[b, t] : "out of line"
}

function edge(from, to, cost, passes) {
	edges++
	tail_of[edges] = from
	head_of[edges] = to
	length_of[edges] = cost
	hooks_of[edges] = passes
	out[from] = out[from] " " edges
	into[to] = into[to] " " edges
}

# All steps of a function, beginning with those from its first instruction.
function find_edges(b, f,	stack, n, i, t, to_there, cost) {
	split("", out)
	split("", into)
	split("", met)
	edges = n = 0
	stack[++n] = first[b, f]
	while (n) {
		i = stack[n--]
		if ((i in met) || (i in stub))
			continue
		met[i] = 1
		if (i in hook) {
			edge(i, i + 2, 2, hook[i])
			stack[++n] = i + 2
			continue
		}
		cost = !is_padding(text[i])
		t = text[i] ~ /^j/ ? target(text[i]) : -1
		to_there = t >= at[first[b, f]] && t <= at[last[b, f]] ? place(b, t) : 0
		if (to_there) {
			edge(i, to_there, cost, 0)
			stack[++n] = to_there
		}
		if (text[i] !~ /^(jmp|ret|iret|sysexit)/ && i < last[b, f]) {
			edge(i, i + 1, cost, 0)
			stack[++n] = i + 1
		}
	}
}

# Shortest distances from what is in queue[1..n], d[] set there: along edges (way 1) or against them (-1).
function spread(way, d, passes, n,	k, i, e, list, m, to, new) {
	for (k = 1; k <= n; k++) {
		i = queue[k]
		m = split(way > 0 ? out[i] : into[i], list, " ")
		while (m) {
			e = list[m--]
			to = way > 0 ? head_of[e] : tail_of[e]
			new = d[i] + length_of[e]
			if ((to in d) && d[to] <= new)
				continue
			d[to] = new
			passes[to] = passes[i] + hooks_of[e]
			queue[++n] = to
		}
	}
}

# Fill ways[b, NAME] with the shortest way through the function by each landmark, passed[b, NAME] with the hooks on
# it.
function find_ways(b, f,	i, n, mark, d) {
	find_edges(b, f)
	split("", there)
	split("", there_hooks)
	split("", back)
	split("", back_hooks)
	queue[1] = first[b, f]
	there[first[b, f]] = 0
	spread(1, there, there_hooks, 1)
	n = 0
	for (i in met) {
		landmark(b, f, i)
		if (leaves) {
			queue[++n] = i
			back[i] = 1
		}
	}
	spread(-1, back, back_hooks, n)
	for (i in met) {
		mark = landmark(b, f, i)
		if (mark == "")
			continue
		# What is never come back from ends there.
		d = there[i] + ((i in back) ? back[i] : 1)
		if (!((b, mark) in ways) || ways[b, mark] > d) {
			ways[b, mark] = d
			passed[b, mark] = there_hooks[i] + back_hooks[i]
		}
	}
}

function compare(f,	grown, mark, parts, key, d, allowed, n, most, what) {
	split("", ways)
	split("", passed)
	find_ways(1, f)
	find_ways(2, f)
	most = -1000
	for (key in ways) {
		split(key, parts, SUBSEP)
		mark = parts[2]
		if (parts[1] != 2 || !((1, mark) in ways))
			continue
		marks++
		d = ways[2, mark] - ways[1, mark]
		allowed = (f in special ? special[f] : max) * (passed[2, mark] ? passed[2, mark] : 1)
		if (d > most) {
			most = d
			what = mark " (" passed[2, mark] ")"
		}
		if (d > allowed)
			wrong(sprintf("%s: the way by %s has %d instructions more (%d, were %d), for %d hooks", f, mark, d,
				ways[2, mark], ways[1, mark], passed[2, mark]))
		if (passed[2, mark] && d / passed[2, mark] > dearest)
			dearest = d / passed[2, mark]
	}
	if (f in special) {
		print "check-off-path: " f ": known to grow by " most ", " special[f] " a hook are let pass"
		if (most <= max)
			wrong(f ": is no exception any more")
	}
	grown = total[2, f] - total[1, f]
	n = ++rows
	row[n] = sprintf("%-28s %5d %6d %6d %+6d %+6d  %s", f, hooks[f], total[1, f], total[2, f], grown, most, what)
	grade[n] = most + grown / 1000
	all_hooks += hooks[f]
	all_grown += grown
}

END {
	if (!armed) {
		wrong("the second build has no lkst_armed: it is not patched, or its option is off")
		exit 1
	}
	if (unsorted) {
		wrong("a build has its instructions in no order: it cannot be read")
		exit 1
	}
	find_hooks()
	sum_up()
	find_bounds(1)
	find_bounds(2)
	for (k = 1; k <= functions[2]; k++) {
		f = order[2, k]
		if (!((2, f) in last))
			continue
		if (!((1, f) in last)) {
			if (f !~ /lkst_/)
				wrong(f ": is in the second build only")
		} else if (f in hooks) {
			compare(f)
		} else if (total[1, f] != total[2, f] && f !~ /^gdt/) {	# which is data among the code of 2.4
			wrong(sprintf("%s: has no hook, and %+d instructions", f, total[2, f] - total[1, f]))
		}
	}
	# What is no code, such as page tables, is in neither.
	for (k = 1; k <= functions[1]; k++)
		if (((1, order[1, k]) in last) && !((2, order[1, k]) in last))
			wrong(order[1, k] ": is in the first build only")
	if (!rows)
		wrong("no function has a hook")
	printf "%-28s %5s %6s %6s %6s %6s  %s\n", "function", "hooks", "before", "now", "added", "way", "by (hooks on it)"
	for (n = 1; n <= rows && (!worst || n <= worst); n++) {
		best = 0
		for (k = 1; k <= rows; k++)
			if (!(k in shown) && (!best || grade[k] > grade[best]))
				best = k
		shown[best] = 1
		print row[best]
	}
	printf "%d functions with %d hooks: %.2f instructions a hook in all; %d ways through them: at most %.2f a hook; " \
		"%d wrong\n",
		rows, all_hooks, all_grown / (all_hooks ? all_hooks : 1), marks, dearest, bad
	exit bad > 0
}
