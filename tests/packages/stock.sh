#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# stock.sh - guest: packages come, work, are replaced while they work, and go. In /rpms are those of release
# 1, in /rpms2 those of release 2, in /dist the packages that stand for the distribution; nothing of ours is
# in the guest but by rpm.

# shellcheck source=tests/packages/guest.sh
. /t/guest.sh
LOGS=/var/log/lkst

# files: every file of the system, but for what is not of packages
files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /out -o \
		-path /var/lib/rpm \) -prune -o -print | sort
}

daemon() {
	cat /var/run/lkstlogd.pid 2>/dev/null
}

# The distribution, with one symbol of the kernel in another version: the module is refused, by name. A kernel without
# symbol versions is asked for by its file.
passes "the distribution's packages, one symbol changed" rpm -ihv /dist/lkst-test-distribution-1-*.rpm
if rpm -qp --requires /rpms/kmod-lkst-*.rpm | grep -q '^ksym('; then
	fails 1 "the module is refused where a symbol has another version" \
		'ksym\(register_kprobe\) = 0x[0-9a-f]* is needed by kmod-lkst' rpm -ihv /rpms/kmod-lkst-*.rpm
else
	rpm -qp --requires /rpms/kmod-lkst-*.rpm | grep -qxF "/boot/vmlinuz-$(uname -r)"
	ok $? "the module asks for its kernel, which has no symbol versions"
fi
is "$(rpm -qa | grep -c lkst | tr -d ' ')" 1 "... and nothing of it is installed"
passes "the distribution's packages as the kernel is" rpm -Uhv /dist/lkst-test-distribution-2-*.rpm
files >$T/before

# The walk of the article.
passes "rpm -ihv lkstutils and kmod-lkst" rpm -ihv /rpms/lkstutils-0*.rpm /rpms/kmod-lkst-*.rpm
is "$(rpm -V lkstutils "kmod-lkst-$(uname -r)" 2>&1)" "" "rpm -V finds nothing changed"
fails 1 "lkst-dkms conflicts with kmod-lkst" \
	'kmod-lkst.*conflicts|conflicts with.*kmod-lkst' rpm -ihv /rpms/lkst-dkms-*.rpm
grep -q '^lkst:' /etc/group
ok $? "the group lkst is there"
/usr/sbin/usermod -a -G lkst reader
fails 3 "the daemon is not started by installing it" 'does not run' /etc/init.d/lkstlogd status
passes "the daemon starts by its init script" /etc/init.d/lkstlogd start
like "... and runs" "process $(daemon)" /etc/init.d/lkstlogd status
passes "... and stops" /etc/init.d/lkstlogd stop
passes "record as root" lkst record -e SYSCALL -o $T/root.trace -- ls /usr/bin
like "... and measure" '^ *read|getdents' sh -c "lkstla syscall $T/root.trace"
lkst start && ls >/dev/null && lkst stop
passes "a member of the group lkst reads" as reader 'lkst snapshot -o /tmp/reader.trace'
at_least "$(lkstla print /tmp/reader.trace | grep -vc '^#')" 10 "... what was recorded"
fails 1 "others may not" 'permission denied.*member of the group' as other 'lkst snapshot -o /tmp/other.trace'
fails 1 "nobody but root may start" 'root|CAP_SYS_ADMIN|permitted|denied' as reader 'lkst start'

# Somebody's own handler: of two processes that end it keeps the one that failed.
passes "an event handler from outside is loaded" /sbin/insmod /t/failed.ko
like "... and known" ' failed' lksteh list
lkstm new -n FAILED -e PROCESS_EXIT -H "$(lksteh list | awk '$5 == "failed" { print $1 }')" >$T/log 2>&1
lkst record -m FAILED -o $T/failed.trace -- sh -c 'sh -c "exit 3"; sh -c "exit 0"; exit 0' >$T/log 2>&1
is "$(lkstla print $T/failed.trace | awk '$5 == "PROCESS_EXIT" { print $6 }')" code=768 "... keeps that and no other"
passes "... and goes" sh -c 'lkstm delete FAILED && /sbin/rmmod failed'

# Replaced while it records.
rm $LOGS/*
sed -i 's/^OPTIONS=.*/OPTIONS="-m RDEFAULT --buffer-size 2M --keep 9"/' /etc/sysconfig/lkstlogd
cp /etc/sysconfig/lkstlogd $T/edited
/etc/init.d/lkstlogd start
(while :; do cat /proc/version >/dev/null; usleep 10000; done) &
load=$!
recorded 200
ok $? "the daemon records a load"
old=$(daemon)
passes "rpm -Uhv of a higher release while it records" rpm -Uhv /rpms2/lkstutils-0*.rpm /rpms2/kmod-lkst-*.rpm
is "$(rpm -q --qf '%{release}' lkstutils)" 2 "... is installed"
new=$(daemon)
[ -n "$new" ] && [ "$new" != "$old" ] && [ ! -d "/proc/$old" ] && /etc/init.d/lkstlogd status >$T/log
ok $? "... and the daemon was restarted ($old, now $new)"
like "... as the new program" '^/usr/sbin/lkstlogd$' readlink "/proc/$new/exe"
cmp /etc/sysconfig/lkstlogd $T/edited
ok $? "... with the configuration as edited"
like "... and the new default beside it" '^OPTIONS=.*--keep 17"' cat /etc/sysconfig/lkstlogd.rpmnew
rm -f /etc/sysconfig/lkstlogd.rpmnew
recorded 200
ok $? "... and records"
passes "rpm -Uhv --oldpackage goes back" rpm -Uhv --oldpackage /rpms/lkstutils-0*.rpm /rpms/kmod-lkst-*.rpm
[ "$(daemon)" != "$new" ] && [ "$(rpm -q --qf '%{release}' lkstutils)" = 1 ] && cmp /etc/sysconfig/lkstlogd $T/edited
ok $? "... with the daemon restarted and the configuration as edited"
like "... and the old default beside it" '^OPTIONS=.*--keep 16"' cat /etc/sysconfig/lkstlogd.rpmnew
rm -f /etc/sysconfig/lkstlogd.rpmnew
recorded 200
ok $? "... and records"
kill $load
passes "the daemon stops" /etc/init.d/lkstlogd stop
cp $LOGS/lkstlogdata-* /out/

# Gone, while it records.
/etc/init.d/lkstlogd start
like "rpm -e" 'lkstutils' rpm -ev lkstutils "kmod-lkst-$(uname -r)"
{ cat $T/said; lsmod; } >$T/log
[ ! -d /sys/module/lkst ] && [ ! -e /var/run/lkstlogd.pid ]
ok $? "... nothing runs any more"
files >$T/after
grep -vxFf $T/before $T/after | grep -v "^$LOGS\(/lkstlogdata-[-0-9.a-z]*\)\{0,1\}\$" >$T/left
is "$(tr '\n' ' ' <$T/left)" "/etc/group- /etc/gshadow- /etc/sysconfig/lkstlogd.rpmsave " \
	"... and only logs and configuration are left"
is "$(grep -vxFf $T/after $T/before)" "" "... and nothing else is gone"
done_testing
