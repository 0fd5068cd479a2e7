#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# module.t - aspects woven into a kernel module whose accesses are known by construction (truth-ko.c): each place is
# hit as often as the access is done, with the right object; and into one of the kernel's. The guest's part is
# module.sh.

set -u
# shellcheck source=tests/klasy/lib.sh
. "${0%/*}/lib.sh"
b=${B:-build}
debug_kernel
truth=$T/truth/klasytruth.ko

mkdir "$T/truth"
cp tests/klasy/truth-ko.c tests/klasy/truth.c "$T/truth"
printf 'obj-m := klasytruth.o\nklasytruth-y := truth-ko.o\n' >"$T/truth/Kbuild"
# Another version of the same module: its build id differs.
mkdir "$T/other"
sed 's/known accesses/other accesses/' "$T/truth/truth-ko.c" >"$T/other/truth-ko.c"
cp tests/klasy/truth.c "$T/truth/Kbuild" "$T/other"
for dir in truth other; do
	make -s -C "$headers" M="$T/$dir" modules >"$T/log" 2>&1 ||
		{ cat "$T/log"; echo "Bail out! truth-ko.c is refused"; exit 1; }
done

for s in inner outer decoy; do
	echo "<aspect><advice><pointcut>access($s.%) AND target(t)</pointcut>" \
		"<before>print(t);</before></advice></aspect>" >"$T/$s.aspect"
	"$klasy" build -q --object "$truth" --build "$headers" -o "$T/$s.ko" "$T/$s.aspect" || exit 1
	"$klasy" match -q -j -o "$truth" "$T/$s.aspect"
done >"$T/places"
"$klasy" build -q --object "$T/other/klasytruth.ko" --build "$headers" -n other -o "$T/other.ko" "$T/inner.aspect" ||
	exit 1

# What the index has is true of the module, too.
jq -r '.struct as $s | (.member | split("|"))[] as $m | [.function, $s + "." + $m, .mode] | @tsv' "$T/places" | sort |
	uniq -c | awk '{ print $2, $3, $4, $1 }' >"$T/found"
sed -n 's,^/\* truth: \(.*\) \*/$,\1,p' tests/klasy/truth.c >"$T/truths"
wrong=$(awk 'NR == FNR { n[$1, $2, $3] = $4; next } n[$1, $2, $3] + 0 != $4 { print $0 ", found " n[$1, $2, $3] + 0 }' \
	"$T/found" "$T/truths")
[ -z "$wrong" ]
ok $? "$(wc -l <"$T/truths") truths hold in the module" "$wrong"

# What the kernel has, and the module only declares: the pointer to the task that runs.
echo '<aspect><advice><pointcut>access(task_struct.personality) AND within_function(of_current)</pointcut><before>a' \
	'</before></advice></aspect>' >"$T/current.aspect"
"$klasy" match -q -j -o "$truth" "$T/current.aspect" | jq -r '[.class, .mode] | @tsv' | sort | uniq -c >"$T/current"
[ "$(awk '{ print $1 $2 $3 }' "$T/current" | tr '\n' ' ')" = '1EXACTr 1EXACTrw ' ]
ok $? 'members of the task that runs are read and exchanged' "$(cat "$T/current")"

# The driver of the network cards: when it has received a packet, it reads its length once.
cat >"$T/driver.aspect" <<'END'
<aspect><advice>
  <pointcut>get(sk_buff.len) AND within_function(receive_mergeable) AND target(skb)</pointcut>
  <before>print(skb->len);</before>
</advice></aspect>
END
"$klasy" build -q --object "$module" --build "$headers" -o "$T/driver.ko" "$T/driver.aspect" || exit 1

mkdir "$T/out"
ci/boot "$kernel" --net --timeout 300 --out "$T/out" --add "$T/driver.ko:/t/" \
	--add "$b/kmod-$kernel/lkst.ko:/t/" --add "$b/x86_64/lkst:/t/" \
	--add "$b/x86_64/lkstla:/t/" --add "$truth:/t/" --add "$T/inner.ko:/t/" --add "$T/outer.ko:/t/" \
	--add "$T/decoy.ko:/t/" --add "$T/other.ko:/t/" --add tests/guest/lib.sh:/t/ --add tests/tap.sh:/t/ \
	--add "$klasy:/bin/klasy" -- tests/klasy/module.sh >"$T/guest"
guest=$?
sed '/^1\.\./d' "$T/guest" |
	awk -v n="$tests" '{ if (match($0, /^(not )?ok [0-9]+/)) sub(/ok [0-9]+/, "ok " ++n); print }'
tests=$((tests + $(grep -cE '^(not )?ok ' "$T/guest")))
[ "$guest" = 0 ]
ok $? 'the guest was well'

# Hits by function, member and mode: those of all its places, which come in the order that match has them in.
for s in inner outer decoy; do
	jq -r '.sites[] | [.place, .hits] | @tsv' "$T/out/$s.json" |
		sed 's/+0x[^\t]*//; s/^\([^\t]*\)\.cold/\1/' >"$T/$s.hits"
	jq -r "select(.struct == \"$s\") | [.function, .member, .mode] | @tsv" "$T/places" | paste "$T/$s.hits" - |
		awk -v s=$s '{ n = split($4, m, "|"); for (i = 1; i <= n; i++) print $1, s "." m[i], $5, $2, $3 }'
done >"$T/counts"
[ -s "$T/counts" ] && ! awk '$1 != $5' "$T/counts" | grep .
ok $? 'the places are those that match has' "$(cat "$T/counts")"
sed -n 's,^	/\* hits: \(.*\) \*/$,\1,p' tests/klasy/truth-ko.c >"$T/hits"
[ "$(wc -l <"$T/hits")" -ge 35 ]
ok $? 'there is much to count'
while read -r function member mode n; do
	found=$(awk -v f="$function" -v m="$member" -v w="$mode" '$1 == f && $2 == m && $3 == w { n += $4 }
		END { print n + 0 }' "$T/counts")
	[ "$found" = "$n" ]
	ok $? "$function: $member is hit $n times ($mode)" "counted $found; $(grep "^$function " "$T/counts")"
done <"$T/hits"
done_testing
