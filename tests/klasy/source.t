#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# source.t - the accesses in the kernel's source, and what became of them: how many are found, and that none is wrong.
#
# The bars of all accesses to sk_buff in three files, by place in the source and member: so many on their own line, or
# in a function that is inlined there; so many with those that moved; so many by the index alone.

set -u
# shellcheck source=tests/klasy/lib.sh
. "${0%/*}/lib.sh"
with_source=yes
debug_kernel
files='net/core/dev.c net/ipv4/tcp_ipv4.c net/ipv4/ip_input.c'

# index STATUS [ARGUMENT...]
index() {
	want=$1
	shift
	"$klasy" index -o "$object" --source="$source" --build="$headers" "$@" >"$T/out" 2>"$T/err"
	rc=$?
	[ $rc = "$want" ] || echo "status $rc" >>"$T/err"
	[ $rc = "$want" ]
}

# bar NAME N OF PERCENT
bar() {
	[ $((100 * $2)) -ge $(($4 * $3)) ]
	ok $? "$release: $1: $2 of $3, at least $4 %"
}

# shellcheck disable=SC2086
index 0 --check $files
ok $? 'three files are read, all their functions are the kernel'"'"'s byte by byte' "$(cat "$T/out" "$T/err")"
[ "$(awk '/instructions of which/ { n += $2 } END { print n + 0 }' "$T/out")" -ge 3500 ]
ok $? 'index and compiler are compared on 3500 instructions' "$(cat "$T/out")"
wrong=$(grep -E '(\(.*struct sk_buff \*\)|index:.*[ ,]sk_buff\.)' "$T/out" | grep compiler:)
[ -z "$wrong" ]
ok $? 'none that one of them takes for sk_buff has another struct, member or base by the other' "$wrong"

cat >"$T/skb.aspect" <<'END'
<aspect><advice><pointcut> access(sk_buff.%) AND (within_file(net/core/dev.c) OR within_file(net/ipv4/tcp_ipv4.c)
OR within_file(net/ipv4/ip_input.c)) </pointcut><before>print(1);</before></advice></aspect>
END
"$klasy" match -q --source --json -o "$object" "$T/skb.aspect" >"$T/points" 2>"$T/err"
ok $? 'what became of each access' "$(cat "$T/err")"
jq -rs 'group_by([.file, .line, .member]) | map({
	line: any(.by == "line"), view: any(.by == "view"), call: any(.by == "call"), moved: any(.class == "MOVED"),
	only_address: all(.mode == "&") }) | [length,
	(map(select(.line)) | length),
	(map(select(.line or .view)) | length),
	(map(select(.line or .view or .call)) | length),
	(map(select(.line or .view or .call or .moved)) | length),
	(map(select(.only_address | not)) | length),
	(map(select((.only_address | not) and (.line or .view))) | length)] | @tsv' "$T/points" >"$T/bars"
read -r all line view call moved used used_line <"$T/bars"
bar 'by the index alone' "$line" "$all" 65
bar 'on the line itself, of those that read or write' "$used_line" "$used" 78
bar "on the line, or inlined there ($view on the line itself)" "$call" "$all" 78
bar 'with those that moved' "$moved" "$all" 89
[ -z "$(jq -r 'select(.by == null and .why == null) | .line' "$T/points")" ]
ok $? 'what is not on its line says why'

# Every "skb->member" of the text is among them: ip_input.c has no code that the configuration leaves out.
jq -r 'select(.file == "net/ipv4/ip_input.c") | "\(.line) \(.member)"' "$T/points" | sort -u >"$T/found"
awk '{ line = $0; sub(/^[ \t]*(\/\*|\*).*/, "", line); while (match(line, /skb->[a-z_]+/)) {
	print NR, substr(line, RSTART + 5, RLENGTH - 5); line = substr(line, RSTART + RLENGTH) } }' \
	"$source/net/ipv4/ip_input.c" | sort -u >"$T/text"
missing=$(awk 'NR == FNR { found[$0] = 1; next } !found[$0]' "$T/found" "$T/text")
[ "$(wc -l <"$T/text")" -ge 20 ] && [ -z "$missing" ]
ok $? 'every skb->member in the text of ip_input.c is in the list' "$missing"

# What READ_ONCE() and its like are handed is read, not its address taken; cmpxchg() reads and writes.
structs='net_device napi_struct netdev_queue Qdisc packet_type net_device_core_stats softnet_data bpf_link sock
tcp_sock'
{
	echo '<aspect>'
	for s in $structs; do
		echo "<advice><pointcut> access($s.%) AND (within_file(net/core/dev.c) OR" \
			'within_file(net/ipv4/tcp_ipv4.c)) </pointcut><before>print(1);</before></advice>'
	done
	echo '</aspect>'
} >"$T/once.aspect"
"$klasy" match -q --source --json -o "$object" "$T/once.aspect" 2>"$T/err" |
	jq -r '"\(.file) \(.line) \(.member) \(.mode)"' | sort -u >"$T/found"
for f in net/core/dev.c net/ipv4/tcp_ipv4.c; do
	sed '/^[ \t]*\(\/\*\|\*\)/s/.*//' "$source/$f" | awk -v f="$f" '
	function all(macro, modes,	line, n, mode, i) {
		line = $0
		while (match(line, macro "[a-z_]+->[a-z_]+[,)]")) {
			n = substr(line, RSTART, RLENGTH - 1)
			sub(/.*->/, "", n)
			split(modes, mode, "")
			for (i = 1; i in mode; i++)
				print f, NR, n, mode[i]
			line = substr(line, RSTART + RLENGTH)
		}
	}
	{
		all("READ_ONCE\\(", "r")
		all("WRITE_ONCE\\(", "w")
		all("xchg\\(&", "rw")
		all("smp_store_release\\(&", "w")
	}'
done | sort -u >"$T/text"
# Members of other structs; and one within max_t(), whose line it has.
missing=$(awk 'NR == FNR { found[$0] = 1; next }
	!found[$0] && $3 !~ /^(__state|min_ttl|keylen|cpu|ts_recent|copied_seq)$/' "$T/found" "$T/text")
[ "$(wc -l <"$T/text")" -ge 50 ] && [ -z "$missing" ]
ok $? "what READ_ONCE, WRITE_ONCE and cmpxchg do is a read or a write, at $(wc -l <"$T/text") places" \
	"$(cat "$T/err"; echo "$missing")"
awk 'NR == FNR { once[$1, $2, $3] = 1; next } once[$1, $2, $3] && $4 == "&"' "$T/text" "$T/found" >"$T/address"
[ ! -s "$T/address" ]
ok $? 'and not its address' "$(cat "$T/address")"

# The instructions of an EXACT access lie on that line, as another program reads the line table.
jq -r 'select(.class == "EXACT" and .by == "line" and .file == "net/ipv4/ip_input.c") | . as $p | .pcs[] |
	"\(.) \($p.line)"' "$T/points" >"$T/pcs"
wrong=$(cut -d' ' -f1 "$T/pcs" | eu-addr2line -e "$object" | awk -F: '
	NR == FNR { split($0, p, " "); want[NR] = p[2]; next }
	/ip_input/ && $2 != want[FNR] { print want[FNR], $0 }' "$T/pcs" -)
[ -s "$T/pcs" ] && [ -z "$wrong" ]
ok $? 'instructions lie on the lines that eu-addr2line tells' "$wrong"

# A read that the compiler left out for an earlier one, in the function around: woven there.
echo '<aspect><advice>
<pointcut>get(sk_buff.protocol) AND within_function(skb_pfmemalloc_protocol) AND target(s)</pointcut>
<before>print(s->protocol);</before></advice></aspect>' >"$T/moved.aspect"
KLASY_CACHE="$T/other" "$klasy" build -q -o "$T/m.ko" --object "$object" --build "$headers" "$T/moved.aspect" \
	>"$T/out" 2>&1
[ $? = 1 ] && grep -q 'selects no instruction' "$T/out"
ok $? 'an access that moved out of its function has no instruction there, for who has not read the source' \
	"$(cat "$T/out")"
"$klasy" build -o "$T/m.ko" --object "$object" --build "$headers" "$T/moved.aspect" >"$T/out" 2>&1 &&
	grep -q '^moved: 1 places' "$T/out" &&
	strings "$T/m.ko" | grep -q 'MOVED sk_buff.protocol'
ok $? 'with the source it is woven where it moved to' "$(cat "$T/out"; strings "$T/m.ko" | grep MOVED)"

# A line without a known instruction: a place when asked for, but not with a target.
# lines NAME STATUS TEXT POINTCUT [OPTION...]: the build of such an aspect
lines() {
	name=$1 status=$2 text=$3
	echo "<aspect><advice><pointcut>access(iphdr.frag_off) AND within_function(ip_is_fragment) $4</pointcut>
	<before>print(1);</before></advice></aspect>" >"$T/line.aspect"
	shift 4
	rm -f "$T/line.ko"
	"$klasy" build "$@" -o "$T/line.ko" --object "$object" --build "$headers" "$T/line.aspect" >"$T/out" 2>&1
	rc=$?
	[ $rc = "$status" ] && grep -q "$text" "$T/out" && { [ $rc != 0 ] || strings "$T/line.ko" |
		grep -q '^LINE iphdr.frag_off include/net/ip.h:'; }
	ok $? "$name" "$rc: $(cat "$T/out")"
}
lines 'a line is no place by itself' 1 'selects no instruction' ''
lines 'it is one with --line' 0 '^line: [1-9][0-9]* places' '' --line
lines 'but not for a target' 1 'no place is left: .*, at 0 a name is not known, [1-9][0-9]* are lines, where' \
	'AND target(t)' --line

# Code that is not the kernel's is not taken for it.
KCFLAGS=-Os index 3 net/ipv4/ip_input.c
s=$?
[ $s = 0 ] && grep -q ' 0 in the compiler.s view; functions byte by byte as in the kernel: 0 of [0-9]*, not ' "$T/out"
ok $? 'another code is told and not used' "$(cat "$T/out" "$T/err")"
index 0 init/main.c && grep -q 'as in the kernel: \([0-9]*\) of \1$' "$T/out"
ok $? 'a weak function that the kernel has another one for is no difference' "$(cat "$T/out" "$T/err")"
index 1 net/ipv4/no_such.c && grep -q 'no such file (give it from the root' "$T/err"
ok $? 'a file that is not there' "$(cat "$T/err")"
index 1 drivers/net/virtio_net.c && grep -q 'it has no such unit (of a module.s, give the .ko with --object)' "$T/err"
ok $? "a file of a module's is none of the kernel's" "$(cat "$T/err")"

# But of the module's, byte by byte, with which it is compared then.
index 0 -o "$module" --check drivers/net/virtio_net.c &&
	grep -q 'functions byte by byte as in the kernel: \([0-9]*\) of \1$' "$T/out" &&
	[ "$(awk '/instructions of which/ { print $2 }' "$T/out")" -ge 500 ] && ! grep -q 'compiler:' "$T/out"
ok $? "with the module's own file it is read: all functions are its own, the compiler tells nothing else" \
	"$(cat "$T/out" "$T/err")"
echo '<aspect><advice><pointcut>access(virtnet_info.%) AND within_file(drivers/net/virtio_net.c)</pointcut>
<before>print(1);</before></advice></aspect>' >"$T/net.aspect"
"$klasy" match -q --source --json -o "$module" "$T/net.aspect" >"$T/points" 2>"$T/err"
read -r all line moved none <<END
$(jq -rs 'group_by([.file, .line, .member]) | map({
	line: any(.class == "EXACT" or .class == "BITFIELD" or .class == "WIDE"), moved: any(.class == "MOVED"),
	why: any(.by == null and .why == null) }) | [length, (map(select(.line)) | length),
	(map(select(.line or .moved)) | length), (map(select(.why)) | length)] | @tsv' "$T/points")
END
bar "of the module's struct, on the line" "$line" "$all" 65
bar "of the module's struct, with those that moved" "$moved" "$all" 75
[ "$all" -ge 150 ] && [ "$none" = 0 ]
ok $? "$all accesses of the module's, and what is not found says why" "$(cat "$T/err")"
"$klasy" build -q -o "$T/net.ko" --object "$module" --build "$headers" "$T/net.aspect" >"$T/out" 2>&1 &&
	strings "$T/net.ko" | grep -q '^WIDE virtnet_info' && ! strings "$T/net.ko" | grep -q '^LINE'
ok $? 'an access that the compiler joined with others is woven without asking, a line is not' "$(cat "$T/out")"
echo '<aspect><advice><pointcut>get(virtnet_info.hdr_len) AND within_function(receive_small) AND target(t)</pointcut>
<before>print(t);</before></advice></aspect>' >"$T/net.aspect"
"$klasy" build -q -o "$T/net.ko" --object "$module" --build "$headers" "$T/net.aspect" >"$T/out" 2>&1 &&
	strings "$T/net.ko" | grep -q '^MOVED virtnet_info'
ok $? 'a place of the module that only the source tells is woven' "$(cat "$T/out")"
"$klasy" index -o "$object" --source="$source" --build="$T" net/core/dev.c >"$T/out" 2>"$T/err"
[ $? = 4 ] && grep -q 'is no kernel build directory' "$T/err"
ok $? 'no build directory' "$(cat "$T/err")"
# shellcheck disable=SC3045 # dash has -S
mkdir "$T/small" && ! (trap '' XFSZ && ulimit -S -f 8 && KLASY_CACHE="$T/small" && export KLASY_CACHE &&
	"$klasy" index -o "$object" --source="$source" --build="$headers" net/ipv4/ip_input.c) >"$T/out" 2>"$T/err" &&
	grep -q 'writing what the source says: ' "$T/err" && [ "$(cat "$T/out" "$T/err" | wc -l)" = 1 ] &&
	[ -z "$(ls "$T/small")" ]
ok $? 'no room for it: one line, and nothing is left' "$(cat "$T/out" "$T/err"; ls -l "$T/small")"
! KLASY_CACHE=$T/small "$klasy" index -o "$object" --source="$source" --build="$headers" net/ipv4/no_such.c \
	>"$T/out" 2>"$T/err" && [ -z "$(ls "$T/small")" ]
ok $? 'nor is anything when there is nothing to keep' "$(cat "$T/err"; ls -l "$T/small")"
KLASY_CACHE="$T/none" "$klasy" match -q --source -o "$object" "$T/skb.aspect" >"$T/out" 2>"$T/err"
[ $? = 4 ] && grep -q 'nothing is kept of it (klasy index --source=TREE FILE...)' "$T/err"
ok $? 'without a source that was read' "$(cat "$T/err")"
done_testing
