#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kernel.t - the index of a whole stock kernel against what other programs say of the same file: pahole of the offsets of members,
# objdump of the instructions.

set -u
# shellcheck source=tests/klasy/lib.sh
. "${0%/*}/lib.sh"
debug_kernel

# at_operands STRUCT FUNCTION...: the operand of each EXACT access lies where pahole has the member. What differs is printed.
at_operands() {
	struct=$1
	shift
	# The name is the last word of a declaration, or stands in (*NAME); offset and size are the numbers of the comment.
	pahole -C "$struct" "$object" | awk '/;.*\/\*/ {
		split($0, part, /;[[:space:]]*\/\*/)
		sub(/ __attribute__.*/, "", part[1])
		name = part[1]
		if (match(name, /\(\*[a-z_0-9]+\)/))
			name = substr(name, RSTART + 2, RLENGTH - 3)
		else {
			n = split(part[1], word, /[ \t*]+/)
			name = word[n]
			sub(/[^A-Za-z0-9_].*/, "", name)
		}
		split(part[2], number, /[: ]+/)
		for (i = 1; number[i] == ""; i++)
			;
		print name, number[i], $0 ~ /[0-9]:/ ? 1 : number[i + 1]
	}' >"$T/layout"
	for f; do
		objdump -d --no-show-raw-insn --disassemble="$f" "$object" >"$T/code"
		echo "<aspect><advice><pointcut>access($struct.%) AND within_function($f)</pointcut><before>a</before></advice></aspect>" \
			>"$T/a.aspect"
		"$klasy" match -q -j -o "$object" "$T/a.aspect" | jq -r --arg f "$f" 'select(.class == "EXACT" and .function == $f and
			.target.index == "") | [.pc[2:], .member, .target.add] | @tsv' >"$T/sites"
		[ -s "$T/sites" ] || echo "$f: nothing found"
		awk -v f="$f" '
		function hex(text,	i, value, sign) {
			sign = sub(/^-/, "", text) ? -1 : 1
			sub(/^0x/, "", text)
			for (i = 1; i <= length(text); i++)
				value = 16 * value + index("0123456789abcdef", substr(text, i, 1)) - 1
			return sign * value
		}
		FILENAME ~ /layout$/ { if (!($1 in at)) { at[$1] = $2; size[$1] = $3 }; next }
		FILENAME ~ /code$/ {
			pc = $1
			sub(/:$/, "", pc)
			if (match($0, /-?(0x[0-9a-f]+)?\(%[a-z0-9]+(,%[a-z0-9]+,[1248])?\)/)) {
				text = substr($0, RSTART, RLENGTH)
				sub(/\(.*/, "", text)
				disp[pc] = hex(text)
			}
			next
		}
		{
			n = split($2, member, "|")
			good = 0
			offset = disp[$1] - $3
			for (i = 1; i <= n; i++)
				good += member[i] in at && offset >= at[member[i]] && offset < at[member[i]] + size[member[i]]
			if (!($1 in disp) || !good)
				print f, $1, $2, "pahole: " at[member[1]], "operand: " offset
		}' "$T/layout" "$T/code" "$T/sites"
	done
}

"$klasy" index -o "$object" >"$T/out" 2>"$T/err"
ok $? 'the whole kernel is read' "$(cat "$T/err")"
typed=$(sed -n 's/.* \([0-9]*\) memory operands off the stack, \([0-9]*\) of them typed/\1 \2/p' "$T/out")
[ $((100 * ${typed#* })) -ge $((70 * ${typed% *})) ]
ok $? 'seven of ten memory operands have a type' "$(cat "$T/out")"

differ=$(at_operands sk_buff ip_rcv_core tcp_v4_rcv tcp_v4_do_rcv skb_clone)
[ -z "$differ" ]
ok $? 'sk_buff: operands lie where pahole has the members' "$differ"
differ=$(at_operands inode setattr_prepare generic_fillattr)
[ -z "$differ" ]
ok $? 'inode: operands lie where pahole has the members' "$differ"

# The task that runs, which all units but one only declare; its state is set by xchg.
echo '<aspect><advice><pointcut>set(task_struct.__state) AND within_function(do_nanosleep)</pointcut>' \
	'<before>a</before></advice></aspect>' >"$T/a.aspect"
"$klasy" match -q -o "$object" "$T/a.aspect" >"$T/out"
[ "$(grep -c 'EXACT .*task_struct.__state  do_nanosleep' "$T/out")" = 2 ] &&
	[ "$(grep -c 'EXACT    rw .* kernel/time/hrtimer.c' "$T/out")" = 1 ]
ok $? 'a member of the task that runs, set and exchanged' "$(cat "$T/out")"
sed 's/ AND within_function([a-z_]*)//' "$T/a.aspect" >"$T/b.aspect"
[ "$("$klasy" match -q -o "$object" "$T/b.aspect" | grep -c EXACT)" -ge 200 ]
ok $? 'there are some hundred such places'

# Of both, a part that is seldom run lies elsewhere; the way into some of it is a jump label.
for f in __dev_queue_xmit ip_rcv_finish_core; do
	echo "<aspect><advice><pointcut>access(sk_buff.%) AND within_function($f)</pointcut>" \
		"<before>a</before></advice></aspect>" >"$T/a.aspect"
	"$klasy" match -q -j -o "$object" "$T/a.aspect" | jq -r .member >"$T/out"
	[ "$(wc -l <"$T/out")" -ge 10 ]
	ok $? "$f: a function in several pieces" "$(cat "$T/out")"
done

echo '<aspect><advice><pointcut>access(inode.i_uid) AND within_function(setattr_prepare)</pointcut><before>a</before></advice></aspect>' \
	>"$T/a.aspect"
"$klasy" match -q -o "$object" "$T/a.aspect" >"$T/out"
[ "$(grep -c 'EXACT .* inode.i_uid .* in chown_ok in setattr_prepare$' "$T/out")" -ge 1 ]
ok $? 'the published aspect, by the name its function has today: inlined two deep, found in its caller' "$(cat "$T/out")"
sed 's/setattr_prepare/inode_change_ok/' "$T/a.aspect" >"$T/old.aspect"
"$klasy" match -q -o "$object" "$T/old.aspect" >"$T/out" 2>"$T/err"
[ $? = 1 ] && grep -q "no function 'inode_change_ok'.*; most accesses to inode.i_uid are in setattr_prepare," "$T/err"
ok $? 'by its old name: what it is called today is told' "$(cat "$T/err")"
"$klasy" match -q -o "$object" --alias inode_change_ok=setattr_prepare "$T/old.aspect" >"$T/out" 2>"$T/err" &&
	grep -q 'in chown_ok in setattr_prepare$' "$T/out"
ok $? 'an alias leads there' "$(cat "$T/err")"
done_testing
