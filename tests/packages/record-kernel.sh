#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# record-kernel.sh UNAME - guest: a system that rpm installed, kernel and all; the daemon runs by its init script, a
# load is recorded. Then the module that was built against the kernel's devel package takes the place of its own.
set -eu
[ "$(uname -r)" = "$1" ]
rm -f /dev/lkst
/etc/init.d/lkstlogd start
/etc/init.d/lkstlogd status
find /dev/lkst -type c -perm 640 -group lkst | grep -q .
/etc/init.d/lkstlogd stop
lkst record -m RALL --buffer-size 4M -o "$LKST_OUT/trace" -- load26
cp /var/log/lkst/lkstlogdata-* "$LKST_OUT/log"
rmmod lkst
insmod /devel/lkst.*o
lkst status >/dev/null
rmmod lkst
