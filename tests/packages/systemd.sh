#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# systemd.sh - guest, in which systemd is process 1: the daemon is its service, the device is udev's, the group is made
# by sysusers where it is not there. In /rpms are the packages of release 1, in /rpms2 those of release 2.

# shellcheck source=tests/packages/guest.sh
. /t/guest.sh
UNIT=lkstlogd.service

# show PROPERTY: what systemd says of the service
show() {
	systemctl show --property "$1" --value $UNIT
}

# program: of the daemon that runs
program() {
	readlink "/proc/$(show MainPID)/exe"
}

rpm -ihv /dist/lkst-test-distribution-2-*.rpm >/dev/null 2>&1
is "$(cat /proc/1/comm)" systemd "systemd is process 1"
passes "udevd runs" systemctl is-active systemd-udevd.service
passes "rpm -ihv lkstutils and kmod-lkst" rpm -ihv /rpms/lkstutils-0*.rpm /rpms/kmod-lkst-*.rpm
fails 3 "the service is known, and not started by installing it" inactive systemctl is-active $UNIT
like "... nor wanted at the next boot" '^disabled' sh -c "systemctl is-enabled $UNIT || :"
[ ! -e /dev/lkst ]
ok $? "there is no device yet"

# As at the boot of a system to which the package came without groupadd: an image, say.
sed -i '/^lkst:/d' /etc/group /etc/gshadow
passes "sysusers is started" systemctl restart systemd-sysusers.service
like "... and made the group" '^lkst:' cat /etc/group

passes "systemctl start lkstlogd" systemctl start $UNIT
udevadm settle
passes "it runs" systemctl is-active $UNIT
is "$(program)" /usr/sbin/lkstlogd "... as the program of the package"
is "$(stat -c '%F %a %U %G' /dev/lkst)" "character special file 640 root lkst" "udev gave the device to the group"
like "... by the package's rule" '70-lkst.rules:[0-9]+ .*GROUP' sh -c 'udevadm test /class/misc/lkst 2>&1'
/usr/sbin/usermod -a -G lkst reader
(while :; do cat /proc/version >/dev/null; usleep 10000; done) &
load=$!
recorded 200
ok $? "it records a load"
passes "a member of the group may ask the tracer" as reader 'lkst status'
fails 1 "others may not" 'permission denied.*member of the group' as other 'lkst status'

old=$(show MainPID)
passes "rpm -Uhv of a higher release while it records" rpm -Uhv /rpms2/lkstutils-0*.rpm /rpms2/kmod-lkst-*.rpm
is "$(rpm -q --qf '%{release}' lkstutils)" 2 "... is installed"
[ "$(show MainPID)" != "$old" ] && [ ! -d "/proc/$old" ] && systemctl is-active $UNIT >$T/log
ok $? "... and systemd started the daemon anew ($old, now $(show MainPID))"
is "$(program)" /usr/sbin/lkstlogd "... as the new program"
recorded 200
ok $? "... and it records"
is "$(show NRestarts) $(show Result)" "0 success" "... and never failed"
kill $load

# As on a system without chkconfig, where systemctl finds nobody to enable the init script: lkstlogd(8).
rm /lib/systemd/systemd-sysv-install
fails 1 "systemctl enable wants what is not here" 'Failed to execute' systemctl enable $UNIT
passes "... and enables the unit when told to leave the rest" env SYSTEMCTL_SKIP_SYSV=1 systemctl enable $UNIT
passes "rpm -e while it records" rpm -e lkstutils "kmod-lkst-$(uname -r)"
fails 3 "... the daemon was stopped" inactive systemctl is-active $UNIT
is "$(show LoadState)" not-found "... systemd knows no such service any more"
is "$(find /etc/systemd -name 'lkst*' ! -name lkst-guest.service)" "" "... nor is it to be started at boot"
[ ! -d /sys/module/lkst ] && [ ! -e /dev/lkst ]
ok $? "... the module is gone, and its device"
cp /var/log/lkst/lkstlogdata-* /out/
done_testing
