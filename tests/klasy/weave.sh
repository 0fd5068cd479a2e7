#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# weave.sh - guest: aspects woven into the running kernel. The modules were built on the host by weave.t.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
switch=/proc/sys/debug/kprobes-optimization

# kprobes: how many places the kernel has probes at
kprobes() {
	grep -c . /sys/kernel/debug/kprobes/list
}

# hits NAME: of all its places
hits() {
	klasy list | awk -v n="$1" '$NF == n { print $4 }'
}

has_hits() {
	[ "$(hits "$1")" -gt 0 ]
}

fails 4 'without the tracer it is refused, and why is said' "modprobe lkst" klasy weave /t/inode.ko
fails 4 'nor can one be taken out' 'the tracer is not there' klasy unweave inode
fails 4 'nor looked at' 'the tracer is not there' klasy status inode
insmod $LKST_KO breaker=0 || exit 1
before=$(kprobes)

# ---- the first published aspect: who owns the inode ----
touch $T/file
chown 12:34 $T/file
like 'the inode aspect is woven' 'woven at 4 places' klasy weave /t/inode.ko
is "$(kprobes)" $((before + 4)) 'at four places of the kernel'
is "$(cat $switch)" 1 'the optimisation of probes is on again'
fails 1 'not twice' 'is woven: ' klasy weave /t/inode.ko
lkst record -f -o $T/trace -e KLASY_DATA -- sh -c "
	for uid in 56 78; do
		stat -c %u $T/file
		chown \$uid $T/file
	done
	stat -c %u $T/file" >$T/stat 2>$T/log
lkstla print $T/trace >$T/out 2>>$T/log
is "$(tail -n 1 $T/stat)" 78 'the file has its last owner'
uids=$(sed -n 's/.* KLASY_DATA .*ip=setattr_prepare.* values=3 value0=\([^ ]*\).*/\1/p' $T/out | uniq | tr '\n' ' ')
cat $T/out >>$T/log
grep -q " KLASY_DATA aspect=[0-9]*(inode) ip=setattr_prepare+0x" $T/out
ok $? 'print names the aspect and the place'
is "$uids" "$(head -n 2 $T/stat | xargs printf '0x%x ')" \
	'the records have the owners before each chown, as stat had them'
! grep -q ' values=3 .* value3=' $T/out
ok $? 'what was not gathered is not shown'
now=$(date +%s)
seen=$(sed -n 's/.* KLASY_DATA .* value1=\([^ ]*\).*/\1/p' $T/out | tail -n 1)
[ $((now - seen)) -ge 0 ] && [ $((now - seen)) -lt 60 ]
ok $? 'and the time of day, by a function that is gone from the kernel'
like 'status has the hits' 'setattr_prepare.*EXACT inode.i_uid' klasy status inode
is "$(hits inode)" "$(grep -c ' KLASY_DATA ' $T/out)" 'as many as there are records'
at_least "$(hits inode)" 2 'list has them'
like 'list as JSON' '"name":"inode","aspect":[0-9]+,"state":"running"' klasy list --json
fails 1 'status of another' "no aspect 'other'" klasy status other
echo 'nobody:x:65534:65534::/:/bin/sh' >>/etc/passwd
fails 4 'nobody may list it' 'reading /proc/klasy_inode: Permission denied' su nobody -c '/bin/klasy list'
fails 4 'or have its status' 'reading /proc/klasy_inode: Permission denied' su nobody -c '/bin/klasy status inode'
fails 4 'or take it out' 'needs CAP_SYS_MODULE' su nobody -c '/bin/klasy unweave inode'
passes 'it is unwoven' klasy unweave inode
passes 'an empty list is for all' su nobody -c '/bin/klasy list'
is "$(kprobes)" "$before" 'nothing of it is left'
fails 1 'not twice' "no aspect 'inode'" klasy unweave inode

# ---- what does not fit ----
fails 1 'other bytes at a place: refused' 'other code' klasy weave /t/bytes.ko
is "$(kprobes)" "$before" 'and nothing was woven'
dmesg | grep -q 'klasy: inode: other code than expected at setattr_prepare+0x'
ok $? 'the log says where'
fails 4 'another build id in its description: refused' 'another kernel' klasy weave /t/id.ko
fails 4 'another build id in its tables: refused by the module itself' 'another kernel' klasy weave /t/note.ko
fails 1 'a module of somebody else' 'no module that' klasy weave $LKST_KO
is "$(cat $switch)" 1 'the optimisation of probes is on'

# ---- targets that cannot be used ----
passes 'an aspect whose target is NULL' klasy weave /t/null.ko
chown 1 $T/file
klasy status inode >$T/status
at_least "$(awk '$1 == 0 { print $3 }' $T/status)" 1 'its body is skipped and counted'
at_least "$(awk '$1 == 2 && $3 == 0 { print $2 }' $T/status)" 1 'at another place it runs'
klasy unweave inode
passes 'an aspect whose target is no address' klasy weave /t/wild.ko
chown 2 $T/file
klasy status inode >$T/status
at_least "$(awk '$1 == 0 { print $4 }' $T/status)" 1 'its body is skipped and counted'
klasy unweave inode

# ---- the second published aspect, on the way of a packet in ----
like 'the sk_buff aspect is woven' 'woven at [0-9]+ places' klasy weave /t/skb.ko
lkst record -f -o $T/trace -e KLASY_DATA -- sh -c 'ping -c 3 -s 100 127.0.0.1 >/dev/null
	nc -l -p 4000 >/dev/null & sleep 1
	dd if=/dev/zero bs=1000 count=20 2>/dev/null | nc 127.0.0.1 4000
	wait' >$T/log 2>&1
lkstla print $T/trace >$T/out 2>>$T/log
at_least "$(grep -c 'KLASY_DATA.*ip=ip_rcv_core' $T/out)" 6 'records of ip_rcv_core'
at_least "$(grep -c 'KLASY_DATA.*ip=tcp_v4_rcv' $T/out)" 6 'and of tcp_v4_rcv'
# $pc$ is the place, whatever address the kernel runs at; the packet is an object of the slab.
sed -n 's/.* KLASY_DATA .* values=3 value0=\(0x[^ ]*\) value1=\(0x[^ ]*\) .*/\1 \2/p' $T/out >$T/values
is "$(awk '$1 !~ /^0xffffffff[89a-f]/ || $2 !~ /^0xffff[0-9a-f]*[08]$/' $T/values | wc -l)" 0 'all are code and objects'
at_least "$(wc -l <$T/values)" 100 'values'
at_least "$(awk '{ print $2 }' $T/values | sort | uniq -c | awk '$1 > 20' | wc -l)" 3 'packets are met again and again'
klasy list >$T/log
at_least "$(hits skb)" 100 'hits'
most_jump() {
	[ $((100 * $(klasy status skb | grep -c ' jump '))) -ge $((85 * $(klasy status skb | grep -c EXACT))) ]
}
wait_for 20 most_jump
ok $? 'at 85 of 100 places the probe is a jump'
klasy status skb >$T/log
foreseen=$(grep -c ' trap .*(' $T/log)
[ "$foreseen" -gt 0 ] && [ "$(grep -c ' trap ' $T/log)" -le $((2 * foreseen)) ]
ok $? 'why it is none at the others was mostly foreseen'

# ---- coming and going under load ----
while [ ! -e $T/enough ]; do
	ping -c 1 127.0.0.1 >/dev/null
done &
bad=0
for _ in 1 2 3 4 5; do
	klasy unweave skb || bad=$((bad + 1))
	[ "$(kprobes)" = "$before" ] || bad=$((bad + 1))
	klasy weave -q /t/skb.ko || bad=$((bad + 1))
	wait_for 20 has_hits skb || bad=$((bad + 1))
done >>$T/log 2>&1
touch $T/enough
wait
is $bad 0 'woven and unwoven five times while it fires'
klasy unweave skb

# ---- killed on the way: the module's start goes on to its end, and takes the optimisation with it ----
klasy weave -q /t/skb.ko &
weaver=$!
wait_for 20 grep -q 0 $switch
ok $? 'while places are made the optimisation is off'
kill -9 $weaver
wait $weaver
is "$(cat $switch)" 1 'killed then: it is on again'
at_least "$(klasy list | awk '$NF == "skb" { print $3 }')" 100 'the aspect is woven as a whole'
passes 'two aspects in the same place' klasy weave /t/skb2.ko
ping -c 1 127.0.0.1 >/dev/null
at_least "$(hits skb2)" 10 'both run'
passes 'unwoven both' klasy unweave skb skb2

# ---- after ----
passes 'an aspect with <after>' klasy weave /t/after.ko
lkst record -f -o $T/trace -e KLASY_DATA -- chown 99 $T/file 2>$T/log
lkstla print $T/trace >$T/out 2>>$T/log
cat $T/out >>$T/log
pairs=$(sed -n 's/.* KLASY_DATA .* value0=\([^ ]*\) value1=\([^ ]*\).*/\1 \2/p' $T/out | sort -u | tr '\n' ' ')
is "$pairs" '0x0 0x2 0x1 0x63 ' 'before a write the old owner, after it the new one'
klasy unweave after

# A probe right behind the access, where only the access leads; with one before it when that leaves room for a jump.
passes 'an aspect with <after> alone, and with both' klasy weave /t/behind.ko
all_jump() {
	klasy status behind >$T/log
	[ "$(awk '$1 == 0 { print $7 }' $T/log)" = jump ] && [ "$(grep -c ' jump .*sk_buff.cb' $T/log)" -ge 3 ] &&
		grep -q ' jump .* skb_put.*EXACT sk_buff.len' $T/log
}
wait_for 20 all_jump
ok $? 'its probes are jumps'
lkst record -f -o $T/trace -e KLASY_DATA -- sh -c "chown 100 $T/file; ping -c 2 127.0.0.1" >$T/stat 2>$T/log
lkstla print $T/trace >$T/out 2>>$T/log
cat $T/out >>$T/log
is "$(sed -n 's/.* value0=0x1 value1=\([^ ]*\).*/\1/p' $T/out)" 0x64 'after the write there is the new owner'
sed -n 's/.* KLASY_DATA .* ip=\([^ ]*\) .* value0=0x\([23]\) value1=\([^ ]*\).*/\2 \1 \3/p' $T/out >$T/values
at_least "$(grep -c '^2' $T/values)" 12 'packets come'
is "$(grep '^3' $T/values | cut -c2-)" "$(grep '^2' $T/values | cut -c2-)" 'each place has its before and its after'
is "$(klasy status behind | awk '$1 == 0 { print $2 }')" 1 'and is counted once'
# 56 bytes, ICMP's head and IP's are 84. The access is shorter than a jump: the probe before it is farther before.
is "$(sed -n 's/.* ip=skb_put+.* value0=0x\([45]\) value1=\([^ ]*\).*/\1 \2/p' $T/out | sort -u | tr '\n' ' ')" \
	'4 0x0 5 0x54 ' 'a short access: what comes before it still does, and what comes behind it sees what it wrote'
klasy unweave behind
chown 99 $T/file

# ---- variables and arguments ----
passes 'an aspect with local_var and argument' klasy weave /t/names.ko
lkst record -f -o $T/trace -e KLASY_DATA -- chown 111 $T/file 2>$T/log
lkstla print $T/trace >$T/out 2>>$T/log
cat $T/out >>$T/log
is "$(sed -n 's/.* value0=0x1 value1=\([^ ]*\) value2=\([^ ]*\).*/\1 \2/p' $T/out)" '0x6f 0x63' \
	'arguments: the new owner, and where the old one is'
local=$(sed -n 's/.* value0=0x\([23]\) value1=\([^ ]*\) value2=\([^ ]*\) value3=\([^ ]*\).*/\1 \2 \3 \4/p' $T/out)
is "$(echo "$local" | cut -d' ' -f1-3 | tr '\n' ' ')" '2 0x6f 0x63 3 0x6f 0x6f ' 'local variables, before and after'
is "$(echo "$local" | awk '{ print $4 }' | sort -u | wc -l)" 1 'a number stays what it was'
# ATTR_UID, ATTR_CTIME
[ $(($(echo "$local" | awk 'NR == 1 { print $4 }') & 0x42)) = $((0x42)) ]
ok $? 'and has the bits of a change of owner'
klasy unweave names
passes 'a local variable where it is known' klasy weave /t/iph.ko
lkst record -f -o $T/trace -e KLASY_DATA -- ping -c 2 -s 100 127.0.0.1 >$T/log 2>&1
lkstla print $T/trace >$T/out 2>>$T/log
cat $T/out >>$T/log
at_least "$(grep -c KLASY_DATA $T/out)" 4 'it is met'
# 100 bytes, ICMP's head and IP's are 128, in the order of the network.
is "$(sed -n 's/.* value0=\([^ ]*\) value1=\([^ ]*\).*/\1 \2/p' $T/out | sort -u)" '0x1 0x8000' 'and has what was sent'
klasy unweave iph

# ---- events of the tracer ----
like 'an aspect at an event' 'event: its events come from masksets .* -H 0x[0-9a-f]*' klasy weave /t/event.ko
handler=$(klasy status event | sed -n 's/.*handler \(0x[0-9a-f]*\) .*/\1/p')
like 'lksteh has its handler' 'klasy_event' lksteh list
lkstm new -n DATA -e KLASY_DATA && lkstm new -n MARKS -m DATA -e LKST_MARK -H "$handler"
lkst record -f -o $T/trace -m MARKS -- lkst mark 'twelve chars' 2>$T/log
lkstla print $T/trace >$T/out 2>>$T/log
cat $T/out >>$T/log
# "twelve c", "hars"
is "$(sed -n 's/.* KLASY_DATA .*(event) ip=lkst_event.* value0=\([^ ]*\) value1=\([^ ]*\).*/\1 \2/p' $T/out)" \
	'0x632065766c657774 0x73726168' 'its body runs with the arguments of the event'
is "$(grep -c ' LKST_MARK ' $T/out)" 1 'the event is recorded all the same'
is "$(hits event)" 1 'one hit'
klasy unweave event
! lksteh list | grep -q klasy_event
ok $? 'its handler is gone'
lkstm delete MARKS && lkstm delete DATA

# ---- the breaker: a ping is some 50 ms of bodies, above the limit even when it and a list take seconds ----
passes 'an aspect that takes long' klasy weave --breaker 1 /t/slow.ko
is_stopped() {
	ping -c 1 127.0.0.1 >/dev/null
	klasy list | grep -q '^[0-9]* *stopped'
}
wait_for 20 is_stopped
fails 3 'it was stopped' 'stopped \(it took' klasy status slow
is "$(kprobes)" "$before" 'its probes are gone'
passes 'it can be unwoven' klasy unweave slow

# ---- who may ----
if [ -d /sys/kernel/security ]; then
	mount -t securityfs securityfs /sys/kernel/security 2>/dev/null
	echo integrity >/sys/kernel/security/lockdown
	fails 4 'a kernel that is locked down' 'the kernel is locked down' klasy weave /t/inode.ko
else
	echo 'no securityfs' >$T/log
	ok 1 'a kernel that is locked down'
fi
rmmod lkst
ok $? 'module removed'
done_testing
