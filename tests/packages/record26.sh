#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# record26.sh - guest: a system that rpm installed, kernel and all; the daemon runs by its init script, a
# load is recorded.
set -eu
[ "$(uname -r)" = "$1" ]
[ ! -e /lkst.ko ]
rm -f /dev/lkst
/etc/init.d/lkstlogd start
/etc/init.d/lkstlogd status
find /dev/lkst -type c -perm 640 -group lkst | grep -q .
/etc/init.d/lkstlogd stop
lkst record -m RALL --buffer-size 4M -o "$LKST_OUT/trace" -- load26
cp /var/log/lkst/lkstlogdata-* "$LKST_OUT/log"
rmmod lkst
