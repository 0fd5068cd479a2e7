#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# locked.t - on a kernel that loads signed modules only: what is said when the module is not signed, and
# when it is signed with a key that the kernel does not know.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=ci/machine.sh
. "$top/ci/machine.sh"

# Under Secure Boot. The firmware's own test key is one that the kernel trusts.
where=$("$top/ci/kernel" "$kernel" 2>"$tmp/log")
mkdir "$tmp/trusted"
openssl rsa -in "$OVMF_KEY.key" -passin pass:snakeoil -out "$tmp/trusted/key.pem" 2>"$tmp/log" &&
	openssl x509 -in "$OVMF_KEY.pem" -outform DER -out "$tmp/trusted/cert.der" 2>"$tmp/log"
ok $? "a key that the machine trusts"
headers=$(echo "$where" | sed -n 's/^headers=//p')
sign_file=/lib/modules/$(echo "$where" | sed -n 's/^release=//p')/build/scripts/sign-file
guest --secure-boot --kmod efivarfs --add "$(ls "$pkg"/1/kmod-lkst-*.x86_64.rpm):/rpms/" \
	--add "$(ls "$pkg"/1/lkstutils-[0-9]*.x86_64.rpm):/rpms/" --add "$tmp/trusted:/key" \
	--add "$headers/scripts/sign-file:$sign_file" -- \
	"$top/tests/packages/locked.sh" unsigned >"$tmp/unsigned" 2>"$tmp/log"
ok $? "the guest ran"
# The firmware and what it starts first write on every serial line.
sed '/EFI stub: /d' "$tmp/unsigned" >"$tmp/tap"
tell_again "$tmp/tap"

openssl req -new -x509 -newkey rsa:2048 -nodes -days 36500 -subj "/CN=lkst test/" -keyout "$tmp/key.pem" -outform DER \
	-out "$tmp/cert.der" >"$tmp/log" 2>&1
ok $? "a key of one's own"
# By its build directory, as who builds for the kernel that runs.
make -s -C "$top" rpm-module B="$b" RPMS="$tmp/rpms" KERNEL="$headers" MODULE_KEY="$tmp/key.pem" \
	MODULE_CERT="$tmp/cert.der" >"$tmp/log" 2>&1
ok $? "the module's package is built and signed with it"
guest --append module.sig_enforce=1 --add "$(ls "$tmp"/rpms/kmod-lkst-*.x86_64.rpm):/rpms/" -- \
	"$top/tests/packages/locked.sh" signed >"$tmp/signed" 2>"$tmp/log"
ok $? "the guest ran"
tell_again "$tmp/signed"
echo "1..$tests"
