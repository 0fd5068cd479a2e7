#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# install-kernel.sh NUMBER RELEASE - guest: install kernels and commands for an old system into its root, /old, by
# rpm --root. What comes of it goes to /out: /out/up has the kernel, /out/smp kernel-smp, if /rpms has one.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
number=$1 release=$2
kinds=up
[ ! -e "/rpms/kernel-smp-$number-$release.i686.rpm" ] || kinds='up smp'

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
for k in $kinds; do
	cp -a /old "/out/$k"
	passes "$k: the distribution's packages" into "/out/$k" -ihv /dist/lkst-test-distribution-2-1.i686.rpm
	passes "$k: rpm -ihv lkstutils, for i686" into "/out/$k" -ihv /rpms/lkstutils-0*.i686.rpm
done

# A distribution with a hook for new kernels, and one without.
like "up: rpm -ihv kernel; without a hook it is said what to do" \
	"give the boot loader an entry for /boot/vmlinuz-$number-$release\$" \
	into /out/up -ihv "/rpms/kernel-$number-$release.i686.rpm"
if [ "$kinds" != up ]; then
	printf '#!/bin/sh\necho "$*" >>/boot/hook\n' >/out/smp/sbin/new-kernel-pkg
	chmod 755 /out/smp/sbin/new-kernel-pkg
	passes "smp: rpm -ihv kernel-smp" into /out/smp -ihv "/rpms/kernel-smp-$number-$release.i686.rpm"
	is "$(cat /out/smp/boot/hook)" "--package kernel-smp --mkinitrd --depmod --install $number-${release}smp" \
		"smp: the hook was called"
fi
for k in $kinds; do
	cmp "/out/$k"/boot/grub/grub.conf $T/grub.conf
	ok $? "$k: nothing else touched the boot loader"
	is "$(into "/out/$k" -V lkstutils "$(into "/out/$k" -qa 'kernel*')" 2>&1)" "" "$k: rpm -V finds nothing changed"
	grep -q '^[./]*extra/lkst\.k\{0,1\}o' "/out/$k"/lib/modules/*/modules.dep
	ok $? "$k: the module is known to modprobe"
done

# Beside the first, and gone again.
if [ "$kinds" != up ]; then
	cp -a /out/up $T/both
	passes "rpm -ihv kernel-smp beside kernel" into $T/both -ihv "/rpms/kernel-smp-$number-$release.i686.rpm"
	[ -e "$T/both/boot/vmlinuz-$number-$release" ] && [ -e "$T/both/boot/vmlinuz-$number-${release}smp" ]
	ok $? "... both are there"
	passes "rpm -e kernel-smp" into $T/both -e kernel-smp
	is "$(find $T/both -name '*lkst1smp*')" "" "... nothing of it is left"
	[ -e "$T/both/boot/vmlinuz-$number-$release" ]
	ok $? "... and the other stays"
fi
for k in $kinds; do
	rm "/out/$k"/dev/null	# whoever boots these roots has devices of his own
done
done_testing
