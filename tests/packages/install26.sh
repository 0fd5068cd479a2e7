#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# install26.sh - guest: install kernels and commands for an old system into its root, /old, by rpm --root.
# What comes of it goes to /out: /out/up has the kernel, /out/smp kernel-smp.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh

# into ROOT RPM-ARGUMENT...
into() {
	_root=$1
	shift
	/usr/bin/rpm --root "$_root" "$@"
}

mkdir -p /old/boot/grub
echo 'default=0 title the one that runs, kernel /boot/vmlinuz-2.4.20' >/old/boot/grub/grub.conf
cp /old/boot/grub/grub.conf $T/grub.conf
mknod -m 666 /old/dev/null c 1 3	# scriptlets write there
cp -a /old /out/up
cp -a /old /out/smp
for k in up smp; do
	passes "$k: the distribution's packages" into /out/$k -ihv /dist/lkst-test-distribution-2-1.i686.rpm
	passes "$k: rpm -ihv lkstutils, for i686" into /out/$k -ihv /rpms/lkstutils-0*.i686.rpm
done

# A distribution with a hook for new kernels, and one without.
printf '#!/bin/sh\necho "$*" >>/boot/hook\n' >/out/smp/sbin/new-kernel-pkg
chmod 755 /out/smp/sbin/new-kernel-pkg
like "up: rpm -ihv kernel; without a hook it is said what to do" \
	'give the boot loader an entry for /boot/vmlinuz-2.6.9-1.lkst1$' \
	into /out/up -ihv /rpms/kernel-2.6.9-1.lkst1.i686.rpm
passes "smp: rpm -ihv kernel-smp" into /out/smp -ihv /rpms/kernel-smp-2.6.9-1.lkst1.i686.rpm
is "$(cat /out/smp/boot/hook)" "--package kernel-smp --mkinitrd --depmod --install 2.6.9-1.lkst1smp" \
	"smp: the hook was called"
for k in up smp; do
	cmp /out/$k/boot/grub/grub.conf $T/grub.conf
	ok $? "$k: nothing else touched the boot loader"
	is "$(into /out/$k -V lkstutils "$(into /out/$k -qa 'kernel*')" 2>&1)" "" "$k: rpm -V finds nothing changed"
	grep -q 'extra/lkst.ko' /out/$k/lib/modules/*/modules.dep
	ok $? "$k: the module is known to modprobe"
done

# Beside the first, and gone again.
cp -a /out/up $T/both
passes "rpm -ihv kernel-smp beside kernel" into $T/both -ihv /rpms/kernel-smp-2.6.9-1.lkst1.i686.rpm
[ -e $T/both/boot/vmlinuz-2.6.9-1.lkst1 ] && [ -e $T/both/boot/vmlinuz-2.6.9-1.lkst1smp ]
ok $? "... both are there"
passes "rpm -e kernel-smp" into $T/both -e kernel-smp
is "$(find $T/both -name '*lkst1smp*')" "" "... nothing of it is left"
[ -e $T/both/boot/vmlinuz-2.6.9-1.lkst1 ]
ok $? "... and the other stays"
rm /out/up/dev/null /out/smp/dev/null	# whoever boots these roots has devices of his own
done_testing
