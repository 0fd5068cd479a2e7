#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# install.t - 'make install-module' puts the modules where modprobe looks, never one that is made for another
# kernel, and 'make uninstall-module' takes them away; 'make' without its compiler or libraries says which packages
# have them.
#
#	KMOD_DIR  (environment) modules of a kernel (build/kmod-6.1)
cd "$(dirname "$0")/../.." || exit 1
kmod=${KMOD_DIR:-build/kmod-6.1}
unset MAKEFLAGS MFLAGS MAKELEVEL
. tests/host.sh

# refused NAME PATTERN COMMAND...
refused() {
	name=$1 pattern=$2
	shift 2
	! "$@" >"$T/log" 2>&1 && grep -Eq -- "$pattern" "$T/log"
	ok $? "$name"
}

release=$(modinfo -F vermagic "$kmod/lkst.ko" | cut -d' ' -f1)
dir=$T/root/lib/modules/$release/extra
make install-module DESTDIR="$T/root" KMOD="$kmod" RELEASE="$release" >"$T/log" 2>&1
ok $? "make install-module DESTDIR=... RELEASE=$release"
[ "$(cd "$dir" && echo *)" = "lkst.ko lkst.symvers lkst_watchdog.ko" ] &&
	cmp "$kmod/lkst.ko" "$dir/lkst.ko" >"$T/log" 2>&1
ok $? "module and handlers are in lib/modules/$release/extra"
depmod -b "$T/root" "$release" >"$T/log" 2>&1
modprobe -d "$T/root" -S "$release" --show-depends lkst_watchdog 2>>"$T/log" | grep -q '/lkst.ko'
ok $? "modprobe finds them there, the module before its handler"
refused "a module that is made for another kernel is refused" 'made for the kernel .*, not 9\.9\.9' \
	make install-module DESTDIR="$T/other" KMOD="$kmod" RELEASE=9.9.9
[ ! -e "$T/other" ]
ok $? "and nothing is left of it"
refused "one that was not built is asked for" "ci/build-kmod /lib/modules/9\.9\.9/build $T/none" \
	make install-module DESTDIR="$T/other" KMOD="$T/none" RELEASE=9.9.9
make uninstall-module DESTDIR="$T/root" RELEASE="$release" >"$T/log" 2>&1
ok $? "make uninstall-module"
[ -z "$(find "$T/root" -name 'lkst*')" ]
ok $? "takes them away"

# The maintainer's command runs from where it was installed, with all that belongs to it.
make install-series DESTDIR="$T/series" PREFIX=/usr >"$T/log" 2>&1
ok $? "make install-series"
cp /bin/true "$T/vmlinux"
for c in "abi-check --dry-run a b=lkst-abi-check" "off-path --dry-run a b=check-off-path" \
	"check --dry-run=check-hooks" "off-path $T/vmlinux $T=reading $T/vmlinux: it is no ELF file of 32 bits"; do
	# shellcheck disable=SC2086
	(cd / && "$T/series/usr/bin/lkst-series" ${c%=*}) >"$T/log" 2>&1
	grep -qF "${c#*=}" "$T/log" && ! grep -q "looking for" "$T/log"
	ok $? "lkst-series ${c%%[ =]*} finds what it runs"
done
make uninstall-series DESTDIR="$T/series" PREFIX=/usr >"$T/log" 2>&1
[ -z "$(find "$T/series" -type f -o -type l)" ]
ok $? "make uninstall-series takes all of it away"

# README.md says where all of it comes to.
make install DESTDIR="$T/all" INSTALL_KLASY=no >"$T/log" 2>&1
ok $? "make install"
sed -n '/^| install commands/s/[`|]/\n/gp' README.md | grep '^/usr' >"$T/named"
while read -r d; do
	[ -n "$(ls "$T/all$d" 2>/dev/null)" ] || echo "there is nothing in $d"
done <"$T/named" >"$T/log"
[ ! -s "$T/log" ] && [ "$(wc -l <"$T/named")" = 5 ] && [ -x "$T/all$(grep /sbin "$T/named")/lkstlogd" ]
ok $? "... to where README.md says: $(tr '\n' ' ' <"$T/named")"

# A PATH that has what make needs, and no musl-gcc.
mkdir "$T/bin"
for c in make sh mkdir sort tr cat sed awk grep dirname uname; do
	ln -s "$(command -v $c)" "$T/bin/$c"
done
refused "'make' without musl-gcc names the packages" "ci/deps build.*apt-get install .*musl-tools" \
	env PATH="$T/bin" make user B="$T/build"
printf '#!/bin/sh\nexit 1\n' >"$T/bin/gcc"
chmod +x "$T/bin/gcc"
refused "'make klasy' without its libraries names the packages" "ci/deps klasy.*INSTALL_KLASY=no" \
	env PATH="$T/bin" make klasy B="$T/build"

# ---- what is asked for, and not another ----
while read -r smp how; do
	# shellcheck disable=SC2086
	make -n rpm-kernel TREE=2.6.9 $how >"$log" 2>&1
	[ "$(grep -c -- "--tree '2.6.9'" "$log") $(grep -c -- ' --smp ' "$log")" = "1 $smp" ]
	ok $? "make rpm-kernel ${how:-without SMP}"
done <<'END'
0
0 SMP=no
1 SMP=yes
END
mkdir "$T/demo"
: >"$T/demo/kept"
ci/demo 6.1 "$T/demo" >"$log" 2>&1
[ $? = 2 ] && [ -e "$T/demo/kept" ] && grep -q 'no demo made it' "$log"
ok $? 'nor does it take the place of what no demo made'
: >"$T/demo/.lkst-demo"
ci/demo no.such "$T/demo" >"$log" 2>&1
[ $? = 2 ] && [ -e "$T/demo/kept" ] && grep -q 'no kernel is called no.such' "$log"
ok $? 'make demo with a kernel that is not known leaves the last one as it is'
done_testing
