# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# kernel.sh - what is the same in the tests of kernels as packages: built from the user's tree, installed into a root
# by rpm; that root boots, with the kernel and the modules that lie in it, and records. Sourced after lib.sh; who does
# so sets version= (of the tree), uname= (of the kernel that comes of it) and kinds= (up, or up and smp), and for a tree
# of any name tree= and series=.

release=${uname#*-}
number=${uname%%-*}

# What load26 makes at least; for who sources this.
# shellcheck disable=SC2034
case $version in
2.4*) events='PROCESS_FORK:46 PROCESS_SIGSEND:23 SYSCALL_ENTRY:23 IPC_SEMOP:23' ;;
*) events='PROCESS_FORK:23 PROCESS_SIGSEND:23 SYSCALL_SYSENTER:46 IPC_SEMOP:23' ;;
esac

# package KIND [devel]: the name of its package
package() {
	_smp=
	[ "$1" = up ] || _smp=-smp
	echo "$pkg/$version/kernel$_smp${2:+-$2}-$number-$release.i686.rpm"
}

need_tree() {
	if ! LKST_REQUIRE_TREES='' "$top/tests/legacy/need-tree" "$version" 2>"$tmp/log"; then
		echo "1..0 # SKIP $(cat "$tmp/log")"
		exit 0
	fi
}

# make_kernel KIND FOLDER OUT [TREE]
make_kernel() {
	_arg=
	[ "$1" = up ] || _arg=yes
	make -s -C "$top" rpm-kernel TREE="${4:-${tree:-$version}}" SERIES="${series:-}" SMP="$_arg" B="$2" RPMS="$3" \
		>"$tmp/log" 2>&1
}

build_kernels() {
	rm -rf "${pkg:?}/$version"
	for _k in $kinds; do
		make_kernel "$_k" "$tmp/build" "$pkg/$version" && [ -f "$(package "$_k")" ] && [ -f "$(package "$_k" devel)" ]
		ok $? "$_k: the kernel and its devel package are built"
	done
	rpm -qp --requires "$pkg/$version"/*.rpm 2>/dev/null | sed -n 's/^rpmlib(\(.*\)).*/\1/p' |
		grep -vxE 'CompressedFileNames|PayloadFilesHavePrefix|VersionedDependencies' >"$tmp/log"
	[ ! -s "$tmp/log" ]
	ok $? "they are for any rpm"
	rpmlint -c "$top/spec/rpmlint.toml" "$pkg/$version"/*.rpm >"$tmp/log" 2>&1 &&
		grep -q ' 0 errors, 0 warnings' "$tmp/log"
	ok $? "rpmlint finds nothing but what spec/rpmlint.toml excepts"
}

# Always the same bytes: what find_tree unpacks stays in the cache, by its sum.
make_tarball() {
	tarball=$tmp/linux-$version.tar.gz
	tar -cf - --sort=name --owner=0 --group=0 --numeric-owner \
		-C "${LKST_TREES:-${LKST_CACHE:-$HOME/.cache/lkst}/trees}" "linux-$version" 2>"$tmp/log" |
		gzip -1n >"$tarball" && [ ! -s "$tmp/log" ]
	ok $? "the tree as a tarball, ${tarball##*/}"
}

# same KIND [TREE]: built once more, from the first file to the last, in another folder, at another time, of TREE
same() {
	make_kernel "$1" "$tmp/another/folder" "$tmp/again" ${2:+"$2"}
	ok $? "$1: built in another folder${2:+, of ${2##*/}}"
	for _f in "$(package "$1")" "$(package "$1" devel)"; do
		cmp "$_f" "$tmp/again/${_f##*/}" >"$tmp/log" 2>&1
		ok $? "$1: ${_f##*/} is the same from both"
	done
}

# module KIND: the tracer's module once more, outside any tree, against what the devel package brings
module() {
	_dir=$tmp/devel-$1
	_tree=$_dir/root/usr/src/kernels/$uname
	[ "$1" = up ] || _tree=${_tree}smp
	mkdir -p "$_dir/root"
	install_here "$_dir/root" "$(package "$1" devel)" >"$tmp/log" 2>&1
	ok $? "$1: the devel package is installed"
	_cross=$("$top/ci/toolchain" 2>"$tmp/log")
	printf '#!/bin/sh\nexec make -C "%s" ARCH=i386 CROSS_COMPILE="%s" HOSTCC="gcc -w -fcommon -std=gnu89" "$@"\n' \
		"$_tree" "$_cross" >"$_dir/make"
	chmod 755 "$_dir/make"
	ln -s "$_tree" "$_dir/build"
	[ "${version#2.4}" != "$version" ] || "$_dir/make" oldconfig scripts </dev/null >"$tmp/log" 2>&1
	ok $? "$1: ... and ready for modules, as its description says"
	"$top/ci/build-kmod" "$_dir" "$_dir/out" >"$tmp/log" 2>&1
	ok $? "$1: a module is built against it"
}

install_kernels() {
	"$top/ci/rpmroot" --old "$tmp/old" >"$tmp/log" 2>&1
	ok $? "a root for old kernels"
	cp -RPp "$pkg/root/root" "$tmp/root"
	cp -RPp "$tmp/old/root" "$tmp/root/old"
	set --
	for _k in $kinds; do
		set -- "$@" --add "$(package "$_k"):/rpms/"
	done
	"$top/ci/boot" "$kernel" --mem 768 --timeout 900 --root "$tmp/root" --out "$tmp/installed" \
		--add "$top/tests/guest/lib.sh:/t/" --add "$top/tests/tap.sh:/t/" \
		--add "$tmp/old/lkst-test-distribution-2-1.i686.rpm:/dist/" \
		--add "$(ls "$pkg"/1/lkstutils-[0-9]*.i686.rpm):/rpms/" "$@" -- \
		"$top/tests/packages/install-kernel.sh" "$number" "$release" >"$tmp/tap" 2>"$tmp/log"
	ok $? "packages are installed in a guest"
	tell_again "$tmp/tap"
}

# boot KIND 'EVENT:LEAST EVENT:LEAST...' OPTION...: what rpm installed is the kernel and the system
boot() {
	_kind=$1 _events=$2 _uname=$uname
	[ "$1" = up ] || _uname=${uname}smp
	shift 2
	"$top/ci/boot" "$tmp/installed/$_kind" --root "$tmp/installed/$_kind" --timeout 600 --out "$tmp/$_kind" \
		--add "$b/guest26/load26" --add "$(echo "$tmp/devel-$_kind/out"/lkst.*o):/devel/" "$@" -- \
		"$top/tests/packages/record-kernel.sh" "$_uname" >"$tmp/log" 2>&1
	ok $? "$_kind: the root boots as $_uname, the daemon runs, a load is recorded, the module built apart fits"
	for _e in $_events; do
		"$b/x86_64/lkstla" print "$tmp/$_kind/trace" 2>"$tmp/log" | grep -c " ${_e%:*} " >"$tmp/count"
		[ "$(cat "$tmp/count")" -ge "${_e#*:}" ]
		ok $? "$_kind: ${_e%:*} seen on the host ($(cat "$tmp/count"), at least ${_e#*:})"
	done
	"$b/x86_64/lkstla" print "$tmp/$_kind/log" >"$tmp/log" 2>&1
	ok $? "$_kind: the daemon's log is whole"
}
