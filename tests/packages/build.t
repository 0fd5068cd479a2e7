#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# build.t - how the packages came about: the same in two folders, in forms that old distributions read,
# clean under rpmlint, signed so that a changed byte is seen.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"
cd "$top" || exit 1

# rpmlib PACKAGE...: the features of rpm that they ask for
rpmlib() {
	rpm -qp --requires "$@" 2>/dev/null | sed -n 's/^rpmlib(\(.*\)).*/\1/p' | sort -u | tr '\n' ' '
}

for f in spec/lkstutils.spec spec/kmod-lkst.spec spec/lkst-kernel-patches.spec; do
	grep -qx "Version: $lkst_version" "$f"
	ok $? "$f has the version of the Makefile"
done

! grep -rnE -e '-{2}(nodeps|force|nosignature|nodigest|replacefiles)' README.md ci/demo* ci/rpm* spec tests/packages \
	>"$tmp/log"
ok $? "no rpm is told to look away"

# A second time: from the tarball, in another folder, with another umask.
umask 077
another=$tmp/another/folder/lkst-$lkst_version
mkdir -p "${another%/*}"
tar -xzf "$b/dist/lkst-$lkst_version.tar.gz" -C "${another%/*}"
(cd "$another" && tests/packages/ordinary make -s rpm srpm KERNEL="$kernel" B=build RPMS=rpms) >"$tmp/log" 2>&1
ok $? "the tarball builds its packages, as an ordinary user"
cmp "$b/dist/lkst-$lkst_version.tar.gz" "$another/build/dist/lkst-$lkst_version.tar.gz" >"$tmp/log" 2>&1
ok $? "the tarball makes the same tarball"
for f in "$pkg"/1/*.rpm; do
	other=$another/rpms/${f##*/}
	cmp "$f" "$other" >"$tmp/log" 2>&1
	ok $? "${f##*/} is the same from both folders"
done
[ "$(find "$pkg/1" -name '*.rpm' | wc -l)" = "$(find "$another/rpms" -name '*.rpm' | wc -l)" ]
ok $? "... and no other came out"

for f in "$pkg"/1/*.i686.rpm "$pkg"/1/*.noarch.rpm; do
	case $f in
	*dkms*) continue ;;	# for kernels of today
	esac
	rpmlib "$f" >"$tmp/log"
	! tr -s ' ' '\n' <"$tmp/log" | grep -qvxE 'CompressedFileNames|PayloadFilesHavePrefix|VersionedDependencies'
	ok $? "${f##*/} is for any rpm: $(cat "$tmp/log")"
	rpm -qp --qf '%{payloadcompressor} %{filedigestalgo} %{filetriggername}\n' "$f" >"$tmp/log" 2>&1
	grep -qE '^gzip (\(none\)|1) \(none\)$' "$tmp/log"
	ok $? "${f##*/}: gzip, MD5, no file triggers"
done
# No rpm of those days is here. busybox has one, which has nothing of rpm's own source and knows the old forms only.
busybox=$(ci/unpack busybox-static)/bin/busybox
for f in "$pkg"/1/*.i686.rpm; do
	rpm -qpl "$f" 2>"$tmp/log" | LC_ALL=C sort >"$tmp/files"
	"$busybox" rpm -qpl "$f" 2>"$tmp/log" | LC_ALL=C sort | cmp - "$tmp/files" >>"$tmp/log" &&
		[ "$("$busybox" rpm2cpio "$f" | cpio -t --quiet | wc -l)" = "$(wc -l <"$tmp/files")" ]
	ok $? "${f##*/}: another reader finds $(wc -l <"$tmp/files") files"
	[ "$(rpm -qp --qf '%{sigmd5}' "$f" 2>/dev/null)" != '(none)' ]
	ok $? "... and the sum that old ones check is there"
done
rpm -qp --scripts "$pkg"/1/lkstutils-[0-9]*.i686.rpm 2>/dev/null | sed '/scriptlet (using/d' >"$tmp/scripts"
dash -n "$tmp/scripts" 2>"$tmp/log" && shellcheck -s sh -e SC2154 "$tmp/scripts" >"$tmp/log" 2>&1
ok $? "the scriptlets are POSIX sh"
! rpm -qp --requires "$pkg"/1/*.i686.rpm 2>/dev/null | grep -E '^\(|\.so' >"$tmp/log"
ok $? "no rich dependencies, no libraries wanted"
case $(rpmlib "$pkg"/1/lkstutils-[0-9]*.x86_64.rpm) in
*FileDigests*PayloadIsZstd*) ok 0 "the packages for x86-64 have today's forms" ;;
*) ok 1 "the packages for x86-64 have today's forms" ;;
esac
rpm -qp --requires "$pkg"/1/kmod-lkst-*.x86_64.rpm >"$tmp/log" 2>/dev/null
[ "$(grep -c '^ksym(.*) = 0x' "$tmp/log")" -ge 100 ]
ok $? "the module's package asks for the symbols of the kernel, with versions"

# Of the user's tree the package takes the name, and the tree stays outside.
mkdir "$tmp/linux"
printf '%s\n' 'VERSION = 2' 'PATCHLEVEL = 4' 'SUBLEVEL = 21' 'EXTRAVERSION = -20.19AX' >"$tmp/linux/Makefile"
ci/rpm --source --smp --tree "$tmp/linux" --out "$tmp/kernel" --work "$tmp/work" "$b/dist/lkst-$lkst_version.tar.gz" \
	kernel-lkst:i686 >"$tmp/log" 2>&1
[ "$(rpm -qp --qf '%{nvra}\n' "$tmp"/kernel/*.rpm 2>/dev/null)" = kernel-smp-2.4.21-20.19AX.lkst1.i686 ]
ok $? "2.4.21-20.19AX becomes kernel-smp-2.4.21-20.19AX.lkst1.i686.rpm"
rpm -qpl "$tmp"/kernel/*.rpm >"$tmp/log" 2>&1
[ "$(cat "$tmp/log")" = "kernel-lkst.spec
lkst-$lkst_version.tar.gz" ]
ok $? "... and nothing of the tree is in its source package"

# A tarball of it, however it is packed, is as good as the tree; unpacked into a cache of this test's own.
for f in gz bz2 xz; do
	tar -caf "$tmp/linux-2.4.21.tar.$f" -C "$tmp" linux
	LKST_CACHE=$tmp/cache ci/rpm --source --smp --tree "$tmp/linux-2.4.21.tar.$f" --out "$tmp/$f" \
		--work "$tmp/work" "$b/dist/lkst-$lkst_version.tar.gz" kernel-lkst:i686 >"$tmp/log" 2>&1 &&
		[ -f "$tmp/$f/kernel-smp-2.4.21-20.19AX.lkst1.src.rpm" ]
	ok $? "... linux-2.4.21.tar.$f, too"
done
for f in 2.4.21.tar.gz nowhere/linux linux-2.4.21; do
	ci/rpm --source --tree "$f" --out "$tmp/kernel" --work "$tmp/work" "$b/dist/lkst-$lkst_version.tar.gz" \
		kernel-lkst:i686 >"$tmp/log" 2>&1
	[ $? = 4 ] && grep -q "there is neither a directory nor a tarball $f" "$tmp/log"
	ok $? "a TREE that is not there is said so: $f"
done

# A series of the user's for that tree is asked for its patches, that of the family is not.
mkdir "$tmp/own"
printf '%s\n' '# base 2.4.21-20.19AX' hook-nothing.patch >"$tmp/own/series"
ci/rpm --tree "$tmp/linux" --series "$tmp/own" --out "$tmp/kernel" --work "$tmp/work" \
	"$b/dist/lkst-$lkst_version.tar.gz" kernel-lkst:i686 >"$tmp/log" 2>&1
[ $? = 1 ] && grep -q "there is no patch $tmp/own/hook-nothing.patch" "$tmp/log"
ok $? "kernel-lkst is made with the series that --series names"
ci/rpm --tree "$tmp/linux" --series "$tmp/linux" --out "$tmp/kernel" --work "$tmp/work" \
	"$b/dist/lkst-$lkst_version.tar.gz" kernel-lkst:i686 >"$tmp/log" 2>&1
[ $? = 4 ] && grep -q "there is no $tmp/linux/series" "$tmp/log"
ok $? "... and one that is not there is said so"

# One by one: of several source packages at once rpmlint takes the recipes for those of one.
for f in "$pkg"/1/*.rpm; do
	rpmlint -c spec/rpmlint.toml "$f" >"$tmp/log" 2>&1 && grep -q ' 0 errors, 0 warnings' "$tmp/log"
	ok $? "${f##*/}: rpmlint finds nothing but what spec/rpmlint.toml excepts"
done

# A system of rpm's own, which has gcc and make and no more: what to build with is looked for in its database.
mkdir -p "$tmp/system/home" "$tmp/system/root"
printf '%%_vendor redhat\n%%_dbpath %s\n' "$tmp/system/root/var/lib/rpm" >"$tmp/system/home/.rpmmacros"
printf '%s\n' 'Name: rpm' 'Version: 4' 'Release: 1' 'Summary: A system' 'License: GPL' 'AutoReqProv: no' \
	'Provides: gcc, make' '%description' 'It stands for the packages of a distribution.' '%files' \
	>"$tmp/system/rpm.spec"
rpmbuild -bb --define "_topdir $tmp/system" --target noarch "$tmp/system/rpm.spec" >"$tmp/log" 2>&1 &&
	install_here "$tmp/system/root" "$tmp"/system/RPMS/noarch/rpm-4-1.noarch.rpm >"$tmp/log" 2>&1
ok $? "a system of rpm's own"
HOME=$tmp/system/home ci/rpm --out "$tmp/kernel" --work "$tmp/work" "$b/dist/lkst-$lkst_version.tar.gz" lkstutils \
	>"$tmp/log" 2>&1
[ $? = 1 ] && grep -q '	musl-gcc is needed by lkstutils' "$tmp/log" && ! grep -q '	gcc is needed' "$tmp/log"
ok $? "what it lacks is named, what it has is not"

# Signed by a key that lives as long as this test.
GNUPGHOME=$tmp/gpg
export GNUPGHOME
mkdir -m 700 "$GNUPGHOME"
gpg --batch --passphrase '' --quick-generate-key 'lkst test' rsa2048 sign never >"$tmp/log" 2>&1
ok $? "a key"
ci/rpm --sign 'lkst test' --out "$tmp/signed" --work "$tmp/work" "$b/dist/lkst-$lkst_version.tar.gz" \
	lkst-kernel-patches:noarch >"$tmp/log" 2>&1
ok $? "SIGN: a package is built, signed and checked"
f=$tmp/signed/lkst-kernel-patches-$lkst_version-1.noarch.rpm
rpm -Kv --define "_dbpath $tmp/work/keys" "$f" >"$tmp/log" 2>&1 &&
	grep -q 'Header V[34] RSA/.* Signature.*: OK' "$tmp/log"
ok $? "rpm -K knows the signature"
size=$(stat -c %s "$f")
printf 'X' | dd of="$f" bs=1 seek=$((size - 100)) conv=notrunc 2>/dev/null
rpm -K --define "_dbpath $tmp/work/keys" "$f" >"$tmp/log" 2>&1
[ $? = 1 ] && grep -q 'DIGESTS SIGNATURES NOT OK' "$tmp/log"
ok $? "... and refuses it with one byte changed"
ci/rpm --sign 'nobody at all' --out "$tmp/signed" --work "$tmp/work" "$b/dist/lkst-$lkst_version.tar.gz" \
	lkst-kernel-patches:noarch >"$tmp/log" 2>&1
[ $? = 1 ] && grep -q 'gpg has none of that name' "$tmp/log"
ok $? "a key that is not there is said so"
gpgconf --kill all
echo "1..$tests"
