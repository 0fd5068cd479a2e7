#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# locked.sh unsigned|signed - guest, whose kernel loads signed modules only, with 'unsigned' because of Secure Boot:
# what rpm says when it installs kmod-lkst is what is to be done.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
/usr/bin/rpm -ihv /dist/lkst-test-distribution-2-*.rpm >/dev/null 2>&1
case $1 in
unsigned)
	mkdir -p /sys/firmware/efi/efivars
	mount -t efivarfs efivarfs /sys/firmware/efi/efivars
	mount -t securityfs securityfs /sys/kernel/security
	like "unsigned: the kernel is locked down" '\[integrity\]' cat /sys/kernel/security/lockdown
	why='Secure Boot is on'
	next='/lib/modules/.*/build/scripts/sign-file sha256 KEY.pem CERT.der /lib/modules/.*/extra/lkst.ko' ;;
*)	why='this kernel loads signed modules only'
	next='mokutil --import /usr/share/lkst/kmod-lkst-.*.der$' ;;
esac
/usr/bin/rpm -ihv /rpms/*.rpm >$T/words 2>&1
ok $? "$1: kmod-lkst is installed"
cp $T/words $T/log
grep -q "$why" $T/words
ok $? "$1: it says that the kernel will refuse it: $why"
cp $T/words $T/log
grep -Eq "$next" $T/words
ok $? "$1: ... and the next command"
if [ "$1" = signed ]; then
	file=$(sed -n 's/.*mokutil --import //p' $T/words)
	[ -s "$file" ]
	ok $? "signed: ... whose file is there"
	is "$(/sbin/modinfo -F signer lkst)" "lkst test" "signed: the module is"
else
	is "$(/sbin/modinfo -F signer lkst)" "" "unsigned: the module is"
fi
fails 1 "$1: the kernel refuses the module indeed" \
	'Required key not available|Key was rejected|Operation not permitted' /sbin/modprobe lkst
if [ "$1" = unsigned ]; then
	sed -n 's/^  //; s,KEY.pem,/key/key.pem,; s,CERT.der,/key/cert.der,; /sign-file/p' $T/words >$T/next
	passes "unsigned: what it said is done, with a key that this machine trusts" sh $T/next
	passes "unsigned: ... the kernel takes the module" /sbin/modprobe lkst
	passes "unsigned: ... and records, locked down as it is" lkst record -e SYSCALL -o $T/trace -- ls /usr/bin
	at_least "$(lkstla print $T/trace | grep -vc '^#')" 10 "unsigned: ... system calls"
fi
done_testing
