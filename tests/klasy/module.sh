#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# module.sh - guest: aspects woven into modules, and modules that go. What the aspects counted comes to module.t.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
kprobes() {
	grep -c . /sys/kernel/debug/kprobes/list
}
# how NAME: what the probes of an aspect are now
how() {
	klasy status "$1" | awk '$1 ~ /^[0-9]+$/ { print $7 }' | sort -u | tr '\n' ' '
}

insmod $LKST_KO breaker=0 || exit 1
before=$(kprobes)
fails 4 'a module that is not there' 'the module klasytruth is not loaded' klasy weave /t/outer.ko
insmod /t/klasytruth.ko || exit 1
fails 4 'a module of another build id' 'another version of the module' klasy weave /t/other.ko
is "$(kprobes)" "$before" 'nothing was woven'
for a in inner outer decoy; do
	passes "the aspect $a" klasy weave --breaker 0 /t/$a.ko
done
at_least "$(kprobes)" $((before + 40)) 'places in the module'
lkst record -f -q -o $T/trace -e KLASY_DATA -- sh -c 'echo 1 >/sys/module/klasytruth/parameters/run' 2>$T/log
ok $? 'the module does what it is known to do'
for a in inner outer decoy; do
	klasy status -j $a >"$LKST_OUT/$a.json"
done

# Targets are objects of that struct, each.
lkstla print $T/trace >$T/out
for a in inner outer decoy; do
	awk -v a=$a '$1 == a { print $2 }' /sys/module/klasytruth/parameters/objects | sort >$T/objects
	sed -n "s/.* KLASY_DATA .*($a) .* value0=\([^ ]*\).*/\1/p" $T/out | sort -u >$T/targets
	is "$(tr '\n' ' ' <$T/targets)" "$(tr '\n' ' ' <$T/objects)" "the targets of $a are its objects, all of them"
done

# The module goes: its places are given up before, and the aspects can be unwoven.
rmmod klasytruth
ok $? 'the module can be removed'
is "$(how outer)" 'gone ' 'its places are gone'
insmod /t/klasytruth.ko
hits=$(klasy list | awk '$NF == "outer" { print $4 }')
echo 1 >/sys/module/klasytruth/parameters/run
is "$(klasy list | awk '$NF == "outer" { print $4 }')" "$hits" 'when it comes again nothing runs in it'
passes 'the aspects are unwoven' klasy unweave inner outer decoy
is "$(kprobes)" "$before" 'nothing is left'
passes 'woven anew' klasy weave --breaker 0 /t/decoy.ko
echo 1 >/sys/module/klasytruth/parameters/run
at_least "$(klasy list | awk '$NF == "decoy" { print $4 }')" 34 'it runs'
# Coming and going while the places are reached.
(while [ ! -e $T/enough ]; do echo 1 >/sys/module/klasytruth/parameters/run; done) &
bad=0
for _ in 1 2 3 4 5; do
	klasy weave -q --breaker 0 /t/outer.ko && klasy unweave outer || bad=$((bad + 1))
done >>$T/log 2>&1
touch $T/enough
wait
is $bad 0 'woven and unwoven five times while it runs'
klasy unweave decoy
is "$(kprobes)" "$before" 'nothing is left'

# A module of the kernel's: three packets of 100 bytes and their heads, and the answers, through two network cards.
unshare -n sleep 1000 &
far=$!
apart() {
	[ "$(readlink /proc/self/ns/net)" != "$(readlink /proc/$far/ns/net)" ]
}
wait_for 20 apart
ip link set eth1 netns $far
nsenter -t $far -n ip addr add 10.0.0.2/24 dev eth1
nsenter -t $far -n ip link set eth1 up
ip addr add 10.0.0.1/24 dev eth0
ip link set eth0 up
passes 'an aspect in the driver of network cards' klasy weave --breaker 0 /t/driver.ko
lkst record -f -q -o $T/trace -e KLASY_DATA -- ping -c 3 -s 100 10.0.0.2 >$T/log 2>&1
lkstla print $T/trace >$T/out
cat $T/out >>$T/log
is "$(grep -c 'ip=receive_buf+0x[0-9a-f]*\[virtio_net\] .* values=1 value0=0x8e$' $T/out)" 6 \
	'it meets each packet, as long as it is'
klasy unweave driver
kill $far
rmmod klasytruth && rmmod lkst
ok $? 'modules removed'
done_testing
