#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# nmi.sh - guest, old kernels: NMIs pass a hook all the time, while the module is loaded, records and goes; and what it needs is in the page
# directory of every process, though it lies where no process has had anything mapped. Wants --nmi-every, which brings
# one more NMI each tick on each CPU.
#
# With PAE these parts of all page directories are one, and no process misses what is mapped. 2.4 makes what the
# first 64 MB of vmalloc's space need when it boots, and refuses a module that lies beyond.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
NMI=/proc/lkst_test_nmi
far="800 16384" farther="1200 4096" fewer=1
[ $FAMILY != 2.4 ] || far="4600 16384" farther=$far fewer=10

nmi() {
	sed -n "s/^$1=//p" $NMI
}

# missing MODULE: how many processes cannot reach its memory without a fault
missing() {
	_start=$(awk -v m="$1" '$1 == m { print $6 }' /proc/modules)
	# 2.4 does not say: the page of the first that it exports.
	[ $FAMILY != 2.4 ] || _start=0x$(grep -F "[$1]" /proc/ksyms | cut -c1-5 | sort | head -n 1)000
	awk -v m="$1" -v s="$_start" '$1 == m { print "reach", s, $2 }' /proc/modules >$T/reach
	cat $T/reach >$NMI
	cat $T/reach $NMI >$T/log
	nmi missing
}

# Processes from before anything of ours is mapped.
i=0 sleepers=
while [ $i -lt 5 ]; do
	sleep 1000 &
	sleepers="$sleepers $!"
	i=$((i + 1))
done
insmod /t/lkst_test_nmi.$KO || exit 1
# beyond N SIZE: go on to where nothing has been mapped. What is mapped and not told to anybody is not there.
beyond() {
	echo "take $1 $2" >$NMI
	echo "reach $(nmi taken_last) 4096" >$NMI
	if [ "$(nmi shared)" = 1 ]; then
		is "$(nmi missing)" 0 "all processes can reach what vmalloc() has just mapped"
	else
		at_least "$(nmi missing)" 5 "processes that cannot reach what vmalloc() has just mapped"
	fi
}
# shellcheck disable=SC2086
beyond $far
at_least "$(nmi looked_at)" 6 "processes looked at"
if [ $FAMILY = 2.4 ]; then
	fails 1 "a module that lies beyond is refused" 'annot allocate memory|Out of memory' insmod $LKST_KO
	echo take 0 >$NMI
fi

# come SINCE N: so many have, since there were SINCE; of those that all CPUs have, a fifth
come() {
	[ $(($(nmi nmis) - $1)) -ge "$2" ] && [ "$(nmi nmis_least)" -ge $(($2 / 5)) ]
}

# As often as that many take: how fast they come, the host says.
before=$(nmi nmis) i=0 rc=0
while [ $i -lt 10 ] || ! come "$before" $((500 / fewer)); do
	[ $i -lt 1000 ] || break
	insmod $LKST_KO maskset=RALL breaker=0 && load getppid >/dev/null || rc=1
	[ $i != 0 ] || is "$(missing lkst)" 0 "lkst.ko is in every page directory"
	rmmod lkst || rc=1
	[ $rc = 0 ] || break
	i=$((i + 1))
done
ok $rc "loaded, recording, and removed, $i times"
at_least $(($(nmi nmis) - before)) $((500 / fewer)) "NMIs meanwhile"
at_least "$(nmi nmis_least)" $((100 / fewer)) "on each CPU"

insmod $LKST_KO breaker=0 || exit 1
# A handler's module does not come to lie in the 4 MB that are known since the tracer's own came.
# 2.4 makes nothing known then.
if [ $FAMILY != 2.4 ]; then
	# shellcheck disable=SC2086
	beyond $farther
	insmod /t/lkst_watchdog.$KO || exit 1
	is "$(missing lkst_watchdog)" 0 "a handler's module is in every page directory once it is registered"
	rmmod lkst_watchdog
fi

# The hook in the NMIs is armed: their records are there, among all others, and lie in what was made after processes began.
lkstbuf create -n fresh -s 2M >/dev/null
before=$(nmi nmis)
lkst start -m RALL -b fresh
armed=$(nmi nmis)
load pingpong >/dev/null
load fault >/dev/null
# shellcheck disable=SC2086
beyond $farther
without=$(nmi missing)
echo touch >$NMI
echo "reach $(nmi taken_last) 4096" >$NMI
[ "$(nmi shared)" = 1 ] || is "$(nmi missing)" $((without - 1)) "this process has reached it by a fault"
wait_for 60 come "$armed" $((200 / fewer)) || :
lkst stop
passed=$(($(nmi nmis) - before))
lkst snapshot -b fresh -o $T/trace >$T/log 2>&1
n=$(lkstla print $T/trace 2>>$T/log | grep -c "PROCESS_INIT_WQH .*$(nmi marker | sed 's/^0x//')")
at_least "$n" $((200 / fewer)) "records by NMIs"
[ "$n" -le "$passed" ]
ok $? "no more than there were NMIs ($passed)"
lkstla print $T/trace 2>>$T/log | grep PAGEFAULT_KERNEL >$T/faults
at_least "$(wc -l <$T/faults)" 1 "faults of the kernel are recorded"
is "$(grep -c "$(nmi taken_last | sed 's/^0x//')" $T/faults)" 0 "but not those that complete a page directory"
rmmod lkst
ok $? "lkst.ko removed"
at_least "$(nmi nmis)" 1 "NMIs pass a hook that nobody serves"
rmmod lkst_test_nmi
ok $? "and their module removed"
# shellcheck disable=SC2086
kill $sleepers
wait
done_testing
