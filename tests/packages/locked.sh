#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# locked.sh - guest, whose kernel loads signed modules only: what rpm says when it installs kmod-lkst is
# what is to be done.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
/usr/bin/rpm -ihv /dist/lkst-test-distribution-2-*.rpm >/dev/null 2>&1
case $1 in
unsigned) next='/lib/modules/.*/build/scripts/sign-file sha256 KEY.pem CERT.der /lib/modules/.*/extra/lkst.ko' ;;
*) next='mokutil --import /usr/share/lkst/kmod-lkst-.*.der$' ;;
esac
/usr/bin/rpm -ihv /rpms/kmod-lkst-*.rpm >$T/said 2>&1
ok $? "$1: kmod-lkst is installed"
cp $T/said $T/log
grep -q 'this kernel loads signed modules only' $T/said
ok $? "$1: it says that the kernel will refuse it"
cp $T/said $T/log
grep -Eq "$next" $T/said
ok $? "$1: ... and the next command"
if [ "$1" = signed ]; then
	file=$(sed -n 's/.*mokutil --import //p' $T/said)
	[ -s "$file" ]
	ok $? "signed: ... whose file is there"
	is "$(/sbin/modinfo -F signer lkst)" "lkst test" "signed: the module is"
else
	is "$(/sbin/modinfo -F signer lkst)" "" "unsigned: the module is"
fi
fails 1 "$1: the kernel refuses the module indeed" 'Required key not available|Key was rejected' /sbin/modprobe lkst
done_testing
