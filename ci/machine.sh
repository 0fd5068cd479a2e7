# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
# ci/machine.sh - the machine a guest gets and the words its kernel understands, by the kernel's family:
# stock (x86-64, virtio) or 2.6 and 2.4 (i386, IDE, busybox on musl). Sourced by ci/boot.

# NAME:TYPE:MAJOR.MINOR of what must be there before anything can make nodes.
OLD_NODES='console:c:5.1 null:c:1.3 zero:c:1.5 full:c:1.7 random:c:1.8 urandom:c:1.9 mem:c:1.1 kmem:c:1.2 kmsg:c:1.11
	tty:c:5.0 ptmx:c:5.2 ttyS0:c:4.64 ttyS1:c:4.65 ttyS2:c:4.66 hda:b:3.0 hdb:b:3.64 ram0:b:1.0 ram1:b:1.1 loop0:b:7.0'

# Firmware with Secure Boot; its variables hold a key for tests, whose private half lies beside it (its password is
# in ovmf's README.Debian).
OVMF_CODE=/usr/share/OVMF/OVMF_CODE_4M.snakeoil.fd
OVMF_VARIABLES=/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd
OVMF_KEY=/usr/share/ovmf/PkKek-1-snakeoil

# The release a bzImage says it is: a string whose place, less 512, stands at byte 526.
image_release() {
	_at=$(od -An -tu2 -j526 -N2 "$vmlinuz" 2>/dev/null | tr -d ' ')
	tail -c "+$((${_at:-0} + 513))" "$vmlinuz" | head -c 64 | tr '\0' '\n' | sed -n '1s/ .*//p'
}

# Set $family and what follows from it: from $kernel, $release and the words of the command line.
choose_machine() {
	family=stock qemu_program=qemu-system-x86_64 drive_if=virtio disk_prefix=vd static_nodes='' sick_too=''
	base_modules="virtio_pci virtio_blk" panic_on_oops='' threads=single
	_release=${release:-$(image_release)}
	case $_release in
	2.[46].*) cat "$kernel"/config* "$kernel"/boot/config* 2>/dev/null | grep -q '^CONFIG_X86_64=y' ||
		family=$(echo "$_release" | cut -d. -f1,2) ;;
	esac
	if [ "$family" = stock ]; then
		cpu=${cpu:-qemu64}
		[ "$net" = no ] || base_modules="$base_modules virtio_net"
		return
	fi
	[ -z "$hotplug" ] || die "$EX_USAGE" "reading the arguments: --hotplug-max is not for kernel $family"
	[ "$secure" = no ] || die "$EX_USAGE" "reading the arguments: --secure-boot is not for kernel $family"
	[ "$net" = no ] || die "$EX_USAGE" "reading the arguments: --net is not for kernel $family"
	qemu_program=qemu-system-i386 drive_if=ide disk_prefix=hd static_nodes=$OLD_NODES base_modules=''
	cpu=${cpu:-pentium3}
	# Old kernels spin where new ones sleep; in one thread a spinning CPU takes the other's time.
	[ "$smp" = 1 ] || threads=multi
	[ "$allow" = yes ] || panic_on_oops=1
	sick_too='|Unable to handle kernel|Badness in |bad: scheduling|Bad page state|slab error|LOCKUP'
}

# For --secure-boot: $vmlinuz becomes a copy that has one more signature, which the firmware knows.
sign_kernel() {
	need_tools packages sbsign openssl
	[ -f "$OVMF_CODE" ] || die "$EX_SKIP" "looking for firmware: there is no $OVMF_CODE (run ci/deps packages)"
	cp "$OVMF_VARIABLES" "$tmp/efi-variables"
	if ! openssl rsa -in "$OVMF_KEY.key" -passin pass:snakeoil -out "$tmp/key" 2>"$tmp/sign.log" ||
		! sbsign --key "$tmp/key" --cert "$OVMF_KEY.pem" --output "$tmp/vmlinuz" "$vmlinuz" \
			>>"$tmp/sign.log" 2>&1; then
		cat "$tmp/sign.log" >&2
		die "$EX_FAIL" "signing $vmlinuz: openssl or sbsign failed (their words are above)"
	fi
	vmlinuz=$tmp/vmlinuz
}

# busybox of the host's archive, or one that runs on old kernels.
guest_busybox() {
	if [ "$family" = stock ]; then
		_dir=$("$CI/unpack" busybox-static) || exit $?
		echo "$_dir/bin/busybox"
	else
		"$CI/busybox-i386"
	fi
}

# Looking for a drive, 2.4 waits for seconds in loops that read the cycle counter; counting instructions, QEMU takes
# minutes for those. What this machine does not have is not looked for.
no_drives() {
	_drives='hda hdb hdc hdd'
	[ -z "$out$disk" ] || _drives='hdb hdc hdd'
	[ -z "$out" ] || [ -z "$disk" ] || _drives='hdc hdd'
	for _d in $_drives ide2 ide3 ide4 ide5; do printf ' %s=noprobe' "$_d"; done
}

# tsc=reliable: QEMU's CPUs all read one clock, which Linux would not believe of this CPU model with
# more than one; --append tsc=unstable takes it back.
kernel_line() {
	case $family in
	stock)
		printf 'console=ttyS0 loglevel=5 panic=-1 rdinit=/init tsc=reliable'
		[ "$allow" = yes ] || printf ' oops=panic'
		[ "$icount" = no ] || printf ' clocksource=tsc' ;;
	2.6)
		printf 'console=ttyS0,115200 panic=1'
		[ -z "$nmi" ] || printf ' nmi_watchdog=1'	# or it prints a complaint for each, which can deadlock
		[ "$icount" = no ] || printf ' clock=tsc' ;;
	2.4)
		printf 'console=ttyS0,115200 panic=1 root=/dev/ram0 rw init=/init'
		printf ' ramdisk_size=%s' "${ramdisk_kb:-32768}"
		[ "$icount" = no ] || no_drives
		if [ -n "$nmi" ]; then
			printf ' nmi_watchdog=1'
		elif [ "$smp" = 1 ]; then
			printf ' noapic'	# the timer check there is hard to pass on a busy host
		fi ;;
	esac
	printf '%s' "$append"
}
